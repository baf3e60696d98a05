/**
 * For those who write a storage backend: the rules of what may be stored, and
 * the parts that every backend needs.
 */

export {
  BaseStorage,
  type ListedFields,
  type ListedKind,
  type MaybePromise,
  type StorageParts,
  statsOf,
} from './base-storage.js';
export type { BackupOptions, BackupPhase, BackupProgress, BackupReport } from './contract/backup.js';
export {
  belongsToHandler,
  byKind,
  describeKey,
  type KeyTuple,
  keyObject,
  keyTuple,
  RECORD_KIND_NAMES,
  RECORD_KINDS,
  type RecordKindDefinition,
} from './contract/record-kinds.js';
export { StorageErrorBase } from './contract/storage-error.js';
export {
  ARTIFACT_PREFIX,
  isOfNoHandler,
  recordOfNoHandler,
  TIMELINE_PREFIX,
} from './contract/timescape-records.js';
export { deletionOf, entryOf, putOf, stepOf } from './contract/told-records.js';
export { ChangeFeed, type EventMaker, type HistoryReader, type PastCommit } from './feed/change-feed.js';
export { bindMethods } from './platform/bind-methods.js';
export { jsonText } from './platform/json-text.js';
export { arePrototypesPolluted, setField, withoutPrototype } from './platform/plain-objects.js';
export { TimeSlice } from './platform/time-slice.js';
export { type Timer, timers } from './platform/timers.js';
export { gatherChanges, isStream, prepareGiven, prepareStream } from './rules/change-stream.js';
export { CheckedPut, checkedPut } from './rules/checked-put.js';
export { MAX_NOTE_BYTES, type PreparedCommitOptions, prepareCommitOptions } from './rules/commit-options.js';
export {
  closed,
  compacted,
  conflict,
  movedOn,
  notKept,
  replaced,
  tooLargeToTell,
  withoutHistory,
} from './rules/common-errors.js';
export { MAX_RECORD_DEPTH } from './rules/copy-walk.js';
export {
  ELEMENT_WEIGHT,
  FIELD_WEIGHT,
  heapWeight,
  numberWeight,
  OBJECT_WEIGHT,
  stringWeight,
} from './rules/heap-weight.js';
export { guardInput, readField } from './rules/input.js';
export { assertKeyField, MAX_KEY_BYTES } from './rules/key-rules.js';
export { type LogRange, readLogRange } from './rules/log-range.js';
export {
  type DecidedOptions,
  decideOptions,
  invalidOption,
  type OldForm,
  type OptionRule,
  type OptionRules,
  optionRules,
} from './rules/option-rules.js';
export { assertOptions, readAt, readCount, readFilter, readOptions } from './rules/options.js';
export {
  type PreparedChange,
  type PreparedClear,
  type PreparedDelete,
  type PreparedExpectation,
  type PreparedPut,
  prepareChange,
  prepareChanges,
  prepareExpectations,
  preparePut,
  prepareRecordKey,
} from './rules/prepare-change.js';
export {
  type GivenRetention,
  HISTORY_LIMIT,
  mergeRetention,
  type Retention,
  retentionRule,
} from './rules/retention.js';
export { DEFAULT_MAX_RECORD_BYTES, type Snapshot, snapshot } from './rules/snapshot.js';
export { channels, type StorageChannel } from './tracing/channels.js';
export { commonKind } from './tracing/common-kind.js';
