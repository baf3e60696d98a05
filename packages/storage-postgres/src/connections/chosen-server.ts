import type { ConnectionFigures } from '@gati-framework/manifest-store';
import type pg from 'pg';
import { connectionFigures } from './connection-figures.js';
import { KeptConnections } from './kept-connections.js';
import { lend } from './lend.js';
import type { PostgresClient } from './postgres-pool.js';
import { ServerConnection } from './server-connection.js';

/** A pool of connections to the server that was chosen, until there is a reason to choose again. */
export class ChosenServer {
  /** Rejects when there was none to choose. */
  readonly pool: Promise<pg.Pool>;
  readonly #kept = new KeptConnections();
  /** Called when this is no longer the choice, for those who wait for a connection. */
  readonly #waiting = new Set<(error: Error) => void>();
  readonly #answerTimeout: number;
  readonly #connections = new WeakMap<pg.PoolClient, ServerConnection>();
  #settledPool: pg.Pool | undefined;
  #ended: Error | undefined;

  /** @param answerTimeout How long to wait for an answer at most, in milliseconds. */
  constructor(pool: Promise<pg.Pool>, answerTimeout: number) {
    this.pool = pool;
    this.#answerTimeout = answerTimeout;
    pool.then((settled) => {
      this.#settledPool = settled;
    }, ignore);
  }

  async connect(): Promise<PostgresClient> {
    const kept = this.#kept.take();
    if (kept !== undefined) return kept;
    const pool = await this.pool;
    return lend(this.#connectionOf(await this.#unlessEnded(pool.connect())));
  }

  /** Whether a connection stays lent, for whoever comes next; otherwise it is to be given back. */
  keep(client: PostgresClient): boolean {
    const pool = this.#settledPool;
    if (this.#ended !== undefined || pool === undefined || pool.waitingCount > 0) return false;
    this.#kept.keep(client);
    return true;
  }

  get figures(): ConnectionFigures | undefined {
    return this.#settledPool && connectionFigures(this.#settledPool, this.#kept.count);
  }

  end(): void {
    const error = new Error('Connection terminated: another server is looked for');
    this.#ended = Object.assign(error, { code: '08006' });
    for (const abandon of this.#waiting) abandon(error);
    this.#waiting.clear();
    this.#kept.giveAllBack();
    this.pool.then((pool) => pool.end()).catch(ignore);
  }

  #connectionOf(client: pg.PoolClient): ServerConnection {
    const known = this.#connections.get(client);
    if (known !== undefined) return known;
    const connection = new ServerConnection(client, this.#answerTimeout);
    this.#connections.set(client, connection);
    return connection;
  }

  /**
   * The connection, or an error as soon as this is no longer the choice: an ended pool forgets those who wait.
   * Not a race with one long-lived promise, which would remember everybody who ever waited.
   */
  #unlessEnded(connecting: Promise<pg.PoolClient>): Promise<pg.PoolClient> {
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
}

function ignore(): void {}
