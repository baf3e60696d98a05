import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { gtype } from '../support/records.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { backend } from './support/backend.js';

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
  expect(() => backend.createUnchecked(options)).toThrowError(
    expect.objectContaining({ name: 'StorageError', code: 'INVALID_OPTIONS', path }),
  );
});

test('a file that is to be read is named when its folder is missing, and nothing is made', async () => {
  const folder = temporaryFolder();
  const filename = `${folder}/missing/store.db`;
  const storage = backend.create({ filename, readOnly: true });
  const error = await storage.open().catch((reason) => reason);
  expect(error).toMatchObject({ name: 'StorageError', code: 'STORAGE_UNAVAILABLE' });
  expect(error.message).toContain('missing/store.db');
  expect(readdirSync(folder)).toEqual([]);
});

test('a database in memory belongs to its storage alone', async () => {
  const storage = backend.create({ filename: ':memory:' });
  await storage.storeGType(gtype('a'));
  expect(storage.capabilities).toMatchObject({ persistent: false, multiProcess: false });
  expect((await storage.stats()).gtypeCount).toBe(1);
  await storage.close();
});

test('durability is what the option says', async () => {
  const database = backend.connect(`${temporaryFolder()}/store.db`);
  const synchronous = (): unknown => database.value('PRAGMA synchronous');
  const durable = backend.createOn({ connection: database });
  await durable.open();
  expect(synchronous()).toBe(2); // FULL
  expect(database.value('PRAGMA journal_mode')).toBe('wal');
  await durable.close();
  const weaker = backend.createOn({ connection: database, durability: 'process-crash' });
  await weaker.open();
  expect(synchronous()).toBe(1); // NORMAL
  database.close();
});
