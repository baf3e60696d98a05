export { digestOf } from './digest.js';
export type * from './record-driver.js';
export { PAGE_BYTES } from './record-driver.js';
export { RecordStorage, type RecordStorageOptions } from './record-storage.js';
