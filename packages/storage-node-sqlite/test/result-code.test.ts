import { expect, test } from 'vitest';
import { resultCode } from '../src/result-code.js';

/** As SQLite documents them. */
test.each([
  [1, 'SQLITE_ERROR'],
  [5, 'SQLITE_BUSY'],
  [13, 'SQLITE_FULL'],
  [14, 'SQLITE_CANTOPEN'],
  [26, 'SQLITE_NOTADB'],
  [261, 'SQLITE_BUSY_RECOVERY'],
  [266, 'SQLITE_IOERR_READ'],
  [517, 'SQLITE_BUSY_SNAPSHOT'],
  [1032, 'SQLITE_READONLY_DBMOVED'],
  [1034, 'SQLITE_IOERR_FSYNC'],
  [1544, 'SQLITE_READONLY_DIRECTORY'],
  [1550, 'SQLITE_CANTOPEN_SYMLINK'],
  [2067, 'SQLITE_CONSTRAINT_UNIQUE'],
  [3091, 'SQLITE_CONSTRAINT_DATATYPE'],
  [4874, 'SQLITE_IOERR_SHMSIZE'],
  [8714, 'SQLITE_IOERR_IN_PAGE'],
  [13 | (9 << 8), 'SQLITE_FULL'],
])('%i is %s', (errcode, name) => {
  expect(resultCode(Object.assign(new Error('refused'), { code: 'ERR_SQLITE_ERROR', errcode }))).toBe(name);
});

test('a number that no store has written is damage', () => {
  expect(resultCode(Object.assign(new RangeError('too large'), { code: 'ERR_OUT_OF_RANGE' }))).toBe(
    'SQLITE_CORRUPT',
  );
});

test.each([[new TypeError('no SQLite')], ['a text'], [null], [{ errcode: 'five' }]])(
  'what SQLite did not refuse has no code: %s',
  (error) => expect(resultCode(error)).toBeUndefined(),
);
