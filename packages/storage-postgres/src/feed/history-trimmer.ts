import type { StorageMessage, StorageTrimMessage } from '@gati-framework/manifest-store';
import { channels, type Retention, timers } from '@gati-framework/manifest-store/backend';
import { DEFAULT_RETENTION, SharedRuns } from '@gati-framework/storage-kit';
import type { CommittedGroup } from '../commit/commit-answer.js';
import type { Connections } from '../connections/connections.js';
import type { PostgresQuery } from '../connections/postgres-pool.js';
import { inTransaction } from '../connections/transaction.js';
import type { DatabaseTroubleLog } from '../database-trouble-log.js';
import { messageOf } from '../errors/postgres-error.js';
import type { Statements } from '../sql/statements.js';

/** Most changes that one statement deletes, unless a commit alone has more: some 20 ms of work. */
const STEP = 5_000;
/** Between two of them, in milliseconds: others use the disk, too. */
const PAUSE = 10;

/** Keeps of the log what is to be kept and little more, beside the commits and never in their way. */
export class HistoryTrimmer {
  readonly #connections: Connections;
  readonly #statements: Statements;
  readonly #log: DatabaseTroubleLog;
  readonly #store: Pick<StorageMessage, 'backend' | 'store'>;
  #untrimmed = 0;
  #isStopped = false;
  readonly #trims = new SharedRuns(() => this.#trim());

  /** As the store was found. Others may have changed it since, so each trimming asks what is to be kept. */
  retention: Retention = DEFAULT_RETENTION;

  /** @param store As messages name it. */
  constructor(
    connections: Connections,
    statements: Statements,
    log: DatabaseTroubleLog,
    store: Pick<StorageMessage, 'backend' | 'store'>,
  ) {
    this.#connections = connections;
    this.#statements = statements;
    this.#log = log;
    this.#store = store;
  }

  /** Of many processes that commit a little each, the one whose commit crosses a step of revisions trims for all. */
  noteCommit({ base, last }: CommittedGroup, changeCount: number): void {
    this.#untrimmed += changeCount;
    // So many changes may gather beyond those that are kept.
    const step = Math.max(1, Math.floor(this.retention.changes / 10));
    const crosses = Math.floor(base / step) !== Math.floor(last / step);
    if (!crosses && this.#untrimmed < step) return;
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
      const now = timers.wallClock();
      const oldestKept = await this.#number(this.#statements.oldestKept([now, DEFAULT_RETENTION.changes]));
      if (oldestKept === undefined) return;
      if (channels.trim.hasSubscribers) await this.#trimTold(oldestKept);
      else await this.#trimTo(oldestKept);
    } catch (error) {
      if (this.#isStopped) return;
      this.#log.warn(`the log could not be shortened, and will be later: ${messageOf(error)}`);
    }
  }

  #trimTold(oldestKept: number): Promise<void> {
    const message: StorageTrimMessage = { ...this.#store };
    return channels.trim.trace(message, async () => {
      message.changes = await this.#trimTo(oldestKept);
    });
  }

  /** @returns How many changes went. */
  async #trimTo(oldestKept: number): Promise<number> {
    // Whole commits, oldest first, so that what is still there is whole, whenever this is cut short.
    const changes = await this.#repeat(() => this.#statements.trim([oldestKept, STEP]));
    // Most of it went with the log, but for what one change has deleted together.
    await this.#repeat(() => this.#statements.forget([STEP]));
    return changes;
  }

  /** Until it finds nothing to delete. Resolves with how much that was. */
  async #repeat(query: () => PostgresQuery): Promise<number> {
    let sum = 0;
    while (!this.#isStopped) {
      const deleted = await this.#number(query());
      if (!deleted) break;
      sum += deleted;
      await timers.sleep(PAUSE);
    }
    return sum;
  }

  /** What the statement yields, if it yields anything. */
  #number(query: PostgresQuery): Promise<number | undefined> {
    return this.#connections.use((client) =>
      inTransaction(client, async () => (await client.query(query)).rows[0]?.[0]),
    );
  }
}
