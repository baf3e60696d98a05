import { StorageError } from '@gati-framework/manifest-store';
import { errorCode } from '@gati-framework/storage-sqlite/files';
import type { FileDriver } from '@gati-framework/storage-sqlite/shared-file';
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

/** The same bytes, not copied. */
function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
