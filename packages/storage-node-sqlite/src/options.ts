import { invalidOption } from '@gati-framework/manifest-store/backend';
import type { FileOptions, LentConnection, TuningOptions } from '@gati-framework/storage-sqlite/shared-file';
import { NodeSqliteConnection } from './node-sqlite-connection.js';
import type { NodeSqliteDatabase } from './node-sqlite-module.js';

export interface DatabaseOptions extends TuningOptions {
  /**
   * An open `DatabaseSync` that holds nothing but this store. It stays yours:
   * `close()` leaves it open. Its `synchronous` setting is set according to
   * `durability`.
   */
  database: NodeSqliteDatabase;
  /** Only read: to be given for a connection that was opened with it, which does not tell. */
  readOnly?: boolean;
  filename?: never;
}

export type NodeSqliteStorageOptions = FileOptions | DatabaseOptions;

/** @throws `INVALID_OPTIONS` */
export function lend(database: unknown, readOnly: boolean): LentConnection {
  if (!isConnection(database)) {
    throw invalidOption('options.database', 'must be a DatabaseSync of node:sqlite');
  }
  // As SQLite knows it: absolute, whatever name it was opened with.
  const file = database.isOpen ? database.location() : null;
  return {
    connection: new NodeSqliteConnection(database),
    filename: file ?? ':memory:',
    isFile: file !== null,
    readOnly,
  };
}

function isConnection(database: unknown): database is NodeSqliteDatabase {
  return typeof database === 'object' && database !== null && 'isOpen' in database && 'location' in database;
}
