import type { Storage } from './contract/storage.js';
import type { StorageContract } from './contract/storage-contract.js';
import { StorageError } from './contract/storage-error.js';
import { createInMemoryStorage } from './memory/create-in-memory-storage.js';
import { describeType, guardInput, readField } from './rules/input.js';

const CONTRACT_METHODS: readonly (keyof StorageContract)[] = [
  'storeManifest',
  'getManifest',
  'getAllManifestVersions',
  'storeHookManifest',
  'getHookManifest',
  'listHookManifests',
  'storeGType',
  'getGType',
  'storeTransformer',
  'getTransformer',
  'getTransformersForVersions',
  'storeVersionGraph',
  'getVersionGraph',
  'storeTimescapeMetadata',
  'getTimescapeMetadata',
  'clear',
  'getStats',
];

/**
 * The manifest store of an application.
 *
 * Without an argument it keeps everything in memory. Given a storage, it uses
 * that: any object that implements {@link StorageContract} will do, and comes
 * back as it is, so that a storage that offers more keeps offering it.
 *
 * @example
 * import { createManifestStore } from '@gati-framework/manifest-store';
 *
 * const store = createManifestStore();
 * await store.storeManifest(manifest);
 */
export function createManifestStore(): Storage;
export function createManifestStore<S extends StorageContract>(storage: S): S;
export function createManifestStore(storage?: StorageContract): StorageContract;
export function createManifestStore(storage?: StorageContract): StorageContract {
  if (storage === undefined) return createInMemoryStorage();
  assertContract(storage);
  return storage;
}

/** Refuses what lacks a method of the contract, naming each. */
export function assertContract(storage: StorageContract): void {
  const missing = guardInput('storage', 'INVALID_OPTIONS', () =>
    CONTRACT_METHODS.filter((method) => typeof storage?.[method] !== 'function'),
  );
  if (missing.length === 0) return;
  throw new StorageError('INVALID_OPTIONS', problemOf(storage, missing), {
    path: 'storage',
    details: { missing },
  });
}

function problemOf(storage: unknown, missing: readonly string[]): string {
  if (missing.length < CONTRACT_METHODS.length)
    return `storage is not a StorageContract: it lacks ${missing.join(', ')}.`;
  const isPromise = guardInput(
    'storage',
    'INVALID_OPTIONS',
    () => typeof readField(Object(storage), 'then') === 'function',
  );
  if (isPromise) return 'storage is the promise of a storage: await it.';
  return `storage must be a storage, such as a factory of a backend makes, not ${describeType(storage)}.`;
}
