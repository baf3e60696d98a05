import { createInMemoryStorage, createManifestStore } from '@gati-framework/manifest-store';
import { expect, test } from 'vitest';

test('a storage comes back as it is, so that it keeps offering what it offers', () => {
  const storage = createInMemoryStorage();
  expect(createManifestStore(storage)).toBe(storage);
});

test('what is no storage is refused, naming what it lacks', () => {
  expect(() => createManifestStore({ getManifest: () => {} } as never)).toThrowError(
    expect.objectContaining({ code: 'INVALID_OPTIONS', message: expect.stringContaining('storeManifest') }),
  );
  expect(() => createManifestStore(null as never)).toThrowError(
    expect.objectContaining({ code: 'INVALID_OPTIONS' }),
  );
});

test.each([
  ['the promise of a storage', Promise.resolve(createInMemoryStorage()), 'promise of a storage: await it'],
  ['the name of a file', 'gati.db', 'such as a factory of a backend makes, not a string'],
  ['options', { filename: 'gati.db' }, 'such as a factory of a backend makes, not an object'],
])('%s in place of a storage is refused, saying what to do', (_, storage, message) => {
  expect(() => createManifestStore(storage as never)).toThrowError(
    expect.objectContaining({
      code: 'INVALID_OPTIONS',
      path: 'storage',
      message: expect.stringContaining(message),
    }),
  );
});

test('options are checked by name', () => {
  expect(() => createInMemoryStorage({ maxRecordSize: 5 } as never)).toThrowError(
    expect.objectContaining({ code: 'INVALID_OPTIONS', path: 'options.maxRecordSize' }),
  );
  expect(() => createInMemoryStorage({ historyLimit: 0 })).toThrowError(
    expect.objectContaining({ code: 'INVALID_OPTIONS', path: 'options.historyLimit' }),
  );
});

test('the history is kept as long as asked', async () => {
  const storage = createInMemoryStorage({ historyLimit: 10 });
  for (let i = 0; i < 5_000; i++) await storage.storeGType({ ref: `t${i}`, kind: 'object' });
  await expect(storage.watch({ after: 4_980 }).next()).rejects.toMatchObject({ code: 'STORAGE_COMPACTED' });
  const kept = storage.watch({ after: 4_990 });
  for (let revision = 4_991; revision <= 5_000; revision++) {
    expect((await kept.next()).value?.revision).toBe(revision);
  }
});

test('a consumer that falls too far behind is told, not skipped', async () => {
  const storage = createInMemoryStorage({ historyLimit: 10 });
  const watch = storage.watch({ after: 0 });
  await storage.storeGType({ ref: 'first', kind: 'object' });
  expect((await watch.next()).value?.revision).toBe(1);
  for (let i = 0; i < 100; i++) await storage.storeGType({ ref: `t${i}`, kind: 'object' });
  await expect(watch.next()).rejects.toMatchObject({ code: 'STORAGE_COMPACTED' });
  expect(await watch.next()).toEqual({ done: true, value: undefined });
});
