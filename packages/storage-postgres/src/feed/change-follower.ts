import type { Revision } from '@gati-framework/manifest-store';
import { type Timer, timers } from '@gati-framework/manifest-store/backend';
import type { DriverListener, StoreState } from '@gati-framework/storage-kit';
import type { CommittedGroup } from '../commit/commit-answer.js';
import type { Connections, DedicatedConnection } from '../connections/connections.js';
import type { PostgresQuery } from '../connections/postgres-pool.js';
import { retryDelay } from '../connections/retry.js';
import { headOf, type Row, toStoreState } from '../sql/rows.js';
import type { Statements } from '../sql/statements.js';
import type { Warnings } from '../warnings.js';
import { answered } from './answered.js';
import { type Cursor, isSameHistory } from './cursor.js';
import { countsAfter, type Head, readHead, readKeys } from './feed-rows.js';
import { SharedRuns } from './shared-runs.js';
import { Turns } from './turns.js';

export interface ChangeFollowerOptions {
  readonly listen: boolean;
  readonly pollInterval: number;
}

/** More changes than these are not told one by one. */
const MAX_CHANGES = 2_000;
/** Within this time a poll is answered, or the connection is taken for dead, in milliseconds. */
const POLL_TIMEOUT = 2_000;

/**
 * Follows what others commit: listens for notifications, reads from the log
 * which records changed, and asks at intervals for what a notification may
 * have missed. What is known is fresh as long as the last answer is recent.
 */
export class ChangeFollower {
  readonly #connections: Connections;
  readonly #statements: Statements;
  readonly #options: ChangeFollowerOptions;
  readonly #warnings: Warnings;
  #listener: DriverListener | undefined;
  #cursor: Cursor = { epoch: '', revision: 0, operation: null };
  /** The store at the cursor. */
  #state: StoreState = toStoreState(0, null);
  /** The newest revision that any answer has shown. */
  #seen: Revision = 0;
  /** A standby has answered with less than the listener knows. */
  #isBehind = false;
  #connection: DedicatedConnection | undefined;
  /** On that connection. */
  #turns = new Turns();
  #freshUntil = Number.NEGATIVE_INFINITY;
  #timer: Timer | undefined;
  #heardRevision: Revision = 0;
  /** Since the last answer. */
  #failures = 0;
  #isStopped = false;
  readonly #askings = new SharedRuns(() => this.#catchUpOnce());

  constructor(
    connections: Connections,
    statements: Statements,
    options: ChangeFollowerOptions,
    warnings: Warnings,
  ) {
    this.#connections = connections;
    this.#statements = statements;
    this.#options = options;
    this.#warnings = warnings;
    connections.onReset = () => this.#lose(new Error('another server is looked for'));
  }

  /** Everything up to here has been told to the listener. */
  get cursor(): Cursor {
    return this.#cursor;
  }

  /** Nothing older than this is to be shown any more. */
  get seen(): Revision {
    return Math.max(this.#seen, this.#cursor.revision);
  }

  /** Whether the listener has heard of everything, but for the last moments, and of everything that was shown. */
  get isFresh(): boolean {
    return this.#seen <= this.#cursor.revision && timers.now() < this.#freshUntil;
  }

  /** Connects and learns where the store is; from then on `listener` is told what changes. */
  async start(listener: DriverListener): Promise<StoreState> {
    try {
      const begun = timers.now();
      const rows = await answered(this.#connect().then(() => this.#ask(0, 1)));
      const { state, cursor } = readHead(headOf(rows));
      this.#cursor = cursor;
      this.#state = state;
      this.#listener = listener;
      this.#confirm(begun);
      if (this.#heardRevision > cursor.revision) void this.#catchUp();
      return state;
    } catch (error) {
      this.#disconnect();
      throw error;
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#disconnect();
  }

  /** Runs a statement on the connection that listens, where there is one. */
  async send(query: PostgresQuery): Promise<Row[]> {
    const limited = this.#limited(query);
    if (this.#connection === undefined) {
      return this.#connections.use(async (client) => (await client.query(limited)).rows);
    }
    const { client } = this.#connection;
    return (await this.#turns.take(() => client.query(limited))).rows;
  }

  /**
   * Takes note of a commit of this process. Resolves when everything before it is known as well: nobody is to read
   * its own write beside what is older.
   */
  async noteOwn(committed: CommittedGroup): Promise<StoreState> {
    const { epoch, base, before, last, groupId, added } = committed;
    if (base === last) {
      // It changed nothing, and its outcomes tell what others had done.
      await this.reach(last);
      return this.#state;
    }
    const state = { revision: last, counts: countsAfter(this.#state, committed) };
    const { revision: known, operation: lastKnown, epoch: knownEpoch } = this.#cursor;
    if (known === base && lastKnown === before && knownEpoch === epoch && added !== undefined) {
      this.#cursor = { epoch, revision: last, operation: groupId };
      this.#state = state;
      return state;
    }
    await this.reach(last);
    // Interrupted, the feed knows less than this process.
    return this.#state.revision >= last ? this.#state : state;
  }

  /**
   * An answer shows this revision. Resolves when the listener has heard of it, or cannot for now; until it
   * has, nothing that it knows is fresh.
   */
  async reach(revision: Revision): Promise<void> {
    this.#seen = Math.max(this.#seen, revision);
    if (revision > this.#cursor.revision && this.#failures === 0) await this.catchUp();
  }

  /** A standby lacks what the listener knows: it is told when the standby has it, though nothing changes then. */
  awaitStandby(): void {
    this.#isBehind = true;
  }

  /** Resolves when the listener has heard of what was committed before the call, or the feed is found to be interrupted. */
  catchUp(): Promise<void> {
    return answered(this.#catchUp());
  }

  #catchUp(): Promise<void> {
    return this.#askings.run();
  }

  async #catchUpOnce(): Promise<void> {
    if (this.#isStopped) return;
    try {
      if (this.#connections.isEnding) throw new Error('the pool was ended');
      if (this.#options.listen && this.#connection === undefined) await this.#connect();
      const begun = timers.now();
      const known = this.#cursor;
      const seen = this.#seen;
      const rows = await this.#ask(known.revision, MAX_CHANGES + 1);
      if (this.#isStopped) return;
      this.#tell(known, seen, rows);
      this.#confirm(begun);
    } catch (error) {
      this.#lose(error);
    }
  }

  /**
   * @param known Where the listener was when the rows were asked for.
   * @param seen What had been shown then.
   */
  #tell(known: Cursor, seen: Revision, rows: readonly Row[]): void {
    const head = readHead(headOf(rows));
    const { state, cursor, operationAtKnown, isStandby } = head;
    if (!isSameHistory(known, { ...cursor, operationAtKnown, isStandby })) {
      this.#replace(head);
      return;
    }
    // A primary is never behind: whoever saw more than it has saw what is no more.
    if (!isStandby && this.#seen === seen) this.#seen = cursor.revision;
    if (cursor.revision > this.#cursor.revision) {
      this.#cursor = cursor;
      this.#state = state;
      const keys = operationAtKnown === null && known.revision > 0 ? 'all' : readKeys(rows, MAX_CHANGES);
      this.#listener?.changed(state, keys);
    } else if (cursor.revision === this.#cursor.revision && this.#isBehind) {
      // Those who could not read on because the standby was behind can now.
      this.#listener?.changed(this.#state, []);
    }
    this.#isBehind = cursor.revision < this.#cursor.revision;
  }

  #replace({ state, cursor }: Head): void {
    this.#warnings.warn(`the store was restored or replaced; it is at revision ${state.revision} now`);
    this.#cursor = cursor;
    this.#state = state;
    this.#seen = cursor.revision;
    this.#isBehind = false;
    this.#listener?.replaced(state);
  }

  async #connect(): Promise<void> {
    if (!this.#options.listen) return;
    const connection = await this.#connections.dedicated();
    if (connection === undefined) return;
    if (this.#isStopped) {
      connection.destroy();
      return;
    }
    this.#connection = connection;
    this.#turns = new Turns();
    const { client } = connection;
    client.on('notification', ({ payload }: { payload?: string }) => this.#hear(Number(payload)));
    client.on('error', (error: Error) => {
      if (this.#connection === connection) this.#lose(error);
    });
    await this.send(this.#statements.listen());
  }

  /** Somebody has committed this revision; this process tells of its own when it knows them. */
  #hear(revision: Revision): void {
    if (revision <= this.#cursor.revision) return;
    this.#heardRevision = revision;
    if (this.#listener === undefined) return; // start() looks
    void this.#catchUp();
  }

  #ask(known: Revision, limit: number): Promise<Row[]> {
    return this.send(this.#statements.catchUp([known, limit]));
  }

  #limited(query: PostgresQuery): PostgresQuery {
    return { ...query, query_timeout: POLL_TIMEOUT };
  }

  #confirm(begun: number): void {
    this.#failures = 0;
    this.#freshUntil = begun + 2 * this.#options.pollInterval;
    this.#schedule(this.#options.pollInterval);
  }

  #lose(error: unknown): void {
    if (this.#isStopped || this.#listener === undefined) return;
    this.#disconnect();
    this.#failures += 1;
    this.#warnings.warn(
      `the change feed is interrupted, reads go to the database until it is back: ${(error as Error).message}`,
    );
    if (!this.#connections.isEnding) this.#schedule(retryDelay(this.#failures));
  }

  #disconnect(): void {
    timers.clearTimeout(this.#timer);
    this.#freshUntil = Number.NEGATIVE_INFINITY;
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.destroy();
  }

  #schedule(delay: number): void {
    timers.clearTimeout(this.#timer);
    this.#timer = timers.setTimeout(() => void this.#catchUp(), delay);
    this.#timer.unref?.();
  }
}
