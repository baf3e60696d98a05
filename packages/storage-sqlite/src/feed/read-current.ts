import type { Connections } from '../connections/connections.js';
import type { StoreHead } from '../sql/store-head.js';
import { catchUp, othersCommitted } from './follow-others.js';

/**
 * Reads what is of one moment, of which the listener has heard by then. The connection may be used.
 *
 * @param location How errors name the store.
 * @param work Is told whether the store is still the one that was known before.
 */
export function readCurrent<T>(
  { current: connection, listener }: Connections,
  location: string,
  work: (head: StoreHead, isSame: boolean) => T,
): T {
  return connection.transactions.read(() => {
    const isSame = !othersCommitted(connection) || catchUp(connection, listener, location);
    return work(connection.head, isSame);
  });
}
