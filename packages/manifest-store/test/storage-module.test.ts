import { readFileSync } from 'node:fs';
import {
  createInMemoryStorage,
  createStorageModule,
  type Storage,
  type StorageContract,
  StorageError,
  type StorageModule,
} from '@gati-framework/manifest-store';
import type { StorageContract as PublishedContract } from 'gati-runtime-published';
import { createModuleLoader } from 'gati-runtime-published/module-loader';
import type { Module } from 'gati-runtime-published/types/module';
import { expect, expectTypeOf, test } from 'vitest';

const gctx = {} as never;

/** As much as the contract asks for, and nothing of a lifecycle. */
function plainContract(getGType: StorageContract['getGType']): StorageContract {
  const lifecycle = { open: undefined, close: undefined, health: undefined };
  return Object.assign(createInMemoryStorage(), lifecycle, { getGType });
}

test('a storage is a module of the published runtime, by its types', () => {
  expectTypeOf<StorageModule<Storage>>().toExtend<Module<Storage>>();
  expectTypeOf<StorageModule>().toExtend<Module<PublishedContract>>();
  expectTypeOf(createStorageModule(createInMemoryStorage()).exports).toEqualTypeOf<Storage>();
});

test('the loader of the published runtime opens, checks, hands out and closes a storage', async () => {
  const storage = createInMemoryStorage();
  const loader = createModuleLoader();
  await loader.register(createStorageModule(storage));
  await loader.initialize('storage', gctx);
  expect(await loader.healthCheck()).toEqual(new Map([['storage', true]]));
  expect(loader.getSync('storage')).toBe(storage);
  await loader.shutdownAll();
  await expect(storage.getGType('User')).rejects.toMatchObject({ code: 'STORAGE_CLOSED' });
});

test('a module says who it is, or what it was told to say', () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const plain = createStorageModule(createInMemoryStorage());
  expect(plain).toMatchObject({ name: 'storage', version, description: expect.any(String) });
  const named = { name: 'manifests', version: '3.0.0', description: 'Ours' };
  expect(createStorageModule(createInMemoryStorage(), named)).toMatchObject(named);
});

test('what cannot be opened fails at init with its own error, and may be tried again', async () => {
  const full = new StorageError('STORAGE_FULL', 'No room.');
  const errors = [full];
  const open = async () => {
    const error = errors.pop();
    if (error) throw error;
  };
  const module = createStorageModule(Object.assign(createInMemoryStorage(), { open }));
  await expect(module.init()).rejects.toBe(full);
  await module.init();
});

test('health is false where the store does not answer, and after shutdown, and never rejects', async () => {
  const failed = async () => ({ status: 'failed' as const, latency: 1 });
  const away = createStorageModule(Object.assign(createInMemoryStorage(), { health: failed }));
  expect(await away.healthCheck()).toBe(false);
  const module = createStorageModule(createInMemoryStorage());
  expect(await module.healthCheck()).toBe(true);
  await module.shutdown();
  await module.shutdown();
  expect(await module.healthCheck()).toBe(false);
});

test('a plain contract has nothing to open or close, and is healthy when it answers a read', async () => {
  const module = createStorageModule(plainContract(async () => undefined));
  await module.init();
  expect(await module.healthCheck()).toBe(true);
  await module.shutdown();
  const gone = createStorageModule(plainContract(() => Promise.reject(new Error('gone'))));
  expect(await gone.healthCheck()).toBe(false);
});

test('what is no storage, and an option that is unknown or no text, are refused', () => {
  const refused = (path: string) => expect.objectContaining({ code: 'INVALID_OPTIONS', path });
  const storage = createInMemoryStorage();
  expect(() => createStorageModule({} as never)).toThrowError(refused('storage'));
  expect(() => createStorageModule(undefined as never)).toThrowError(refused('storage'));
  expect(() => createStorageModule(storage, { names: 'x' } as never)).toThrowError(refused('options.names'));
  expect(() => createStorageModule(storage, { name: '' })).toThrowError(refused('options.name'));
  expect(() => createStorageModule(storage, { version: 1 } as never)).toThrowError(
    refused('options.version'),
  );
});
