import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../test/support/postgres-server.mjs';
import { contest, contestOf } from './contest.mjs';

const BRIEF_ROUNDS = 5;

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
    return contest(this.#shortened(options));
  }

  /** As in contest.mjs. */
  contestOf(options) {
    return contestOf(this.#shortened(options));
  }

  #shortened(options) {
    if (!this.brief) return options;
    const contestants = options.contestants.filter(({ role }) => role !== 'peer');
    return { ...options, rounds: Math.min(options.rounds, BRIEF_ROUNDS), contestants };
  }

  async close() {
    await (await this.#server)?.destroy();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
