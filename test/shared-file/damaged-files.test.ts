import { closeSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gtype } from '../support/records.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { backend } from './support/backend.js';

/** Opening the file is refused with this code, and the file stays as it was, byte for byte. */
async function expectRefusedUnchanged(filename: string, code: string): Promise<void> {
  const before = readFileSync(filename);
  const storage = backend.create({ filename });
  const error = await storage.storeGType(gtype('x')).catch((reason) => reason);
  expect(error).toMatchObject({ name: 'StorageError', code });
  expect(error.message).toContain(filename);
  expect((await storage.health()).status).toBe('failed');
  await storage.close();
  expect(readFileSync(filename).equals(before)).toBe(true);
}

async function makeStore(records: number): Promise<string> {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = backend.create({ filename });
  await storage.commit(
    Array.from({ length: records }, (_, i) => ({ put: 'gtype', value: gtype(`type-${i}`, 'x'.repeat(500)) })),
  );
  await storage.close();
  return filename;
}

test('a file that is no database is refused and left alone', async () => {
  const filename = join(temporaryFolder(), 'notes.txt');
  writeFileSync(filename, 'these are my notes, not a database\n'.repeat(100));
  await expectRefusedUnchanged(filename, 'STORAGE_FOREIGN');
});

test('a database of another application is refused and left alone', async () => {
  const filename = join(temporaryFolder(), 'other.db');
  const database = backend.connect(filename);
  database.exec('CREATE TABLE customers (id INTEGER PRIMARY KEY)');
  database.close();
  await expectRefusedUnchanged(filename, 'STORAGE_FOREIGN');
});

test('an empty database that another application has marked as its own is refused', async () => {
  const filename = join(temporaryFolder(), 'other.db');
  const database = backend.connect(filename);
  database.exec('PRAGMA application_id = 252006674');
  database.close();
  await expectRefusedUnchanged(filename, 'STORAGE_FOREIGN');
});

test('a store of a newer version is refused and left alone', async () => {
  const filename = await makeStore(1);
  const database = backend.connect(filename);
  database.exec('PRAGMA user_version = 1000');
  database.close();
  await expectRefusedUnchanged(filename, 'STORAGE_SCHEMA_TOO_NEW');
});

test('an empty file becomes a store', async () => {
  const filename = join(temporaryFolder(), 'empty.db');
  writeFileSync(filename, '');
  const storage = backend.create({ filename });
  await storage.storeGType(gtype('x'));
  expect(storage.getStats().gtypeCount).toBe(1);
  await storage.close();
});

test('a truncated store is reported as damaged and not overwritten', async () => {
  const filename = await makeStore(2_000);
  truncateSync(filename, 200 * 4096);
  const size = readFileSync(filename).length;
  const storage = backend.create({ filename });
  await expect(storage.getGType('type-1999')).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' });
  await storage.close();
  expect(readFileSync(filename).length).toBe(size);
});

test('damaged pages are reported, and what is on other pages can still be read', async () => {
  const filename = await makeStore(2_000);
  const file = openSync(filename, 'r+');
  // The last pages hold the last records and the last of the log.
  const pages = readFileSync(filename).length / 4096;
  for (let page = Math.floor(pages / 2); page < pages; page++) {
    writeSync(file, Buffer.alloc(4096, 0x5a), 0, 4096, page * 4096);
  }
  closeSync(file);
  const storage = backend.create({ filename });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 2_000 }, (_, i) => storage.getGType(`type-${i}`)),
  );
  const codes = new Set(outcomes.map((o) => (o.status === 'rejected' ? o.reason.code : 'ok')));
  expect(codes).toEqual(new Set(['ok', 'STORAGE_CORRUPT']));
  // What the last change tells of the store is gone, and nothing is made up or written on.
  const corrupt = { code: 'STORAGE_CORRUPT' };
  expect(() => storage.getStats()).toThrow(expect.objectContaining(corrupt));
  await expect(storage.stats()).rejects.toMatchObject(corrupt);
  await expect(storage.storeGType(gtype('new'))).rejects.toMatchObject(corrupt);
  await expect(storage.watch().next()).rejects.toMatchObject(corrupt);
  await storage.close();
});

test('a record that was changed behind the store is reported, and storing it again mends it', async () => {
  const filename = await makeStore(3);
  const database = backend.connect(filename);
  database.exec(`UPDATE changes SET value = replace(value, '"object"', '"abject"') WHERE key = '["type-1"]'`);
  database.close();
  const storage = backend.create({ filename });
  const error = await storage.getGType('type-1').catch((reason) => reason);
  expect(error).toMatchObject({ code: 'STORAGE_CORRUPT', details: { kind: 'gtype', key: ['type-1'] } });
  expect(await storage.getGType('type-2')).toBeDefined();
  await storage.storeGType(gtype('type-1'));
  expect(await storage.getGType('type-1')).toEqual(gtype('type-1'));
  await storage.close();
});

test('a deletion whose key was damaged is not told as that of another record', async () => {
  const filename = await makeStore(2);
  const writer = backend.create({ filename });
  await writer.commit([{ delete: 'gtype', key: { ref: 'type-0' } }]);
  await writer.close();
  const database = backend.connect(filename);
  database.exec(`UPDATE changes SET key = '["type-1"]' WHERE operation = 'delete'`);
  database.close();
  const storage = backend.create({ filename });
  const watch = storage.watch({ after: 1 });
  await expect(watch.next()).rejects.toMatchObject({
    code: 'STORAGE_CORRUPT',
    message: expect.stringContaining('the key of a deletion'),
  });
  await storage.close();
});

test.each([-109, 3])('a commit whose revision was damaged is not told as revision %i', async (revision) => {
  const filename = await makeStore(1);
  const writer = backend.create({ filename });
  for (const description of ['second', 'third', 'fourth']) await writer.storeGType(gtype('x', description));
  await writer.close();
  const database = backend.connect(filename);
  database.exec(`UPDATE changes SET commit_revision = ${revision} WHERE commit_revision = 2`);
  database.close();
  const storage = backend.create({ filename });
  const watch = storage.watch({ after: 1 });
  await expect(watch.next()).rejects.toMatchObject({
    code: 'STORAGE_CORRUPT',
    message: expect.stringContaining(`${filename} is damaged`),
  });
  await expect(storage.log({ after: 0 }).next()).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' });
  await storage.close();
});

test.each([
  ['note', "'by another'"],
  ['change_count', 1],
  ['committed_at', 5],
])('a commit is not told with another %s than it had', async (column, value) => {
  const filename = await makeStore(1);
  const writer = backend.create({ filename });
  const changes = ['a', 'b'].map((ref) => ({ put: 'gtype', value: gtype(ref) }) as const);
  await writer.commit(changes, { note: 'by me' });
  await writer.storeGType(gtype('c'));
  await writer.close();
  const database = backend.connect(filename);
  database.exec(`UPDATE changes SET commit_${column} = ${value} WHERE commit_note = 'by me'`);
  database.close();
  const corrupt = { code: 'STORAGE_CORRUPT', message: expect.stringContaining('revision 2 does not match') };
  const storage = backend.create({ filename });
  await expect(storage.watch({ after: 1 }).next()).rejects.toMatchObject(corrupt);
  for (const reverse of [false, true])
    await expect(storage.log({ after: 1, reverse }).next()).rejects.toMatchObject(corrupt);
  expect(await storage.getGType('c')).toEqual(gtype('c'));
  await storage.close();
});

test('a commit of which changes are missing is not told as one of fewer', async () => {
  const filename = await makeStore(1);
  const writer = backend.create({ filename });
  await writer.commit(['a', 'b', 'c'].map((ref) => ({ put: 'gtype', value: gtype(ref) })));
  await writer.close();
  const database = backend.connect(filename);
  database.exec(`DELETE FROM changes WHERE key = '["b"]'`);
  database.close();
  const corrupt = {
    code: 'STORAGE_CORRUPT',
    message: expect.stringContaining('of 3 changes of revision 2, 2 are found'),
  };
  const storage = backend.create({ filename });
  await expect(storage.watch({ after: 1 }).next()).rejects.toMatchObject(corrupt);
  await expect(storage.log({ after: 1 }).next()).rejects.toMatchObject(corrupt);
  await storage.close();
});
