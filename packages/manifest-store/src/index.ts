export { createManifestStore } from './create-manifest-store.js';
export { createInMemoryStorage, type InMemoryStorageOptions } from './in-memory-storage.js';
export type * from './records.js';
export type * from './storage.js';
export type * from './storage-contract.js';
export { StorageError, type StorageErrorCode, type StorageErrorOptions } from './storage-error.js';
export { createStorageModule, type StorageModule, type StorageModuleOptions } from './storage-module.js';
