/**
 * For those who write a storage backend: the rules of what may be stored, and
 * the parts that every backend needs.
 */
export { bindMethods } from './bind-methods.js';
export { ChangeFeed, type EventMaker, type HistoryReader, type PastCommit } from './change-feed.js';
export { closed, compacted, conflict, replaced } from './common-errors.js';
export { ELEMENT_WEIGHT, FIELD_WEIGHT, numberWeight, OBJECT_WEIGHT, stringWeight } from './heap-weight.js';
export { guardInput } from './input.js';
export { jsonText } from './json-text.js';
export { assertKeyField, MAX_KEY_BYTES } from './key-rules.js';
export { assertOptions, readCount, readFilter, readOptions } from './options.js';
export { arePrototypesPolluted, setField, withoutPrototype } from './plain-objects.js';
export {
  type PreparedChange,
  type PreparedClear,
  type PreparedDelete,
  type PreparedExpectation,
  type PreparedPut,
  prepareChanges,
  prepareExpectations,
  preparePut,
  prepareRecordKey,
} from './prepare-change.js';
export {
  belongsToHandler,
  describeKey,
  type KeyTuple,
  keyObject,
  keyTuple,
  RECORD_KIND_NAMES,
  RECORD_KINDS,
  type RecordKindDefinition,
} from './record-kinds.js';
export { DEFAULT_MAX_RECORD_BYTES, MAX_RECORD_DEPTH, type Snapshot, snapshot } from './snapshot.js';
export { type Timer, timers } from './timers.js';
