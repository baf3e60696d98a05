import { resolveOptions, type SqlJsStorageOptions } from './options.js';
import { SqlJsRecordStorage, type SqlJsStorage } from './sqljs-storage.js';

export type { Recovery } from '@gati-framework/storage-sqlite';
export type { InitSqlJs, LoadedSqlJs, SqlJsStorageOptions } from './options.js';
export type { PersistedStore, SqlJsPersistence } from './persistence.js';
export type { QueryRow } from './read-only-query.js';
export type { SqlJsStorage } from './sqljs-storage.js';

/**
 * A storage in one SQLite file, without a native build: SQLite runs as
 * WebAssembly and holds the database in memory. One process owns the file.
 *
 * A resolved write has reached the disk, as a line of a log beside the file
 * that is folded into it now and then. Without `filename` and `persistence`
 * everything stays in memory.
 *
 * @example
 * import { createManifestStore } from '@gati-framework/manifest-store';
 * import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
 *
 * const store = createManifestStore(createSqlJsStorage({ filename: 'gati.db' }));
 */
export function createSqlJsStorage(options: SqlJsStorageOptions = {}): SqlJsStorage {
  return new SqlJsRecordStorage(resolveOptions(options));
}
