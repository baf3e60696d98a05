export type * from './contract/records.js';
export type * from './contract/storage.js';
export type * from './contract/storage-contract.js';
export { StorageError, type StorageErrorCode, type StorageErrorOptions } from './contract/storage-error.js';
export type { DatabaseDetails, StorageErrorDetails } from './contract/storage-error-details.js';
export type { StorageLogger } from './contract/storage-logger.js';
export { createManifestStore } from './create-manifest-store.js';
export { createInMemoryStorage, type InMemoryStorageOptions } from './memory/in-memory-storage.js';
export { createStorageModule, type StorageModule, type StorageModuleOptions } from './storage-module.js';
