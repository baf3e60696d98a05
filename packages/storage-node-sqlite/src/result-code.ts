import { errorCode } from '@gati-framework/storage-sqlite/shared-file';

/** SQLite's result codes by number. */
const CODES = [
  'OK',
  'ERROR',
  'INTERNAL',
  'PERM',
  'ABORT',
  'BUSY',
  'LOCKED',
  'NOMEM',
  'READONLY',
  'INTERRUPT',
  'IOERR',
  'CORRUPT',
  'NOTFOUND',
  'FULL',
  'CANTOPEN',
  'PROTOCOL',
  'EMPTY',
  'SCHEMA',
  'TOOBIG',
  'CONSTRAINT',
  'MISMATCH',
  'MISUSE',
  'NOLFS',
  'AUTH',
  'FORMAT',
  'RANGE',
  'NOTADB',
];

/** What a code is extended by, by number, from 1. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  BUSY: 'RECOVERY SNAPSHOT TIMEOUT',
  LOCKED: 'SHAREDCACHE VTAB',
  READONLY: 'RECOVERY CANTLOCK ROLLBACK DBMOVED CANTINIT DIRECTORY',
  IOERR:
    'READ SHORT_READ WRITE FSYNC DIR_FSYNC TRUNCATE FSTAT UNLOCK RDLOCK DELETE BLOCKED NOMEM ACCESS CHECKRESERVEDLOCK LOCK ' +
    'CLOSE DIR_CLOSE SHMOPEN SHMSIZE SHMLOCK SHMMAP SEEK DELETE_NOENT MMAP GETTEMPPATH CONVPATH VNODE AUTH BEGIN_ATOMIC ' +
    'COMMIT_ATOMIC ROLLBACK_ATOMIC DATA CORRUPTFS IN_PAGE',
  CORRUPT: 'VTAB SEQUENCE INDEX',
  CANTOPEN: 'NOTEMPDIR ISDIR FULLPATH CONVPATH DIRTYWAL SYMLINK',
  CONSTRAINT:
    'CHECK COMMITHOOK FOREIGNKEY FUNCTION NOTNULL PRIMARYKEY TRIGGER UNIQUE VTAB ROWID PINNED DATATYPE',
};

/** SQLite's result code by name, `SQLITE_BUSY_SNAPSHOT` say, of what `node:sqlite` threw; `undefined` when SQLite did not refuse it. */
export function resultCode(error: unknown): string | undefined {
  // A number that no store has written: it is none of JavaScript's.
  if (errorCode(error) === 'ERR_OUT_OF_RANGE') return 'SQLITE_CORRUPT';
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? nameOf(error.errcode) : undefined;
}

function nameOf(code: number): string {
  const name = CODES[code & 0xff] ?? 'ERROR';
  const extension = EXTENSIONS[name]?.split(' ')[(code >> 8) - 1];
  return ['SQLITE', name, extension].filter((part) => part !== undefined).join('_');
}
