import type {
  FeedFigures,
  Revision,
  StorageFeedMessage,
  StorageMessage,
} from '@gati-framework/manifest-store';
import { channels, type Timer, timers } from '@gati-framework/manifest-store/backend';
import { type DriverListener, SharedRuns, type StoreState } from '@gati-framework/storage-kit';
import type { CommittedGroup } from '../commit/commit-answer.js';
import type { Connections } from '../connections/connections.js';
import type { PostgresQuery } from '../connections/postgres-pool.js';
import { retryDelay } from '../connections/retry.js';
import type { DatabaseTroubleLog } from '../database-trouble-log.js';
import { messageOf } from '../errors/postgres-error.js';
import type { Row } from '../sql/row-values.js';
import type { Statements } from '../sql/statements.js';
import { answered } from './answered.js';
import type { Cursor } from './cursor.js';
import { FeedConnection } from './feed-connection.js';
import { advance, afterOwnCommit, START, startAt, stateAfter, type Told, withSeen } from './feed-position.js';
import { type FeedAnswer, readFeedAnswer } from './feed-rows.js';

export interface ChangeFollowerOptions {
  readonly listen: boolean;
  readonly pollInterval: number;
  /** As messages name it. */
  readonly store: Pick<StorageMessage, 'backend' | 'store'>;
}

/** More changes than these are not told one by one. */
const MAX_CHANGES = 2_000;

/**
 * `starting`: nobody is told yet. `following`: the last question was answered, and the next is asked after a
 * `pollInterval`. `interrupted`: it was not, `failures` times; it is asked again soon. `stopped`: for good.
 */
type Phase =
  | { readonly name: 'starting' /** The newest revision of a notification. */; readonly notified: Revision }
  | { readonly name: 'following' /** By the clock of the timers. */; readonly freshUntil: number }
  | { readonly name: 'interrupted'; readonly failures: number }
  | { readonly name: 'stopped' };

/**
 * Follows what others commit: listens for notifications, reads from the log
 * which records changed, and asks at intervals for what a notification may
 * have missed. Where it is, and what that means, is said at {@link advance}; this class does the asking and the telling.
 */
export class ChangeFollower {
  readonly #connections: Connections;
  readonly #connection: FeedConnection;
  readonly #statements: Statements;
  readonly #pollInterval: number;
  readonly #store: ChangeFollowerOptions['store'];
  readonly #log: DatabaseTroubleLog;
  #listener: DriverListener | undefined;
  #phase: Phase = { name: 'starting', notified: 0 };
  #position = START;
  /** When the last question was asked that was answered, by the clock of the timers. */
  #askedAt: number | undefined;
  #timer: Timer | undefined;
  readonly #catchUps = new SharedRuns(() => this.#catchUpOnce());

  constructor(
    connections: Connections,
    statements: Statements,
    { listen, pollInterval, store }: ChangeFollowerOptions,
    log: DatabaseTroubleLog,
  ) {
    this.#connections = connections;
    this.#statements = statements;
    this.#pollInterval = pollInterval;
    this.#store = store;
    this.#log = log;
    this.#connection = new FeedConnection(connections, listen ? statements.listen() : undefined, {
      notified: (revision) => this.#onNotification(revision),
      lost: (error) => this.#interrupt(error),
    });
    connections.onReset = () => this.#interrupt(new Error('another server is looked for'));
  }

  /** Everything up to here has been told to the listener. */
  get cursor(): Cursor {
    return this.#position.cursor;
  }

  /** Nothing older than this is to be shown any more. */
  get seen(): Revision {
    return Math.max(this.#position.seen, this.#position.cursor.revision);
  }

  /** Whether the listener has heard of everything, but for the last moments, and of everything that was shown. */
  get isFresh(): boolean {
    const { seen, cursor } = this.#position;
    return (
      seen <= cursor.revision && this.#phase.name === 'following' && timers.now() < this.#phase.freshUntil
    );
  }

  /** How it does: everything that was committed before the last question that was answered has been told. */
  get figures(): FeedFigures {
    const { name } = this.#phase;
    const state = name === 'starting' ? 'stopped' : name;
    return { state, lag: this.#askedAt === undefined ? 0 : timers.now() - this.#askedAt };
  }

  /** Connects and learns where the store is; from then on `listener` is told what changes. */
  async start(listener: DriverListener): Promise<StoreState> {
    try {
      const begun = timers.now();
      const answer = await answered(this.#connection.open().then(() => this.#ask(0, 0)));
      this.#position = startAt(this.#position, answer);
      this.#listener = listener;
      const isBehind = this.#phase.name === 'starting' && this.#phase.notified > answer.cursor.revision;
      this.#follow(begun);
      if (isBehind) void this.#catchUps.run();
      return answer.state;
    } catch (error) {
      this.#connection.drop();
      throw error;
    }
  }

  stop(): void {
    this.#phase = { name: 'stopped' };
    timers.clearTimeout(this.#timer);
    this.#connection.close();
  }

  /** Runs a statement on the connection that listens, where there is one. */
  send(query: PostgresQuery): Promise<Row[]> {
    return this.#connection.send(query);
  }

  /**
   * Takes note of a commit of this process. Resolves when everything before it is known as well: nobody is to read
   * its own write beside what is older.
   */
  async noteOwnCommit(committed: CommittedGroup): Promise<StoreState> {
    const { base, last } = committed;
    if (base === last) {
      // It changed nothing, and its outcomes tell what others had done.
      await this.catchUpTo(last);
      return this.#position.state;
    }
    const next = afterOwnCommit(this.#position, committed);
    if (next !== undefined) {
      this.#position = next;
      return next.state;
    }
    const state = stateAfter(this.#position, committed);
    await this.catchUpTo(last);
    // Interrupted, the feed knows less than this process.
    return this.#position.state.revision >= last ? this.#position.state : state;
  }

  /**
   * An answer shows this revision. Resolves when the listener has heard of it, or cannot for now; until it
   * has, nothing that it knows is fresh.
   */
  async catchUpTo(revision: Revision): Promise<void> {
    this.#position = withSeen(this.#position, revision);
    const isBehind = revision > this.#position.cursor.revision;
    if (isBehind && this.#phase.name !== 'interrupted') await this.catchUp();
  }

  /** A standby lacks what the listener knows: it is told when the standby has it, though nothing changes then. */
  awaitStandby(): void {
    this.#position = { ...this.#position, isStandbyBehind: true };
  }

  /** Resolves when the listener has heard of what was committed before the call, or the feed is found to be interrupted. */
  catchUp(): Promise<void> {
    return answered(this.#catchUps.run());
  }

  async #catchUpOnce(): Promise<void> {
    if (this.#phase.name === 'stopped') return;
    try {
      if (channels.feed.hasSubscribers) await this.#askTold();
      else await this.#askForNews();
    } catch (error) {
      this.#interrupt(error);
    }
  }

  #askTold(): Promise<void> {
    const message: StorageFeedMessage = { ...this.#store, operation: 'ask' };
    return channels.feed.trace(message, async () => {
      await this.#askForNews();
      message.revision = this.#position.cursor.revision;
    });
  }

  async #askForNews(): Promise<void> {
    if (this.#connections.isEnding) throw new Error('the pool was ended');
    await this.#connection.open();
    const begun = timers.now();
    const asked = this.#position;
    const answer = await this.#ask(asked.cursor.revision, MAX_CHANGES);
    if (this.#isStopped) return;
    const { position, told } = advance(this.#position, asked, answer);
    this.#position = position;
    this.#tell(told);
    this.#follow(begun);
  }

  #tell(told: Told): void {
    if (told === undefined) return;
    if (told.event === 'changed') {
      this.#listener?.changed(told.state, told.records);
      return;
    }
    this.#log.warn(`the store was restored or replaced; it is at revision ${told.state.revision} now`);
    this.#listener?.replaced(told.state);
  }

  /** Whoever commits here is told of before its notification comes back. */
  #onNotification(revision: Revision): void {
    if (revision <= this.#position.cursor.revision) return;
    if (this.#phase.name === 'starting') this.#phase = { name: 'starting', notified: revision };
    else void this.#catchUps.run();
  }

  async #ask(after: Revision, limit: number): Promise<FeedAnswer> {
    return readFeedAnswer(await this.send(this.#statements.catchUp([after, limit + 1])), limit);
  }

  get #isStopped(): boolean {
    return this.#phase.name === 'stopped';
  }

  #follow(begun: number): void {
    this.#askedAt = begun;
    this.#phase = { name: 'following', freshUntil: begun + 2 * this.#pollInterval };
    this.#schedule(this.#pollInterval);
  }

  #interrupt(error: unknown): void {
    if (this.#isStopped || this.#phase.name === 'starting') return;
    this.#connection.drop();
    timers.clearTimeout(this.#timer);
    const failures = this.#phase.name === 'interrupted' ? this.#phase.failures + 1 : 1;
    this.#phase = { name: 'interrupted', failures };
    this.#listener?.failed?.(this.#connections.translate(error));
    this.#log.warn(
      `the change feed is interrupted, reads go to the database until it is back: ${messageOf(error)}`,
    );
    if (!this.#connections.isEnding) this.#schedule(retryDelay(failures));
  }

  #schedule(delay: number): void {
    timers.clearTimeout(this.#timer);
    this.#timer = timers.setTimeout(() => void this.#catchUps.run(), delay);
    this.#timer.unref?.();
  }
}
