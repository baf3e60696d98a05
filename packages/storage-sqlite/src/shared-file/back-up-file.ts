import type { BackupOptions, BackupReport } from '@gati-framework/manifest-store/backend';
import { retryWhileLocked } from '../connections/retry.js';
import { decideBackup } from '../files/backup-options.js';
import { writeBackup } from '../files/write-backup.js';
import { BackupSource } from './backup-source.js';
import type { FileDriver } from './file-driver.js';

/** In milliseconds. */
const LOCK_TIMEOUT = 10_000;

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
export type BackUpFile = (filename: string, target: string, options?: BackupOptions) => Promise<BackupReport>;

/** Of the files that a driver opens. */
export function backUpWith(driver: FileDriver): BackUpFile {
  return (filename, target, options = {}) => backUpSharedFile(driver, filename, target, options);
}

async function backUpSharedFile(
  driver: FileDriver,
  filename: string,
  target: string,
  given: BackupOptions,
): Promise<BackupReport> {
  const { overwrite, ...options } = decideBackup(given);
  options.signal?.throwIfAborted();
  const source = new BackupSource(driver, filename);
  try {
    await retryWhileLocked(LOCK_TIMEOUT, () => source.open());
    const written = await writeBackup(target, {
      source: source.filename,
      overwrite,
      holds: (file) => source.holds(file),
      write: (place) => source.copyTo(place, options),
    });
    return { ...written, records: source.records, revision: source.revision };
  } finally {
    source.close();
  }
}
