import { closed, type GivenRetention } from '@gati-framework/manifest-store/backend';
import type { DriverListener, MaybePromise } from '@gati-framework/storage-kit';
import { guardAsync } from '../as-storage-error.js';
import { tellOf } from '../feed/follow-others.js';
import { isPartOfHistory } from '../feed/read-history.js';
import type { StoreHead } from '../sql/store-head.js';
import { type CommitKeeper, keeperOf, type SqliteHost } from '../sqlite-host.js';
import { type Connection, connect } from './connection.js';
import { retryWhileLocked } from './retry.js';

const NOTHING_GIVEN: GivenRetention = Object.freeze({ changes: undefined, age: undefined });

/** The one connection of a storage: opened, lent, and opened anew when it is not to be relied on any more. */
export class Connections {
  readonly #host: SqliteHost;
  readonly #keeper: CommitKeeper;
  readonly #lockTimeout: number;
  readonly #steps: readonly string[];
  #listener: DriverListener | undefined;
  #current: Connection | undefined;
  /** What the listener knows, while there is no connection. */
  #known: StoreHead | undefined;
  /** While the connection is not to be used: its transaction waits for commits to be safe, or it is opened anew. */
  #settling: Promise<void> | undefined;

  /**
   * @param lockTimeout How long an opening waits for another one, in milliseconds.
   * @param steps Of the schema.
   */
  constructor(host: SqliteHost, lockTimeout: number, steps: readonly string[]) {
    this.#host = host;
    this.#keeper = keeperOf(host);
    this.#lockTimeout = lockTimeout;
    this.#steps = steps;
  }

  /** @param retention What the store is told to keep from here on. */
  async open(listener: DriverListener, retention: GivenRetention): Promise<Connection> {
    this.#current = await this.#connect(retention);
    this.#listener = listener;
    return this.#current;
  }

  async close(): Promise<void> {
    this.#listener = undefined;
    while (this.#settling !== undefined) await this.#settling;
    if (this.#current === undefined) return;
    const { database } = this.#current;
    this.#current = undefined;
    await guardAsync(this.#host, () => this.#host.close(database));
  }

  get isConnected(): boolean {
    return this.#current !== undefined;
  }

  get current(): Connection {
    if (this.#current === undefined) throw closed();
    return this.#current;
  }

  /** The connection, while its transaction changes the store. */
  get changing(): Connection | undefined {
    return this.#current?.isBeingChanged === true ? this.#current : undefined;
  }

  get listener(): DriverListener {
    if (this.#listener === undefined) throw closed();
    return this.#listener;
  }

  /** What to wait for before the connection may be used, if anything; after it, ask again. */
  unsettled(): Promise<void> | undefined {
    if (this.#settling !== undefined) return this.#settling;
    const isLost = this.#current === undefined && this.#listener !== undefined;
    return isLost ? this.#reopenAlone() : undefined;
  }

  /** Runs work as soon as the connection may be used, in the very turn in which that is found. */
  async whenSettled<T>(work: () => T): Promise<Awaited<T>> {
    for (let wait = this.unsettled(); wait !== undefined; wait = this.unsettled()) await wait;
    return await work();
  }

  /** As {@link unsettled}, for what may not happen while what is kept is put in order. */
  unready(): MaybePromise<void> {
    return this.unsettled() ?? this.#keeper.whenReady();
  }

  /** From here on nobody else may use the connection, until what is returned is called. Not while somebody has it. */
  hold(): () => void {
    let release = () => {};
    this.#settling = new Promise((resolve) => {
      release = resolve;
    });
    return () => {
      this.#settling = undefined;
      release();
    };
  }

  /**
   * Puts a connection away that cannot be relied on, with all that it holds;
   * the next call opens the store anew. A store that is nowhere but in its
   * connection stays: its next call meets the error again.
   */
  async drop(): Promise<void> {
    const connection = this.#current;
    if (connection === undefined || !this.#host.capabilities.persistent) return;
    this.#current = undefined;
    this.#known = connection.head;
    try {
      await this.#keeper.discard(connection.database);
    } catch {
      // It may be too broken to be closed; nothing goes to it any more.
    }
  }

  /** Opens what is kept after {@link drop}, and tells the listener what it lacked. Where nothing could be dropped, there is nothing to do. */
  async reopen(): Promise<void> {
    if (this.#current !== undefined) return;
    const { listener } = this;
    const connection = await this.#connect(NOTHING_GIVEN);
    try {
      await guardAsync(this.#host, () => {
        const known = this.#known ?? connection.head;
        connection.transactions.read(() => tellOf(connection, known, listener, this.#host.location));
      });
    } catch (error) {
      await this.#host.close(connection.database);
      throw error;
    }
    this.#current = connection;
  }

  /** Whether the store, as it is kept, has come to this head. */
  holds(head: StoreHead): boolean {
    return this.#current !== undefined && isPartOfHistory(this.#current.statements, head);
  }

  async #reopenAlone(): Promise<void> {
    const letGo = this.hold();
    try {
      await guardAsync(this.#host, () => this.reopen());
    } finally {
      letGo();
    }
  }

  #connect(retention: GivenRetention): Promise<Connection> {
    return retryWhileLocked(this.#lockTimeout, () => connect(this.#host, this.#steps, retention));
  }
}
