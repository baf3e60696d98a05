import { type BackupOptions, type BackupReport, invalidOption } from '@gati-framework/manifest-store/backend';
import { firstThatRuns, missingOr, missingWay } from '../open/schemes.js';
import { parseStorageUrl } from '../open/storage-url.js';

type BackUpFile = (filename: string, target: string, options: BackupOptions) => Promise<BackupReport>;

/**
 * Copies the SQLite file of a store to another file while processes use the store, and do not wait: with its history, as of
 * one moment. The copy is written beside its place, read back and checked, and then appears whole and synced, or
 * not at all. It is a store itself, which `sqlite:` and `sqljs:` URLs open.
 *
 * While a `sqlite:` file is copied, its write-ahead log grows by what is committed. A `sqljs:` file is held in memory.
 *
 * @example
 * import { backUpStorage } from '@gati-framework/storage-tools/backup';
 *
 * const { records, revision } = await backUpStorage('sqlite:./gati.db', './gati.backup.db');
 * console.log(records, revision);
 *
 * @param target The file to write.
 * @throws StorageError `INVALID_OPTIONS` for the URL of a store that is no file, and where something is in place of the
 *   backup that is no earlier one of this store; `STORAGE_CORRUPT` for a store that is damaged, of which no backup is
 *   made; `STORAGE_FULL` where there is no room; and what opening a store to read it throws.
 */
export async function backUpStorage(
  url: string,
  target: string,
  options: BackupOptions = {},
): Promise<BackupReport> {
  const { scheme, rest } = parseStorageUrl(url);
  const [name = ''] = scheme.form.split(':', 1);
  const work = (backUpFile: BackUpFile): Promise<BackupReport> => backUpFile(rest, target, options);
  if (name === 'sqljs') return await work(await sqlJs());
  if (name === 'sqlite') return await firstThatRuns([betterSqlite3, nodeSqlite], work);
  throw invalidOption(
    'url',
    'names a store that is no file: back up PostgreSQL with pg_dump, or write the records of any store to an archive with export',
  );
}

// Each import stands in a try block of its own: bundlers then do without a backend that is not installed.

async function sqlJs(): Promise<BackUpFile> {
  try {
    return (await import('@gati-framework/storage-sqljs/backup')).backUpFile;
  } catch (error) {
    throw missingOr(error, 'sqljs', '@gati-framework/storage-sqljs sql.js');
  }
}

async function betterSqlite3(): Promise<BackUpFile> {
  try {
    return (await import('@gati-framework/storage-better-sqlite3')).backUpFile;
  } catch (error) {
    throw missingWay(error, 'better-sqlite3');
  }
}

async function nodeSqlite(): Promise<BackUpFile> {
  try {
    return (await import('@gati-framework/storage-node-sqlite')).backUpFile;
  } catch (error) {
    throw missingWay(error, 'node-sqlite');
  }
}
