import {
  type BackupOptions,
  type BackupReport,
  backUpSharedFile,
} from '@gati-framework/storage-sqlite/shared-file';
import { BETTER_SQLITE3 } from './better-sqlite3-driver.js';

export type {
  BackupOptions,
  BackupPhase,
  BackupProgress,
  BackupReport,
} from '@gati-framework/storage-sqlite/shared-file';

/**
 * Copies the file of a store to another one while others go on to use the store, and do not wait: with its history,
 * and as of one moment. The copy is written beside its place, read back and checked, and then appears whole and
 * synced, or not at all.
 *
 * Meanwhile SQLite cannot write over its write-ahead log, which grows by what is committed. A store of an older
 * schema version stays one.
 *
 * @param filename Of the store.
 * @param target The file to write.
 * @throws StorageError `INVALID_OPTIONS` where something is in its place that is no earlier backup of this store;
 *   `STORAGE_CORRUPT` for a store that is damaged, of which no backup is made; and what opening a store to read it throws.
 */
export function backUpFile(
  filename: string,
  target: string,
  options: BackupOptions = {},
): Promise<BackupReport> {
  return backUpSharedFile(BETTER_SQLITE3, filename, target, options);
}
