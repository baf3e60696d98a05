export { countRecords } from './count-records.js';
export {
  breakingVersions,
  readHandlers,
  type StoredHandler,
  versionNames,
} from './handlers/stored-handlers.js';
export { type OpenStorageOptions, openStorage } from './open/open-storage.js';
export { storageFile } from './open/storage-url.js';
