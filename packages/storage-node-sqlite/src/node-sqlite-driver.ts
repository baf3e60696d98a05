import { type FileDriver, tryDriver } from '@gati-framework/storage-sqlite/shared-file';
import { outdated } from './load-node-sqlite.js';
import { NodeSqliteConnection } from './node-sqlite-connection.js';
import { resultCode } from './result-code.js';

/** The SQLite of Node.js as the driver of a store in a shared file. */
export const NODE_SQLITE: FileDriver = {
  name: 'node-sqlite',
  connect: (place, options) => NodeSqliteConnection.open(place, options),
  resultCode,
  explain: () => undefined,
  outdated,
};

/**
 * Finds out whether what runs this program has a SQLite that can share a file: Node.js has, from 22.22.3 and 24.15 on.
 *
 * @throws StorageError `STORAGE_DRIVER_MISSING`, with what else to use.
 */
export function assertDriverRuns(): void {
  tryDriver(NODE_SQLITE);
}
