import type { Revision } from '@gati-framework/manifest-store';
import type { Connections, DedicatedConnection } from '../connections/connections.js';
import type { PostgresQuery } from '../connections/postgres-pool.js';
import type { Row } from '../sql/row-values.js';
import { Turns } from './turns.js';

/** Within this time a statement is answered, or the connection is taken for dead, in milliseconds. */
const ANSWER_TIMEOUT = 2_000;

export interface FeedConnectionEvents {
  /** Somebody, perhaps this process, has committed this revision. */
  notified(revision: Revision): void;
  lost(error: Error): void;
}

/**
 * The connection on which a feed listens, and on which it sends its own statements. Where it is not to listen, or a
 * pool has none to spare for it, they go through the pool.
 */
export class FeedConnection {
  readonly #connections: Connections;
  /** Undefined where the feed is not to listen. */
  readonly #listen: PostgresQuery | undefined;
  readonly #events: FeedConnectionEvents;
  #current: { readonly connection: DedicatedConnection; readonly turns: Turns } | undefined;
  #isClosed = false;

  constructor(connections: Connections, listen: PostgresQuery | undefined, events: FeedConnectionEvents) {
    this.#connections = connections;
    this.#listen = listen;
    this.#events = events;
  }

  /** Listens from now on, where it is to and does not yet. */
  async open(): Promise<void> {
    if (this.#listen === undefined || this.#current !== undefined) return;
    const connection = await this.#connections.dedicated();
    if (connection === undefined) return;
    if (this.#isClosed) {
      connection.destroy();
      return;
    }
    const current = { connection, turns: new Turns() };
    this.#current = current;
    const { client } = connection;
    client.on('notification', ({ payload }: { payload?: string }) => this.#events.notified(Number(payload)));
    client.on('error', (error: Error) => {
      if (this.#current === current) this.#events.lost(error);
    });
    await this.send(this.#listen);
  }

  /** Runs a statement after those that were sent before. Errors are the driver's. */
  async send(query: PostgresQuery): Promise<Row[]> {
    const limited = { ...query, query_timeout: ANSWER_TIMEOUT };
    if (this.#current === undefined) {
      return this.#connections.use(async (client) => (await client.query(limited)).rows);
    }
    const { connection, turns } = this.#current;
    return (await turns.take(() => connection.client.query(limited))).rows;
  }

  /** At once; another one may be opened after it. */
  drop(): void {
    const { connection } = this.#current ?? {};
    this.#current = undefined;
    connection?.destroy();
  }

  /** For good. */
  close(): void {
    this.#isClosed = true;
    this.drop();
  }
}
