import { readdirSync } from 'node:fs';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { assertRunsHere } from '../src/load-driver.js';

const refused: [string, unknown][] = [
  ['options', undefined],
  ['options', null],
  ['options.filename', {}],
  ['options.filename', { filename: '' }],
  ['options.filename', { filename: '  ' }],
  ['options.filename', { filename: 5 }],
  ['options.filename', { filename: 'a\0b' }],
  ['options.filename', { filename: 'file:a.db?mode=memory' }],
  ['options.database', { database: {} }],
  ['options.readOnly', { filename: 'a.db', readOnly: 1 }],
  ['options.durability', { filename: 'a.db', durability: 'none' }],
  ['options.lockTimeout', { filename: 'a.db', lockTimeout: -1 }],
  ['options.busyTimeout', { filename: 'a.db', busyTimeout: -1 }],
  ['options.busyTimeout', { filename: 'a.db', busyTimeout: 5, lockTimeout: 5 }],
  ['options.log', { filename: 'a.db', log: () => {} }],
  ['options.historyLimit', { filename: 'a.db', historyLimit: 0 }],
  ['options.fileName', { fileName: 'a.db' }],
];

test.each(refused)('names %s when it is wrong: %j', (path, options) => {
  expect(() => createBetterSqlite3Storage(options as never)).toThrowError(
    expect.objectContaining({ name: 'StorageError', code: 'INVALID_OPTIONS', path }),
  );
});

test('a file that is to be read is named when its folder is missing, and nothing is made', async () => {
  const folder = temporaryFolder();
  const filename = `${folder}/missing/store.db`;
  const storage = createBetterSqlite3Storage({ filename, readOnly: true });
  const error = await storage.open().catch((reason) => reason);
  expect(error).toMatchObject({ name: 'StorageError', code: 'STORAGE_UNAVAILABLE' });
  expect(error.message).toContain('missing/store.db');
  expect(readdirSync(folder)).toEqual([]);
});

test('a database in memory belongs to its storage alone', async () => {
  const storage = createBetterSqlite3Storage({ filename: ':memory:' });
  await storage.storeGType(gtype('a'));
  expect(storage.capabilities).toMatchObject({ persistent: false, multiProcess: false });
  expect((await storage.stats()).gtypeCount).toBe(1);
  await storage.close();
});

test('durability is what the option says', async () => {
  const database = new Database(`${temporaryFolder()}/store.db`);
  const synchronous = (): unknown => database.pragma('synchronous', { simple: true });
  const durable = createBetterSqlite3Storage({ database });
  await durable.open();
  expect(synchronous()).toBe(2); // FULL
  expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
  await durable.close();
  const weaker = createBetterSqlite3Storage({ database, durability: 'process-crash' });
  await weaker.open();
  expect(synchronous()).toBe(1); // NORMAL
  database.close();
});

test('a driver that would crash this Node.js is not loaded', () => {
  expect(() => assertRunsHere('13.2.0', '20.20.2')).toThrowError(
    expect.objectContaining({
      code: 'STORAGE_DRIVER_MISSING',
      message: expect.stringContaining('better-sqlite3@12'),
    }),
  );
  expect(() => assertRunsHere('13.2.0', '22.12.0')).not.toThrow();
  expect(() => assertRunsHere('12.11.1', '20.19.0')).not.toThrow();
});
