import type { DriverListener } from '@gati-framework/storage-kit';
import { readBounds } from '../commit/history-bounds.js';
import type { Connection } from '../connections/connection.js';
import { readHead, type StoreHead, toStoreState } from '../sql/store-head.js';
import { changedKeys, relationTo } from './read-history.js';

/** Whether another connection has committed since the listener last heard of the store. */
export function othersCommitted({ readDataVersion, dataVersion }: Connection): boolean {
  return readDataVersion() !== dataVersion;
}

/**
 * Takes note of what others have committed, inside the caller's transaction,
 * so that it is of one moment. What the connection knows moves only after it
 * was told: should anything fail before, the next call looks again.
 *
 * @returns Whether it is still the same store; false when it was restored or exchanged.
 */
export function catchUp(connection: Connection, listener: DriverListener, location: string): boolean {
  const dataVersion = connection.readDataVersion();
  const isSame = tellOf(connection, connection.head, listener, location);
  connection.dataVersion = dataVersion;
  return isSame;
}

/**
 * Tells the listener what leads from `known` to what the database holds now.
 *
 * @returns Whether one follows from the other.
 */
export function tellOf(
  connection: Connection,
  known: StoreHead,
  listener: DriverListener,
  location: string,
): boolean {
  const { statements } = connection;
  const head = readHead(statements.changes.selectHead.get());
  const bounds = readBounds(statements);
  const relation = relationTo(statements, known, head);
  const keys = relation === 'follows' ? changedKeys(statements, known, head, location) : 'all';
  if (relation === 'other') listener.replaced(toStoreState(head));
  else listener.changed(toStoreState(head), keys);
  connection.head = head;
  connection.bounds = bounds;
  return relation !== 'other';
}
