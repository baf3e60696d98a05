import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gtype } from '../support/records.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { backend } from './support/backend.js';

test('a writer that waits too long for another one is told so, while reads and the event loop go on', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = backend.create({ filename, lockTimeout: 2_000 });
  await storage.storeGType(gtype('a'));
  const other = backend.connect(filename);
  other.exec('BEGIN IMMEDIATE');

  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  const write = storage.storeGType(gtype('b')).catch((reason) => reason);
  expect(await storage.getGType('a')).toEqual(gtype('a'));
  const error = await write;
  clearInterval(timer);
  expect(error).toMatchObject({ name: 'StorageError', code: 'STORAGE_LOCKED' });
  expect(error.message).toContain('lockTimeout');
  expect(turns).toBeGreaterThan(5);

  other.exec('ROLLBACK');
  other.close();
  await storage.storeGType(gtype('b'));
  expect(await storage.getGType('b')).toEqual(gtype('b'));
  await storage.close();
});

test('a write goes through as soon as the other writer lets go', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = backend.create({ filename });
  await storage.open();
  const other = backend.connect(filename);
  other.exec('BEGIN IMMEDIATE');
  const write = storage.storeGType(gtype('a'));
  setTimeout(() => other.exec('COMMIT'), 50);
  await write;
  expect(storage.getStats().gtypeCount).toBe(1);
  other.close();
  await storage.close();
});

test("a caller's connection is left open, and one that its owner closed gets a typed error", async () => {
  const database = backend.connect(join(temporaryFolder(), 'store.db'));
  const storage = backend.createOn({ connection: database });
  await storage.storeGType(gtype('a'));
  await storage.close();
  expect(database.isOpen).toBe(true);
  expect(database.rows('SELECT ref FROM gtypes')).toEqual([{ ref: 'a' }]);

  const second = backend.createOn({ connection: database });
  await second.open();
  database.close();
  await expect(second.getGType('a')).rejects.toMatchObject({
    name: 'StorageError',
    code: 'STORAGE_UNAVAILABLE',
  });
  await expect(second.storeGType(gtype('b'))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  await second.close();
});

test('whoever reads waits for somebody who lets nobody read, as a file without a write-ahead log is written', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const first = backend.create({ filename });
  await first.storeGType(gtype('a'));
  await first.storeGType(gtype('b'));
  await first.close();
  const other = backend.connect(filename);
  other.exec('PRAGMA journal_mode = DELETE');
  const storage = backend.create({ filename, readOnly: true });
  await storage.open();
  await storage.getGType('a'); // cached from here on

  const names = async (iterator: AsyncIterable<{ key: object }>): Promise<unknown[]> => {
    const keys: unknown[] = [];
    for await (const { key } of iterator) keys.push(Object.values(key)[0]);
    return keys;
  };
  const watched = async (): Promise<unknown> => {
    for await (const { revision } of storage.watch({ after: 1 })) return revision;
    return undefined;
  };
  other.exec('BEGIN EXCLUSIVE');
  const reads = Promise.all([
    storage.getGType('a'),
    storage.getGType('b'),
    storage.stats().then(({ revision }) => revision),
    names(storage.entries()),
    names(storage.entries({ at: 1 })),
    storage.get({ kind: 'gtype', key: { ref: 'b' } }, { at: 1 }),
    watched(),
  ]);
  setTimeout(() => other.exec('COMMIT'), 100);
  expect(await reads).toEqual([gtype('a'), gtype('b'), 2, ['a', 'b'], ['a'], undefined, 2]);

  other.exec('BEGIN EXCLUSIVE');
  const impatient = backend.create({ filename, readOnly: true, lockTimeout: 30 });
  await expect(impatient.getGType('a')).rejects.toMatchObject({ code: 'STORAGE_LOCKED' });
  other.exec('COMMIT');
  other.close();
  await impatient.close();
  await storage.close();
});
