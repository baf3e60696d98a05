import type { StorageError } from '@gati-framework/manifest-store';
import { closed } from '@gati-framework/manifest-store/backend';
import type { ResolvedOptions } from './options.js';
import type { PostgresClient, PostgresPool, PostgresQuery, PostgresResult } from './postgres-pool.js';
import { type RetryOptions, retry } from './retry.js';
import { ServerPool } from './server-pool.js';
import { isDefinite, isReadOnlyServer, translateError } from './translate-error.js';
import type { Warnings } from './warnings.js';

/** A connection of its own, such as the one that listens. */
export interface DedicatedConnection {
  readonly client: Pick<PostgresClient, 'query' | 'on' | 'removeListener'>;
  /** At once, whatever the server is doing. */
  destroy(): void;
}

/** Pools of callers that a storage has left. */
const hushed = new WeakSet<PostgresPool>();

/** Every connection of a storage: borrowed, watched over, and given back. */
export class Connections {
  readonly place: string;
  readonly #given: PostgresPool | undefined;
  readonly #own: ServerPool | undefined;
  readonly #retry: RetryOptions;
  readonly #onIdleError: (error: Error) => void;
  #isClosed = false;

  constructor(options: ResolvedOptions, warnings: Warnings) {
    this.#onIdleError = (error) => warnings.warn(`an idle connection was lost: ${error.message}`);
    this.#given = options.pool;
    this.#given?.on('error', this.#onIdleError);
    if (options.pool === undefined)
      this.#own = new ServerPool(options, this.#onIdleError, () => this.onReset());
    this.place = `schema ${JSON.stringify(options.schema)}`;
    this.#retry = { timeout: options.retryTimeout, assertWanted: () => this.#assertOpen() };
  }

  /** Called when connections made so far may lead to the wrong server. */
  onReset: () => void = ignore;

  /** Whether the caller has ended the pool that was given: what is held of it must be given back. */
  get isEnding(): boolean {
    return this.#given?.ending === true;
  }

  translate(error: unknown): StorageError {
    return translateError(error, this.place);
  }

  /**
   * Runs a statement that changes nothing, again if need be.
   *
   * @param assertUsable Throws what {@link retry} repeats for when the answer will not do.
   */
  async read(
    query: PostgresQuery,
    assertUsable: (result: PostgresResult) => void = ignore,
  ): Promise<PostgresResult> {
    return this.retry(async (onUnderWay) => {
      const result = await this.use((client) => client.query(query), onUnderWay);
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
  async use<T>(work: (client: PostgresClient) => Promise<T>, onLent: () => void = ignore): Promise<T> {
    const client = await this.borrow();
    onLent();
    let isBroken = false;
    try {
      return await work(client);
    } catch (error) {
      isBroken = !isDefinite(error);
      if (isReadOnlyServer(error)) this.#own?.reset(client);
      throw error;
    } finally {
      giveBack(client, isBroken);
    }
  }

  /** A connection that the caller gives back with {@link giveBack}. */
  async borrow(): Promise<PostgresClient> {
    this.#assertOpen();
    const client = await (this.#given ?? (this.#own as ServerPool)).connect();
    // While it is lent nobody else listens, and an error that nobody listens to ends the process.
    client.on('error', ignore);
    return client;
  }

  /** Keeps no process alive. */
  async dedicated(): Promise<DedicatedConnection> {
    this.#assertOpen();
    if (this.#own !== undefined) {
      const { client, destroy } = await this.#own.connectBeside();
      return { client: client as unknown as PostgresClient, destroy };
    }
    const client = await this.borrow();
    client.unref?.();
    return { client, destroy: () => giveBack(client, true) };
  }

  /** From here on nothing is lent; what is still lent is ended when it is given back. */
  async end(): Promise<void> {
    this.#isClosed = true;
    await this.#own?.end();
    if (this.#given === undefined) return;
    // What was just given back may still fail, and an error of a pool that nobody listens to ends the process.
    if (!hushed.has(this.#given)) this.#given.on('error', ignore);
    hushed.add(this.#given);
    this.#given.removeListener('error', this.#onIdleError);
  }

  #assertOpen(): void {
    if (this.#isClosed) throw closed();
  }
}

export function giveBack(client: PostgresClient, isBroken: boolean): void {
  client.removeListener('error', ignore);
  client.release(isBroken);
}

function ignore(): void {}
