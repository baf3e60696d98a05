import { StorageError, type StorageErrorCode } from '@gati-framework/manifest-store';

interface Translation {
  readonly code: StorageErrorCode;
  readonly problem: string;
}

/** By SQLite's result code; an extended code is looked up before the code it extends. */
const TRANSLATIONS: Readonly<Record<string, Translation>> = {
  SQLITE_BUSY: {
    code: 'STORAGE_LOCKED',
    problem:
      'is locked by another connection, which did not let go in time. Find out who holds a transaction open, or raise lockTimeout',
  },
  SQLITE_FULL: {
    code: 'STORAGE_FULL',
    problem: 'has no room left: nothing of the write was stored. Free space on the disk and write again',
  },
  SQLITE_CORRUPT: {
    code: 'STORAGE_CORRUPT',
    problem: 'is damaged; nothing was overwritten. Restore it from a backup',
  },
  SQLITE_NOTADB: {
    code: 'STORAGE_FOREIGN',
    problem:
      'is not a SQLite database, or its first page is damaged; nothing was changed. Give the store a file of its own, or restore it from a backup',
  },
  SQLITE_READONLY: {
    code: 'STORAGE_READONLY',
    problem: 'cannot be written. Make the file and its folder writable, or open it with readOnly: true',
  },
  SQLITE_READONLY_DBMOVED: {
    code: 'STORAGE_REPLACED',
    problem:
      'was deleted or replaced while it was open. Close this storage and open the file that is there now',
  },
  SQLITE_CANTOPEN: {
    code: 'STORAGE_UNAVAILABLE',
    problem: 'cannot be opened. Check that its folder exists and that this process may use it',
  },
};

const ALIASES: Readonly<Record<string, string>> = {
  SQLITE_LOCKED: 'SQLITE_BUSY',
  SQLITE_PROTOCOL: 'SQLITE_BUSY',
  SQLITE_PERM: 'SQLITE_READONLY',
  SQLITE_AUTH: 'SQLITE_READONLY',
  // The shared-memory file could not grow.
  SQLITE_IOERR_SHMSIZE: 'SQLITE_FULL',
};

/**
 * A driver's error as the error of the store.
 *
 * @param resultCode SQLite's result code by name, e.g. `SQLITE_BUSY_SNAPSHOT`.
 */
export function translateSqliteError(resultCode: string, location: string, cause: unknown): StorageError {
  const primary = resultCode.split('_').slice(0, 2).join('_');
  for (const candidate of [resultCode, primary]) {
    const name = ALIASES[candidate] ?? candidate;
    const translation = TRANSLATIONS[name];
    if (translation === undefined) continue;
    const { code, problem } = translation;
    return new StorageError(code, `${location} ${problem}.`, { cause, details: { resultCode } });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StorageError('STORAGE_FAILED', `${location} could not be used: ${reason} (${resultCode}).`, {
    cause,
    details: { resultCode },
  });
}
