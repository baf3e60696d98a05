export { countRecords } from './count-records.js';
export {
  breakingVersions,
  readHandlers,
  type StoredHandler,
  versionNames,
} from './handlers/stored-handlers.js';
export { noteOf } from './note-of.js';
export { type OpenStorageOptions, openStorage } from './open/open-storage.js';
export { shownUrl, storageFile } from './open/storage-url.js';
export { readableJson, readableJsonLine } from './readable-json.js';
