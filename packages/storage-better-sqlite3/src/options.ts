import { invalidOption } from '@gati-framework/manifest-store/backend';
import type { FileOptions, LentConnection, TuningOptions } from '@gati-framework/storage-sqlite/shared-file';
import type Database from 'better-sqlite3';
import { BetterSqlite3Connection } from './better-sqlite3-connection.js';

export interface DatabaseOptions extends TuningOptions {
  /**
   * An open better-sqlite3 connection that holds nothing but this store. It
   * stays yours: `close()` leaves it open. Its `synchronous` setting is set
   * according to `durability`.
   */
  database: Database.Database;
  filename?: never;
  readOnly?: never;
}

export type BetterSqlite3StorageOptions = FileOptions | DatabaseOptions;

/** @throws `INVALID_OPTIONS` */
export function lend(database: unknown): LentConnection {
  if (!isConnection(database)) {
    throw invalidOption('options.database', 'must be a better-sqlite3 connection');
  }
  return {
    connection: new BetterSqlite3Connection(database),
    filename: fileOf(database),
    isFile: !database.memory,
    readOnly: database.readonly,
  };
}

/** Of whichever better-sqlite3 that the application has loaded: its class may be another one than this package's. */
function isConnection(database: unknown): database is Database.Database {
  return typeof database === 'object' && database !== null && 'pragma' in database;
}

/** As SQLite knows it: absolute, whatever name it was opened with. */
function fileOf(database: Database.Database): string {
  if (database.memory || !database.open) return database.name;
  const [, , file] =
    database.prepare<[], [unknown, unknown, string]>('PRAGMA database_list').raw().get() ?? [];
  return file ?? database.name;
}
