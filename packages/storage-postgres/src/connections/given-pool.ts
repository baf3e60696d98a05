import { timers } from '@gati-framework/manifest-store/backend';
import { lend } from './lend.js';
import type { PostgresClient, PostgresPool } from './postgres-pool.js';
import { statement } from './query.js';

/**
 * A pool of the caller's. Whoever shares it may have taken every connection,
 * and may give one back in the middle of a transaction.
 */
export class GivenPool {
  readonly #pool: PostgresPool;
  readonly #connectTimeout: number;

  /** @param connectTimeout How long to wait for a connection, in milliseconds. */
  constructor(pool: PostgresPool, connectTimeout: number) {
    this.#pool = pool;
    this.#connectTimeout = connectTimeout;
  }

  /** A connection on which nothing is under way; those that were left in a transaction are ended. */
  async connect(): Promise<PostgresClient> {
    const deadline = timers.now() + this.#connectTimeout;
    for (;;) {
      const client = await inTime(this.#pool.connect(), Math.max(1, deadline - timers.now()));
      if (await isIdle(client, this.#connectTimeout)) return lend(client);
      client.release(true);
    }
  }
}

/** Whether a client, if it tells, is inside a transaction that somebody else began. */
export function isInTransaction(client: PostgresClient): boolean {
  const status = client.getTransactionStatus?.();
  return status === 'T' || status === 'E';
}

async function isIdle(client: PostgresClient, timeout: number): Promise<boolean> {
  if (client.getTransactionStatus !== undefined) return !isInTransaction(client);
  // It does not tell. This ends what was left, and is said nothing about by the server where nothing was.
  const end = statement('BEGIN; ROLLBACK', false, timeout);
  return client.query(end()).then(
    () => true,
    () => false,
  );
}

/** A connection that comes too late is given back. */
function inTime(connecting: Promise<PostgresClient>, timeout: number): Promise<PostgresClient> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = timers.setTimeout(() => {
      isLate = true;
      reject(new Error('timeout exceeded when trying to connect through the pool that was given'));
    }, timeout);
    connecting.then(
      (client) => {
        timers.clearTimeout(timer);
        if (isLate) client.release();
        else resolve(client);
      },
      (error) => {
        timers.clearTimeout(timer);
        reject(error);
      },
    );
  });
}
