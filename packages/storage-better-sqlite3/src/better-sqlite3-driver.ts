import { StorageError } from '@gati-framework/manifest-store';
import { errorCode, type FileDriver, tryDriver } from '@gati-framework/storage-sqlite/shared-file';
import { BetterSqlite3Connection } from './better-sqlite3-connection.js';
import { withoutBinary } from './load-driver.js';

/** better-sqlite3 as the driver of a store in a shared file. */
export const BETTER_SQLITE3: FileDriver = {
  name: 'better-sqlite3',
  connect: (place, { readOnly, busyTimeout }) =>
    BetterSqlite3Connection.open(typeof place === 'string' ? place : toBuffer(place), {
      readonly: readOnly,
      fileMustExist: readOnly,
      timeout: busyTimeout,
    }),
  resultCode(error) {
    const code = errorCode(error);
    return code?.startsWith('SQLITE_') ? code : undefined;
  },
  explain: withoutBinary,
  outdated: (sqliteVersion) =>
    new StorageError(
      'STORAGE_DRIVER_MISSING',
      `This better-sqlite3 carries SQLite ${sqliteVersion}, which can damage a database that several connections use. ` +
        'Update it: npm install better-sqlite3@^12.11.1',
    ),
};

/**
 * Finds out whether a better-sqlite3 is installed that runs here and can share a file.
 *
 * @throws StorageError `STORAGE_DRIVER_MISSING`, with what is wrong and how to mend it.
 */
export function assertDriverRuns(): void {
  tryDriver(BETTER_SQLITE3);
}

/** The same bytes, not copied. */
function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
