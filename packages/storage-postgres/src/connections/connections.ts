import type { ConnectionFigures, StorageError, StorageWaits } from '@gati-framework/manifest-store';
import { closed, timers } from '@gati-framework/manifest-store/backend';
import type { DatabaseTroubleLog } from '../database-trouble-log.js';
import { isDefinite, isForgotten, isOfSession, isReadOnlyServer } from '../errors/conditions.js';
import { translateError } from '../errors/translate-error.js';
import type { ResolvedOptions } from '../options/options.js';
import { connectionFigures } from './connection-figures.js';
import { GivenPool, isInTransaction } from './given-pool.js';
import { giveBack } from './lend.js';
import { onPoolError } from './pool-errors.js';
import { PoolShare } from './pool-share.js';
import type { PostgresClient, PostgresPool, PostgresQuery, PostgresResult } from './postgres-pool.js';
import { type RetryOptions, retry } from './retry.js';
import { ServerPool } from './server-pool.js';

/** A connection of its own, such as the one that listens. */
export interface DedicatedConnection {
  readonly client: Pick<PostgresClient, 'query' | 'on' | 'removeListener'>;
  /** At once, whatever the server is doing. */
  destroy(): void;
}

/** Connections of callers' pools on which a storage has prepared statements. */
const prepared = new WeakSet<PostgresClient>();
/** So many connections of a given pool may refuse the same work for what was set on them. */
const MAX_REFUSALS = 3;

/** Every connection of a storage: borrowed, watched over, and given back. */
export class Connections {
  readonly place: string;
  /** What is taken for long of the pool that lends. */
  readonly share: PoolShare;
  /** How long to wait for one's turn, in milliseconds. */
  readonly retryTimeout: number;
  readonly #given: PostgresPool | undefined;
  readonly #lender: { connect(): Promise<PostgresClient> };
  readonly #own: ServerPool | undefined;
  readonly #retry: RetryOptions;
  #stopListening: () => void = ignore;
  readonly #log: DatabaseTroubleLog;
  readonly #statementTimeout: number;
  #isClosed = false;
  #hasToldOfPolling = false;

  constructor(options: ResolvedOptions, log: DatabaseTroubleLog) {
    this.#log = log;
    this.#statementTimeout = options.statementTimeout;
    this.retryTimeout = options.retryTimeout;
    const onIdleError = (error: Error): void => log.warn(`an idle connection was lost: ${error.message}`);
    this.#given = options.pool;
    if (options.pool === undefined) {
      this.#own = new ServerPool(options, onIdleError, () => this.onReset());
      this.#lender = this.#own;
      this.share = new PoolShare(options.poolSize);
    } else {
      this.#stopListening = onPoolError(options.pool, onIdleError);
      this.#lender = new GivenPool(options.pool, options.connectTimeout);
      this.share = PoolShare.of(options.pool);
    }
    this.place = `schema ${JSON.stringify(options.schema)}`;
    this.#retry = { timeout: options.retryTimeout, assertWanted: () => this.#assertOpen() };
  }

  /** Called when connections made so far may lead to the wrong server. */
  onReset: () => void = ignore;

  /** Whether the caller has ended the pool that was given: what is held of it must be given back. */
  get isEnding(): boolean {
    return this.#given?.ending === true;
  }

  /** Nothing where it is not known. */
  get figures(): ConnectionFigures | undefined {
    return this.#given === undefined ? this.#own?.figures : connectionFigures(this.#given);
  }

  translate(error: unknown): StorageError {
    return translateError(error, this.place);
  }

  /**
   * Runs a statement that changes nothing, again if need be.
   *
   * @param assertUsable Throws what {@link retry} repeats for when the answer will not do.
   * @param waited Where to note how long it waited, if anybody asks.
   */
  async read(
    query: PostgresQuery,
    assertUsable: (result: PostgresResult) => void = ignore,
    waited?: StorageWaits,
  ): Promise<PostgresResult> {
    return this.retry(async (onUnderWay) => {
      const result = await this.use((client) => client.query(query), noting(onUnderWay, waited));
      assertUsable(result);
      return result;
    });
  }

  /** Repeats work that loses its connection, as `retry` does; throws only StorageErrors. */
  async retry<T>(
    work: (onUnderWay: () => void) => Promise<T>,
    isWorthRepeating?: (error: unknown) => boolean,
  ): Promise<T> {
    try {
      return await retry(this.#retry, work, isWorthRepeating);
    } catch (error) {
      throw this.translate(error);
    }
  }

  /** Lends a connection; `onLent` is called when there is one. Errors are the driver's. */
  use<T>(work: (client: PostgresClient) => Promise<T>, onLent: () => void = ignore): Promise<T> {
    return this.#unlessRefused((client) => {
      onLent();
      return this.#lend(client, work);
    });
  }

  /** Lends a connection after `begin`; the caller gives it back with {@link giveBack}. Errors are the driver's. */
  keep(begin: (client: PostgresClient) => Promise<void>): Promise<PostgresClient> {
    return this.#unlessRefused(async (client) => {
      try {
        await begin(client);
        return client;
      } catch (error) {
        giveBack(client, true); // what was begun may be under way
        throw error;
      }
    });
  }

  /** What somebody else has made of a session of a given pool is not the work's fault: it is done on another one. */
  async #unlessRefused<T>(work: (client: PostgresClient) => Promise<T>): Promise<T> {
    if (this.#given === undefined) return work(await this.#borrow());
    for (let refusals = 0; ; ) {
      const client = await this.#borrow();
      const begun = timers.now();
      const wasPrepared = prepared.has(client);
      prepared.add(client);
      try {
        return await work(client);
      } catch (error) {
        if (!isDefinite(error) || !isOfSession(error) || isReadOnlyServer(error)) throw error;
        if (wasPrepared && isForgotten(error)) continue;
        refusals += 1;
        const isOurLimit = timers.now() - begun > this.#statementTimeout / 2;
        if (refusals > MAX_REFUSALS || isOurLimit) throw error;
      }
    }
  }

  async #lend<T>(client: PostgresClient, work: (client: PostgresClient) => Promise<T>): Promise<T> {
    let isBroken = false;
    try {
      const result = await work(client);
      if (this.#given !== undefined && isInTransaction(client)) throw caughtInTransaction();
      return result;
    } catch (error) {
      isBroken = !isDefinite(error) || (this.#given !== undefined && isOfSession(error));
      if (isReadOnlyServer(error)) this.#own?.reset(client);
      throw error;
    } finally {
      if (isBroken || this.#own?.keep(client) !== true) giveBack(client, isBroken);
    }
  }

  async #borrow(): Promise<PostgresClient> {
    this.#assertOpen();
    return this.#lender.connect();
  }

  /** Keeps no process alive. None when a given pool would have too few left. */
  async dedicated(): Promise<DedicatedConnection | undefined> {
    this.#assertOpen();
    if (this.#own !== undefined) {
      const { client, destroy } = await this.#own.connectBeside();
      return { client: client as unknown as PostgresClient, destroy };
    }
    if (!this.share.startListening()) {
      this.#tellOfPolling();
      return undefined;
    }
    try {
      const client = await this.#borrow();
      client.unref?.();
      return { client, destroy: () => this.#endListener(client) };
    } catch (error) {
      this.share.stopListening();
      throw error;
    }
  }

  #endListener(client: PostgresClient): void {
    giveBack(client, true);
    this.share.stopListening();
  }

  #tellOfPolling(): void {
    if (this.#hasToldOfPolling) return;
    this.#hasToldOfPolling = true;
    this.#log.warn(
      `${this.place} is followed by polling: the pool that was given allows too few connections for another storage ` +
        'that listens (one for each, and two that all share)',
    );
  }

  /** From here on nothing is lent; what is still lent is ended when it is given back. */
  async end(): Promise<void> {
    this.#isClosed = true;
    await this.#own?.end();
    this.#stopListening();
  }

  #assertOpen(): void {
    if (this.#isClosed) throw closed();
  }
}

/** Also notes, if anybody asks, how long it took from now on until there was a connection. */
export function noting(onLent: () => void, waited: StorageWaits | undefined): () => void {
  if (waited === undefined) return onLent;
  const begun = timers.now();
  return () => {
    waited.connection = (waited.connection ?? 0) + timers.now() - begun;
    onLent();
  };
}

function ignore(): void {}

/** The statement was part of it, and whoever began it may undo it. */
function caughtInTransaction(): Error {
  const message = 'Connection terminated: somebody had begun a transaction on this connection of the pool';
  return Object.assign(new Error(message), { code: '08006' });
}
