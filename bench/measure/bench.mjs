import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../test/support/postgres-server.mjs';
import { contest, contestOf } from './contest.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM'];
/** At least. */
const BRIEF_ROUNDS = 5;

/** What rows are measured with: a folder, a server, and how thoroughly. */
export class Bench {
  #server;

  /** A folder that goes with it. */
  folder = mkdtempSync(join(tmpdir(), 'gati-bench-'));

  /** @param {{ full?: boolean, brief?: boolean }} options `full`: every size. `brief`: few rounds, and no peers where there is a floor. */
  constructor({ full = false, brief = false } = {}) {
    this.full = full;
    this.brief = brief;
    for (const signal of SIGNALS) process.once(signal, this.#interrupt);
  }

  /** A server and its folder must not outlive a run that was broken off. */
  #interrupt = async () => {
    // Whatever was under way fails without its server.
    process.on('uncaughtException', () => {});
    try {
      await this.close();
    } finally {
      process.exit(1);
    }
  };

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
    const withoutPeers = options.contestants.filter(({ role }) => role !== 'peer');
    const contestants = withoutPeers.length > 1 ? withoutPeers : options.contestants;
    // Short rounds are cheap, and it takes many until everything is compiled.
    const { rounds, collect } = options;
    const fewer = collect === false ? rounds : Math.max(BRIEF_ROUNDS, Math.ceil(rounds / 2));
    return { ...options, rounds: fewer, contestants };
  }

  async close() {
    for (const signal of SIGNALS) process.off(signal, this.#interrupt);
    await (await this.#server)?.destroy();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
