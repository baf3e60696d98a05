import { type Timer, timers } from '@gati-framework/manifest-store/backend';
import type pg from 'pg';
import type { ResolvedOptions, ServerConfig } from '../options/options.js';
import { isReadOnlyServer, isUnreachable } from '../translate-error.js';
import { loadDriver } from './load-driver.js';
import type { PostgresClient } from './postgres-pool.js';

/** Whatever the role and the database have as their defaults. */
const SESSION = `pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', false),
  pg_catalog.set_config('default_transaction_isolation', 'read committed', false)`;

/** In milliseconds. */
const GOODBYE = 500;

/**
 * Connections of our own, all to one server: the one of those named that can
 * be written to (or, to read only, the first that answers).
 */
export class ServerPool {
  readonly #options: ResolvedOptions;
  #current: Choice | undefined;
  readonly #choiceOf = new WeakMap<PostgresClient, Choice>();
  readonly #clients = new Set<pg.Client>();
  readonly #onIdleError: (error: Error) => void;
  readonly #onReset: () => void;

  /**
   * @param onIdleError Hears of connections that were lost while nobody used them.
   * @param onReset Called when connections made so far may lead to the wrong server.
   */
  constructor(options: ResolvedOptions, onIdleError: (error: Error) => void, onReset: () => void) {
    this.#options = options;
    this.#onIdleError = onIdleError;
    this.#onReset = onReset;
  }

  /** A connection of the pool, or a new one that becomes part of it. */
  async connect(): Promise<PostgresClient> {
    const choice = this.#choice();
    try {
      const pool = await choice.pool;
      const client = (await choice.orReset(pool.connect())) as unknown as PostgresClient;
      this.#choiceOf.set(client, choice);
      return client;
    } catch (error) {
      if (isReadOnlyServer(error) || (this.#options.servers.length > 1 && isUnreachable(error))) {
        this.#reset(choice);
      }
      throw error;
    }
  }

  /** A connection beside the pool, and how to be rid of it at once. It keeps no process alive. */
  async connectBeside(): Promise<{ client: pg.Client; destroy(): void }> {
    const choice = this.#choice();
    try {
      const pool = await choice.pool;
      const { Client } = await loadDriver();
      const client = new Client(pool.options);
      client.on('error', ignore); // whoever waits for an answer hears of it
      await this.#connect(client);
      (client as pg.Client & { unref(): void }).unref();
      return { client, destroy: () => destroy(client) };
    } catch (error) {
      if (this.#options.servers.length > 1 && isUnreachable(error)) this.#reset(choice);
      throw error;
    }
  }

  /** The server of this connection is not the one it was: lets go of all of them, so that the next caller looks for it again. */
  reset(client: PostgresClient): void {
    const choice = this.#choiceOf.get(client);
    if (choice !== undefined) this.#reset(choice);
  }

  /** Says goodbye to the server where it listens, and does not wait long for where it does not. */
  async end(): Promise<void> {
    this.#current?.end();
    this.#current = undefined;
    const clients = [...this.#clients];
    const ended = clients.map((client) => new Promise((resolve) => client.once('end', resolve)));
    for (const client of clients) client.end().catch(ignore);
    let timer: Timer | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = timers.setTimeout(resolve, GOODBYE);
    });
    await Promise.race([Promise.all(ended), patience]);
    timers.clearTimeout(timer);
    for (const client of this.#clients) destroy(client);
  }

  #choice(): Choice {
    if (this.#current !== undefined) return this.#current;
    const choice = new Choice(this.#choose());
    this.#current = choice;
    choice.pool.catch(() => {
      if (this.#current === choice) this.#current = undefined;
    });
    return choice;
  }

  /** Unless somebody has done so already: many callers find out at once. */
  #reset(choice: Choice): void {
    if (this.#current !== choice) return;
    this.#current = undefined;
    choice.end();
    this.#onReset();
  }

  async #choose(): Promise<pg.Pool> {
    const driver = await loadDriver();
    const { servers } = this.#options;
    const [only] = servers;
    if (servers.length === 1) return this.#poolOf(driver, only as ServerConfig);
    const probes = servers.map(async (server) => {
      const client = new driver.Client({
        ...server,
        connectionTimeoutMillis: this.#options.connectTimeout,
      });
      client.on('error', ignore);
      try {
        await this.#connect(client);
        return server;
      } finally {
        client.end().catch(ignore);
      }
    });
    try {
      return this.#poolOf(driver, await Promise.any(probes));
    } catch (error) {
      throw mostTelling((error as AggregateError).errors);
    }
  }

  #poolOf({ Pool }: typeof pg, server: ServerConfig): pg.Pool {
    const { poolSize, idleTimeout, connectTimeout, statementTimeout } = this.#options;
    const pool = new Pool({
      ...server,
      max: poolSize,
      idleTimeoutMillis: idleTimeout,
      connectionTimeoutMillis: connectTimeout,
      query_timeout: statementTimeout + 1_000,
      allowExitOnIdle: true,
      onConnect: (client) => this.#prepare(client),
    });
    pool.on('error', this.#onIdleError);
    pool.on('connect', (client) => this.#clients.add(client as unknown as pg.Client));
    pool.on('remove', (client) => this.#clients.delete(client as unknown as pg.Client));
    return pool;
  }

  async #connect(client: pg.Client): Promise<void> {
    this.#clients.add(client);
    client.once('end', () => this.#clients.delete(client));
    try {
      await client.connect();
      await this.#prepare(client);
    } catch (error) {
      destroy(client);
      throw error;
    }
  }

  /**
   * Makes the session one for our statements, and asks whether it can be written to. A primary never becomes a
   * standby under its connections, so it is enough to ask new ones.
   */
  async #prepare(client: pg.ClientBase): Promise<void> {
    const { readOnly, servers, pooler } = this.#options;
    // Of several, one that was set read-only will not do; a single one can still be read.
    const isReadOnly =
      servers.length > 1 ? `pg_catalog.current_setting('transaction_read_only') = 'on'` : 'false';
    const standby = readOnly ? 'false' : `pg_catalog.pg_is_in_recovery() OR ${isReadOnly}`;
    const settings = pooler ? '' : `, ${SESSION}`;
    const { rows } = await client.query(`SELECT ${standby} AS standby${settings}`);
    if (!rows[0].standby) return;
    const { host, port } = client as pg.Client;
    const error = new Error(`${host}:${port} is a standby`);
    throw Object.assign(error, { code: '25006' });
  }
}

/** A pool of connections to the server that was found, until there is a reason to look again. */
class Choice {
  readonly pool: Promise<pg.Pool>;
  /** Those who wait for a connection. */
  readonly #waiting = new Set<(error: Error) => void>();
  #ended: Error | undefined;

  constructor(pool: Promise<pg.Pool>) {
    this.pool = pool;
  }

  /**
   * The connection, or an error as soon as this is no longer the choice: an ended pool forgets those who wait.
   * Not a race with one long-lived promise, which would remember everybody who ever waited.
   */
  orReset(connecting: Promise<pg.PoolClient>): Promise<pg.PoolClient> {
    return new Promise((resolve, reject) => {
      const abandon = (error: Error): void => {
        connecting.then((client) => client.release(true), ignore);
        reject(error);
      };
      if (this.#ended !== undefined) {
        abandon(this.#ended);
        return;
      }
      this.#waiting.add(abandon);
      const settle = (): boolean => this.#waiting.delete(abandon);
      connecting.then(
        (client) => settle() && resolve(client),
        (error) => settle() && reject(error),
      );
    });
  }

  end(): void {
    const error = new Error('Connection terminated: another server is looked for');
    this.#ended = Object.assign(error, { code: '08006' });
    for (const abandon of this.#waiting) abandon(error);
    this.#waiting.clear();
    this.pool.then((pool) => pool.end()).catch(ignore);
  }
}

function ignore(): void {}

/** At once, also when the server does not answer any more. */
function destroy(client: pg.Client): void {
  const { connection } = client as unknown as { connection?: { stream?: { destroy(): void } } };
  client.end().catch(ignore);
  connection?.stream?.destroy();
}

/** Of the reasons why no server will do: a server that answered says more than one that did not. */
function mostTelling(errors: readonly unknown[]): unknown {
  const refused = errors.find((error) => /^[0-9A-Z]{5}$/.test((error as { code?: string }).code ?? ''));
  return refused ?? errors[0];
}
