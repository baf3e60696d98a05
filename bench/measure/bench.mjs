import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../test/support/postgres-server.mjs';
import { contest } from './contest.mjs';

/** What rows are measured with: a folder, a server, and how thoroughly. */
export class Bench {
  #server;

  /** A folder that goes with it. */
  folder = mkdtempSync(join(tmpdir(), 'gati-bench-'));

  /** @param {{ full?: boolean, brief?: boolean }} options `full`: every size. `brief`: few rounds, ours and the floor alone. */
  constructor({ full = false, brief = false } = {}) {
    this.full = full;
    this.brief = brief;
  }

  /** @returns {Promise<string>} The URL of a PostgreSQL server of its own. */
  async postgres() {
    this.#server ??= startPostgres({ settings: { shared_buffers: '256MB' } });
    return (await this.#server).url;
  }

  /** As in contest.mjs. */
  contest(options) {
    if (!this.brief) return contest(options);
    const contestants = options.contestants.filter(({ role }) => role !== 'peer');
    return contest({ ...options, rounds: Math.min(options.rounds, 5), contestants });
  }

  async close() {
    await (await this.#server)?.destroy();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
