import type { PostgresPool } from './postgres-pool.js';

type Callback = (error: Error) => void;

const callbacksOf = new WeakMap<PostgresPool, Set<Callback>>();

/**
 * Hears of idle connections of a caller's pool that were lost, until what is
 * returned is called. One listener a pool, however many storages share it: it
 * stays when they are gone, since what they gave back last may still fail, and
 * an error of a pool that nobody listens to ends the process.
 */
export function onPoolError(pool: PostgresPool, callback: Callback): () => void {
  const callbacks = callbacksOf.get(pool) ?? listen(pool);
  callbacks.add(callback);
  return () => {
    callbacks.delete(callback);
  };
}

function listen(pool: PostgresPool): Set<Callback> {
  const callbacks = new Set<Callback>();
  callbacksOf.set(pool, callbacks);
  pool.on('error', (error) => {
    for (const callback of callbacks) callback(error);
  });
  return callbacks;
}
