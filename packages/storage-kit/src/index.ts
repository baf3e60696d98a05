export { TroubleLog } from './figures/trouble-log.js';
export type * from './record-driver.js';
export { LARGEST_TOLD_COMMIT, PAGE_BYTES } from './record-driver.js';
export { RecordStorage, type RecordStorageOptions } from './record-storage.js';
export { type DecodedRecord, decodeRecord } from './records/decode-record.js';
export { digestOf } from './records/digest.js';
export { SharedRuns } from './shared-runs.js';
export { type CommonOptions, commonRules, DEFAULT_RETENTION, lineLogger } from './storage-options.js';
export { within } from './within.js';
