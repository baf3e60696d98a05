import type { Storage } from '@gati-framework/manifest-store';
import { RecordStorage } from '@gati-framework/storage-kit';
import {
  type BackUpFile,
  backUpWith,
  resolveFileOptions,
  SharedFileHost,
  SqliteRecordDriver,
} from '@gati-framework/storage-sqlite/shared-file';
import { NODE_SQLITE } from './node-sqlite-driver.js';
import { lend, type NodeSqliteStorageOptions } from './options.js';

export type {
  BackupOptions,
  BackupPhase,
  BackupProgress,
  BackupReport,
} from '@gati-framework/manifest-store/backend';
export type { BackUpFile, FileOptions, TuningOptions } from '@gati-framework/storage-sqlite/shared-file';
export { assertDriverRuns } from './node-sqlite-driver.js';
export type { NodeSqliteDatabase, NodeSqliteStatement } from './node-sqlite-module.js';
export type { DatabaseOptions, NodeSqliteStorageOptions } from './options.js';

/**
 * A storage in one SQLite file, shared safely by the processes of one machine,
 * with nothing to install: through the SQLite of Node.js 22.22.3, 24.15 and newer.
 *
 * A resolved write has reached the disk. Reads are exact: a cached record is
 * served only after SQLite confirmed that no other connection has committed.
 * Where Node.js has no such SQLite, the first use is refused with
 * `STORAGE_DRIVER_MISSING`.
 *
 * @example
 * import { createManifestStore } from '@gati-framework/manifest-store';
 * import { createNodeSqliteStorage } from '@gati-framework/storage-node-sqlite';
 *
 * const store = createManifestStore(createNodeSqliteStorage({ filename: 'gati.db' }));
 */
export function createNodeSqliteStorage(options: NodeSqliteStorageOptions): Storage {
  const resolved = resolveFileOptions(options, lend);
  const driver = new SqliteRecordDriver(new SharedFileHost(NODE_SQLITE, resolved), resolved);
  return new RecordStorage(driver, resolved);
}

/** Copies the file of a store to another one while others go on to use the store, and do not wait, as {@link BackUpFile} says. */
export const backUpFile: BackUpFile = backUpWith(NODE_SQLITE);
