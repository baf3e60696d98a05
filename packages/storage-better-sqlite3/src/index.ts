import type { Storage } from '@gati-framework/manifest-store';
import { RecordStorage } from '@gati-framework/storage-kit';
import {
  type BackUpFile,
  backUpWith,
  resolveFileOptions,
  SharedFileHost,
  SqliteRecordDriver,
} from '@gati-framework/storage-sqlite/shared-file';
import { BETTER_SQLITE3 } from './better-sqlite3-driver.js';
import { type BetterSqlite3StorageOptions, lend } from './options.js';

export type {
  BackupOptions,
  BackupPhase,
  BackupProgress,
  BackupReport,
} from '@gati-framework/manifest-store/backend';
export type { BackUpFile, FileOptions, TuningOptions } from '@gati-framework/storage-sqlite/shared-file';
export { assertDriverRuns } from './better-sqlite3-driver.js';
export type { BetterSqlite3StorageOptions, DatabaseOptions } from './options.js';

/**
 * A storage in one SQLite file, shared safely by the processes of one machine.
 *
 * A resolved write has reached the disk. Reads are exact: a cached record is
 * served only after SQLite confirmed that no other connection has committed.
 *
 * @example
 * import { createManifestStore } from '@gati-framework/manifest-store';
 * import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
 *
 * const store = createManifestStore(createBetterSqlite3Storage({ filename: 'gati.db' }));
 */
export function createBetterSqlite3Storage(options: BetterSqlite3StorageOptions): Storage {
  const resolved = resolveFileOptions(options, lend);
  const driver = new SqliteRecordDriver(new SharedFileHost(BETTER_SQLITE3, resolved), resolved);
  return new RecordStorage(driver, resolved);
}

/** Copies the file of a store to another one while others go on to use the store, and do not wait, as {@link BackUpFile} says. */
export const backUpFile: BackUpFile = backUpWith(BETTER_SQLITE3);
