import { timers } from '@gati-framework/manifest-store/backend';
import type { EncodedCommit } from '@gati-framework/storage-kit';
import type { CommittedGroup } from '../commit/commit-answer.js';
import type { Connections } from '../connections/connections.js';
import type { PostgresQuery } from '../connections/postgres-pool.js';
import { inTransaction } from '../connections/transaction.js';
import type { DatabaseTroubleLog } from '../database-trouble-log.js';
import type { Statements } from '../sql/statements.js';
import { messageOf } from '../translate-error.js';
import { SharedRuns } from './shared-runs.js';

/** Most changes that one statement deletes, unless a commit alone has more: some 20 ms of work. */
const STEP = 5_000;
/** Between two of them, in milliseconds: others use the disk, too. */
const PAUSE = 10;

/** Keeps the log at about `limit` changes, beside the commits and never in their way. */
export class HistoryTrimmer {
  readonly #connections: Connections;
  readonly #statements: Statements;
  readonly #limit: number;
  /** So many changes may gather beyond the limit. */
  readonly #step: number;
  readonly #log: DatabaseTroubleLog;
  #untrimmed = 0;
  #isStopped = false;
  readonly #trims = new SharedRuns(() => this.#trim());

  constructor(connections: Connections, statements: Statements, limit: number, log: DatabaseTroubleLog) {
    this.#connections = connections;
    this.#statements = statements;
    this.#limit = limit;
    this.#step = Math.max(1, Math.floor(limit / 10));
    this.#log = log;
  }

  /** Of many processes that commit a little each, the one whose commit crosses a step of revisions trims for all. */
  noteCommit({ base, last }: CommittedGroup, commits: readonly EncodedCommit[]): void {
    for (const { changes } of commits) this.#untrimmed += changes.length;
    const crosses = Math.floor(base / this.#step) !== Math.floor(last / this.#step);
    if (!crosses && this.#untrimmed < this.#step) return;
    this.#untrimmed = 0;
    void this.#trims.run();
  }

  /** What is under way may be cut short. */
  stop(): void {
    this.#isStopped = true;
  }

  async #trim(): Promise<void> {
    if (this.#isStopped) return;
    try {
      const oldestKept = await this.#number(this.#statements.oldestKept([this.#limit]));
      if (oldestKept === undefined) return;
      // Whole commits, oldest first, so that what is still there is whole, whenever this is cut short.
      while (!this.#isStopped && (await this.#number(this.#statements.trim([oldestKept, STEP])))) {
        await timers.sleep(PAUSE);
      }
    } catch (error) {
      if (this.#isStopped) return;
      this.#log.warn(`the log could not be shortened, and will be later: ${messageOf(error)}`);
    }
  }

  /** What the statement yields, if it yields anything. */
  #number(query: PostgresQuery): Promise<number | undefined> {
    return this.#connections.use((client) =>
      inTransaction(client, async () => (await client.query(query)).rows[0]?.[0]),
    );
  }
}
