export { type DecodedRecord, decodeRecord } from './decode-record.js';
export { digestOf } from './digest.js';
export type * from './record-driver.js';
export { LARGEST_TOLD_COMMIT, PAGE_BYTES } from './record-driver.js';
export { RecordStorage, type RecordStorageOptions } from './record-storage.js';
export { SharedRuns } from './shared-runs.js';
export { type CommonOptions, commonRules, DEFAULT_RETENTION, lineLogger } from './storage-options.js';
export { TroubleLog } from './trouble-log.js';
export { within } from './within.js';
