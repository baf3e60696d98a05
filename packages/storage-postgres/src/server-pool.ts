import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { ResolvedOptions, ServerConfig } from './options.js';
import type { PostgresClient } from './postgres-pool.js';

/** In milliseconds. */
const GOODBYE = 500;

/**
 * Connections of our own, all to one server: the one of those named that can
 * be written to (or, to read only, the first that answers).
 */
export class ServerPool {
  readonly #options: ResolvedOptions;
  #pool: Promise<pg.Pool> | undefined;
  readonly #clients = new Set<pg.Client>();
  readonly #onIdleError: (error: Error) => void;

  /** @param onIdleError Hears of connections that were lost while nobody used them. */
  constructor(options: ResolvedOptions, onIdleError: (error: Error) => void) {
    this.#options = options;
    this.#onIdleError = onIdleError;
  }

  /** A connection of the pool, or a new one that becomes part of it. */
  async connect(): Promise<PostgresClient> {
    const pool = await this.#current();
    try {
      return (await pool.connect()) as unknown as PostgresClient;
    } catch (error) {
      if (!pool.ending) throw error;
      // Somebody has found meanwhile that it is the wrong server.
      throw Object.assign(new Error('Connection terminated: the server was exchanged'), { code: '08006' });
    }
  }

  /** A connection beside the pool, and how to be rid of it at once. It keeps no process alive. */
  async connectBeside(): Promise<{ client: pg.Client; destroy(): void }> {
    const pool = await this.#current();
    const client = new pg.Client(pool.options);
    client.on('error', () => {}); // whoever waits for an answer hears of it
    await this.#connect(client);
    (client as pg.Client & { unref(): void }).unref();
    return { client, destroy: () => destroy(client) };
  }

  /** Lets go of every connection: the server is not the one it was, so the next caller looks for it again. */
  reset(): void {
    const old = this.#pool;
    this.#pool = undefined;
    old?.then((pool) => pool.end()).catch(() => {});
  }

  /** Says goodbye to the server where it listens, and does not wait long for where it does not. */
  async end(): Promise<void> {
    this.reset();
    const clients = [...this.#clients];
    const ended = clients.map((client) => new Promise((resolve) => client.once('end', resolve)));
    for (const client of clients) client.end().catch(() => {});
    const timer = new AbortController();
    await Promise.race([Promise.all(ended), sleep(GOODBYE, undefined, timer)]);
    timer.abort();
    for (const client of this.#clients) destroy(client);
  }

  async #current(): Promise<pg.Pool> {
    this.#pool ??= this.#choose();
    const choosing = this.#pool;
    try {
      return await choosing;
    } catch (error) {
      if (this.#pool === choosing) this.#pool = undefined;
      throw error;
    }
  }

  async #choose(): Promise<pg.Pool> {
    const { servers } = this.#options;
    const [only] = servers;
    if (servers.length === 1) return this.#poolOf(only as ServerConfig);
    const probes = servers.map(async (server) => {
      const client = new pg.Client({ ...server, connectionTimeoutMillis: this.#options.connectTimeout });
      client.on('error', () => {});
      try {
        await this.#connect(client);
        return server;
      } finally {
        client.end().catch(() => {});
      }
    });
    try {
      return this.#poolOf(await Promise.any(probes));
    } catch (error) {
      throw mostTelling((error as AggregateError).errors);
    }
  }

  #poolOf(server: ServerConfig): pg.Pool {
    const { poolSize, idleTimeout, connectTimeout, statementTimeout } = this.#options;
    const pool = new pg.Pool({
      ...server,
      max: poolSize,
      idleTimeoutMillis: idleTimeout,
      connectionTimeoutMillis: connectTimeout,
      query_timeout: statementTimeout + 1_000,
      allowExitOnIdle: true,
      onConnect: (client) => this.#assertWritable(client),
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
      await this.#assertWritable(client);
    } catch (error) {
      destroy(client);
      throw error;
    }
  }

  /** A primary never becomes a standby under its connections, so it is enough to ask new ones. */
  async #assertWritable(client: pg.ClientBase): Promise<void> {
    if (this.#options.readOnly) return;
    const { rows } = await client.query('SELECT pg_is_in_recovery() AS standby');
    if (!rows[0].standby) return;
    const { host, port } = client as pg.Client;
    const error = new Error(`${host}:${port} is a standby`);
    throw Object.assign(error, { code: '25006' });
  }
}

/** At once, also when the server does not answer any more. */
function destroy(client: pg.Client): void {
  const { connection } = client as unknown as { connection?: { stream?: { destroy(): void } } };
  client.end().catch(() => {});
  connection?.stream?.destroy();
}

/** Of the reasons why no server will do: a server that answered says more than one that did not. */
function mostTelling(errors: readonly unknown[]): unknown {
  const refused = errors.find((error) => /^[0-9A-Z]{5}$/.test((error as { code?: string }).code ?? ''));
  return refused ?? errors[0];
}
