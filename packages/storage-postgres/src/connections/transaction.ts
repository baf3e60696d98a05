import type { PostgresClient } from './postgres-pool.js';
import { statement } from './query.js';

const begin = statement('BEGIN ISOLATION LEVEL READ COMMITTED', false);
const commit = statement('COMMIT', false);
const rollback = statement('ROLLBACK', false);

/**
 * Runs work in a transaction each statement of which sees what was committed
 * before it, whatever level the role or the database has as its default.
 * Whether it only reads is left to them.
 */
export async function inTransaction<T>(client: PostgresClient, work: () => Promise<T>): Promise<T> {
  await client.query(begin());
  try {
    const result = await work();
    await client.query(commit());
    return result;
  } catch (error) {
    await client.query(rollback()).catch(() => {}); // the connection may be gone, and the transaction with it
    throw error;
  }
}
