import type { ConnectionFigures } from '@gati-framework/manifest-store';
import { type Timer, timers } from '@gati-framework/manifest-store/backend';
import type pg from 'pg';
import { isReadOnlyServer, isUnreachable } from '../errors/conditions.js';
import type { ResolvedOptions, ServerConfig } from '../options/options.js';
import { chooseServer } from './choose-server.js';
import { ChosenServer } from './chosen-server.js';
import { connected } from './connected.js';
import { loadDriver } from './load-driver.js';
import type { PostgresClient } from './postgres-pool.js';
import { Sessions } from './sessions.js';

/** How long the server may take to end connections, in milliseconds. */
const END_TIMEOUT = 500;

/**
 * Connections of our own, all to one server: the one of those named that can
 * be written to (or, to read only, the first that answers).
 */
export class ServerPool {
  readonly #options: ResolvedOptions;
  readonly #sessions: Sessions;
  #current: ChosenServer | undefined;
  readonly #chosenBy = new WeakMap<PostgresClient, ChosenServer>();
  /** Of which server each is. */
  readonly #clients = new Map<pg.Client, ServerConfig>();
  readonly #serverOf = new WeakMap<pg.Pool, ServerConfig>();
  readonly #onIdleError: (error: Error) => void;
  readonly #onReset: () => void;

  /**
   * @param onIdleError Hears of connections that were lost while nobody used them.
   * @param onReset Called when connections made so far may lead to the wrong server.
   */
  constructor(options: ResolvedOptions, onIdleError: (error: Error) => void, onReset: () => void) {
    this.#options = options;
    this.#sessions = new Sessions(options, this.#answerTimeout);
    this.#onIdleError = onIdleError;
    this.#onReset = onReset;
  }

  /** A connection of the pool, or a new one that becomes part of it. */
  async connect(): Promise<PostgresClient> {
    const chosen = this.#chosen();
    try {
      const client = await chosen.connect();
      this.#chosenBy.set(client, chosen);
      return client;
    } catch (error) {
      if (isReadOnlyServer(error) || (this.#options.servers.length > 1 && isUnreachable(error))) {
        this.#reset(chosen);
      }
      throw error;
    }
  }

  /** Whether a connection stays at hand for whoever connects next; otherwise the caller is to give it back. */
  keep(client: PostgresClient): boolean {
    return this.#chosenBy.get(client)?.keep(client) === true;
  }

  /** A connection beside the pool, and how to be rid of it at once. It keeps no process alive. */
  async connectBeside(): Promise<{ client: pg.Client; destroy(): void }> {
    const chosen = this.#chosen();
    try {
      const pool = await chosen.pool;
      const { Client } = await loadDriver();
      const client = new Client(pool.options);
      client.on('error', ignore); // whoever waits for an answer hears of it
      await this.#connect(client, this.#serverOf.get(pool) ?? {});
      (client as pg.Client & { unref(): void }).unref();
      return { client, destroy: () => destroy(client) };
    } catch (error) {
      if (this.#options.servers.length > 1 && isUnreachable(error)) this.#reset(chosen);
      throw error;
    }
  }

  /** Nothing until there has been a connection. */
  get figures(): ConnectionFigures | undefined {
    return this.#current?.figures;
  }

  /** The server of this connection is not the one it was: lets go of all of them, so that the next caller looks for it again. */
  reset(client: PostgresClient): void {
    const chosen = this.#chosenBy.get(client);
    if (chosen !== undefined) this.#reset(chosen);
  }

  /** Says goodbye to the server where it listens, and does not wait long for where it does not. */
  async end(): Promise<void> {
    this.#current?.end();
    this.#current = undefined;
    const clients = [...this.#clients.keys()];
    const ended = clients.map((client) => new Promise((resolve) => client.once('end', resolve)));
    for (const client of clients) client.end().catch(ignore);
    let timer: Timer | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = timers.setTimeout(resolve, END_TIMEOUT);
    });
    await Promise.race([Promise.all(ended), patience]);
    timers.clearTimeout(timer);
    for (const client of this.#clients.keys()) destroy(client);
  }

  /** The server gives up before. */
  get #answerTimeout(): number {
    return this.#options.statementTimeout + 1_000;
  }

  #chosen(): ChosenServer {
    if (this.#current !== undefined) return this.#current;
    const chosen = new ChosenServer(this.#choose(), this.#answerTimeout);
    this.#current = chosen;
    chosen.pool.catch(() => {
      if (this.#current === chosen) this.#current = undefined;
    });
    return chosen;
  }

  /** Unless somebody has done so already: many callers find out at once. */
  #reset(chosen: ChosenServer): void {
    if (this.#current !== chosen) return;
    this.#current = undefined;
    chosen.end();
    this.#onReset();
  }

  async #choose(): Promise<pg.Pool> {
    const driver = await loadDriver();
    const { servers } = this.#options;
    const [only] = servers;
    if (servers.length === 1 && only !== undefined) return this.#poolOf(driver, only);
    const chosen = await chooseServer(servers, (server) => this.#probe(driver, server));
    this.#leaveOthers(chosen);
    return this.#poolOf(driver, chosen);
  }

  /**
   * Where another server takes the writes, what is under way at one that does not answer would wait as long as it
   * may, for an answer that counts for nothing. Standbys that are read from are all as good as they were.
   */
  #leaveOthers(chosen: ServerConfig): void {
    if (this.#options.readOnly) return;
    for (const [client, server] of this.#clients) if (server !== chosen) destroy(client);
  }

  /** Rejects unless the server answers, and can be written to where that is wanted. */
  async #probe({ Client }: typeof pg, server: ServerConfig): Promise<void> {
    const client = new Client({ ...server, connectionTimeoutMillis: this.#options.connectTimeout });
    client.on('error', ignore);
    try {
      await this.#connect(client, server);
    } finally {
      client.end().catch(ignore);
    }
  }

  #poolOf({ Pool }: typeof pg, server: ServerConfig): pg.Pool {
    const { poolSize, idleTimeout, connectTimeout } = this.#options;
    const pool = new Pool({
      ...server,
      max: poolSize,
      idleTimeoutMillis: idleTimeout,
      connectionTimeoutMillis: connectTimeout,
      query_timeout: undefined, // each statement has its own
      allowExitOnIdle: true,
      onConnect: (client) => this.#sessions.prepare(client),
    });
    this.#serverOf.set(pool, server);
    pool.on('error', this.#onIdleError);
    pool.on('connect', (client) => this.#clients.set(client as unknown as pg.Client, server));
    pool.on('remove', (client) => this.#clients.delete(client as unknown as pg.Client));
    return pool;
  }

  async #connect(client: pg.Client, server: ServerConfig): Promise<void> {
    this.#clients.set(client, server);
    client.once('end', () => this.#clients.delete(client));
    try {
      await connected(client);
      await this.#sessions.prepare(client);
    } catch (error) {
      destroy(client);
      throw error;
    }
  }
}

function ignore(): void {}

/** At once, also when the server does not answer any more. */
function destroy(client: pg.Client): void {
  const { connection } = client as unknown as { connection?: { stream?: { destroy(): void } } };
  client.end().catch(ignore);
  connection?.stream?.destroy();
}
