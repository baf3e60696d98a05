import { StorageError } from '@gati-framework/manifest-store';
import { translateSqliteError } from '@gati-framework/storage-sqlite';

/** sql.js tells SQLite's messages, not its result codes. */
const RESULT_CODES: readonly (readonly [RegExp, string])[] = [
  [/malformed|disk image/, 'SQLITE_CORRUPT'],
  [/not a database|file is encrypted/, 'SQLITE_NOTADB'],
  [/database or disk is full/, 'SQLITE_FULL'],
  [/readonly database/, 'SQLITE_READONLY'],
  [/database (table )?is locked/, 'SQLITE_BUSY'],
];

/** The last is what the statements refuse that a text which could not be copied in would have become: NULL. */
const OUT_OF_MEMORY =
  /out of memory|memory access|Array buffer allocation|cannot store BLOB value in TEXT column/;

/** Whatever sql.js threw: an Error, or a string. */
export function translateError(error: unknown, location: string): StorageError {
  const message = error instanceof Error ? error.message : String(error);
  if (OUT_OF_MEMORY.test(message)) {
    return new StorageError(
      'STORAGE_FULL',
      `${location} does not fit into memory any more: nothing of the write was stored. sql.js holds the whole ` +
        'database there; use storage-node-sqlite or storage-better-sqlite3 for a store of this size.',
      { cause: error },
    );
  }
  // The words of V8 and of SpiderMonkey.
  if (error instanceof RangeError && /string length|allocation size overflow/i.test(message)) {
    return new StorageError(
      'STORAGE_FULL',
      `A commit to ${location} is longer than any text can be here, about 500 million characters: nothing of it was ` +
        'stored. Split it into several.',
      { cause: error },
    );
  }
  const known = RESULT_CODES.find(([pattern]) => pattern.test(message));
  return translateSqliteError(known?.[1] ?? 'SQLITE_ERROR', location, error);
}
