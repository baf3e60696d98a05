import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { gtype } from '../support/records.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { backend } from './support/backend.js';
import { failStatement } from './support/failing-statements.js';

test.each([
  ['SQLITE_FULL', 'STORAGE_FULL'],
  ['SQLITE_IOERR_FSYNC', 'STORAGE_FAILED'],
  ['SQLITE_IOERR_WRITE', 'STORAGE_FAILED'],
])('a commit that ends in %s is not stored, holds no lock, and takes no revision', async (cause, code) => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = backend.create({ filename, cacheSize: 1 });
  const other = backend.create({ filename, lockTimeout: 200 });
  await storage.storeGType(gtype('a', 'old'));
  const events = storage.watch({ after: 1 });
  const failed = failStatement('COMMIT', cause);
  const changes = ['a', 'b'].map((ref) => ({ put: 'gtype' as const, value: gtype(ref, 'new') }));
  const error = await storage.commit(changes).catch((reason) => reason);
  expect(error).toMatchObject({ name: 'StorageError', code });
  expect(error.message.includes('stored is unknown')).toBe(code === 'STORAGE_FAILED');
  expect(failed()).toBe(1);
  expect(await storage.getGType('a')).toEqual(gtype('a', 'old'));
  expect(await other.commit([{ put: 'gtype', value: gtype('c') }])).toBe(2);
  expect(await storage.commit([{ put: 'gtype', value: gtype('d') }])).toBe(3);
  expect((await events.next()).value?.changes).toMatchObject([{ put: 'gtype', key: { ref: 'c' } }]);
  expect((await storage.stats()).gtypeCount).toBe(3);
  expect(storage.getStats().gtypeCount).toBe(3);
  await Promise.all([storage.close(), other.close()]);
});

test('when the transaction of a group fails, each of its commits is made alone, and once', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = backend.create({ filename });
  await storage.open();
  // What is committed while another has to wait makes one group. Each turn encodes one commit at least.
  const locked = backend.connect(filename);
  locked.exec('BEGIN IMMEDIATE');
  const failed = failStatement('COMMIT', 'SQLITE_IOERR_FSYNC', 1);
  const first = storage.commit([{ put: 'gtype', value: gtype('first') }]);
  for (let turn = 0; turn < 5; turn++) await setImmediate();
  const group = ['a', 'b', 'c'].map((ref) => storage.commit([{ put: 'gtype', value: gtype(ref) }]));
  for (let turn = 0; turn < 5; turn++) await setImmediate();
  locked.close();
  expect(await first).toBe(1);
  expect(await Promise.all(group)).toEqual([2, 3, 4]);
  expect(failed()).toBe(1);
  const events = storage.watch({ after: 1 });
  for (const ref of ['a', 'b', 'c']) {
    expect((await events.next()).value?.changes).toMatchObject([{ put: 'gtype', key: { ref } }]);
  }
  await storage.close();
});

test("a transaction that has begun although its BEGIN failed is in nobody's way", async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = backend.create({ filename });
  const other = backend.create({ filename, lockTimeout: 200 });
  await storage.storeGType(gtype('a'));
  const failed = failStatement('BEGIN IMMEDIATE', 'SQLITE_IOERR_FSYNC', 0, true);
  await expect(storage.commit([{ put: 'gtype', value: gtype('b') }])).rejects.toMatchObject({
    code: 'STORAGE_FAILED',
  });
  expect(failed()).toBe(1);
  expect(await other.commit([{ put: 'gtype', value: gtype('c') }])).toBe(2);
  expect(await storage.commit([{ put: 'gtype', value: gtype('d') }])).toBe(3);
  await Promise.all([storage.close(), other.close()]);
});

test('a commit that is there although its COMMIT failed is in doubt, is made once, and the next ones follow it', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = backend.create({ filename });
  await storage.storeGType(gtype('a', 'old'));
  expect(await storage.getGType('a')).toEqual(gtype('a', 'old'));
  const failed = failStatement('COMMIT', 'SQLITE_IOERR_FSYNC', 0, true);
  // In one group: the second would be made again alone.
  const group = ['a', 'b'].map((ref) => storage.commit([{ put: 'gtype', value: gtype(ref, 'new') }]));
  const codes = (await Promise.allSettled(group)).map((one) => one.status === 'rejected' && one.reason.code);
  expect(codes).toEqual(['STORAGE_IN_DOUBT', 'STORAGE_IN_DOUBT']);
  expect(failed()).toBe(1);
  expect(await storage.getGType('a')).toEqual(gtype('a', 'new'));
  expect(await storage.commit([{ put: 'gtype', value: gtype('c') }])).toBe(4);
  const events = storage.watch({ after: 1 });
  for (const ref of ['a', 'b', 'c']) {
    expect((await events.next()).value?.changes).toMatchObject([{ put: 'gtype', key: { ref } }]);
  }
  expect((await storage.stats()).gtypeCount).toBe(3);
  await storage.close();
});
