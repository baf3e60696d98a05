import { type KeyTuple, RECORD_KIND_NAMES, RECORD_KINDS } from '../contract/record-kinds.js';
import type { Change, Expectation, RecordKey, RecordKind, RecordTypes } from '../contract/storage.js';
import { StorageError } from '../contract/storage-error.js';
import { CheckedPut } from './checked-put.js';
import { describeType, guardInput, readField } from './input.js';
import { readKeyField } from './key-rules.js';
import { isRevision } from './revision.js';
import { DEFAULT_MAX_RECORD_BYTES, type Snapshot, snapshot } from './snapshot.js';

/** A record that passed every rule, copied and frozen. */
export interface PreparedPut<K extends RecordKind = RecordKind> extends Snapshot<RecordTypes[K]> {
  readonly op: 'put';
  readonly kind: K;
  readonly key: KeyTuple;
  /** The JSON text of its value, where somebody has made it already; else its own `undefined`, whatever prototypes hold. */
  readonly text: string | undefined;
}

export interface PreparedDelete {
  readonly op: 'delete';
  readonly kind: RecordKind;
  readonly key: KeyTuple;
}

export interface PreparedClear {
  readonly op: 'clear';
}

/** A change that can no longer be refused for what it is. */
export type PreparedChange = PreparedPut | PreparedDelete | PreparedClear;

export interface PreparedExpectation {
  readonly kind: RecordKind;
  readonly key: KeyTuple;
  readonly revision: number | null;
}

/** Validates and copies a record; `label` names it in error paths. */
export function preparePut<K extends RecordKind>(
  kind: K,
  record: RecordTypes[K],
  maxBytes: number = DEFAULT_MAX_RECORD_BYTES,
  label: string = kind,
): PreparedPut<K> {
  const { value, json, frozen } = guardInput(label, 'INVALID_RECORD', () => {
    if (typeof record === 'object' && record !== null && !Array.isArray(record)) {
      return snapshot(record, label, maxBytes);
    }
    throw invalid(label, `must be a ${kind} record, not ${describeType(record)}`);
  });
  const key = keyOf(kind, value, label);
  const { lookupFields, createdAt } = RECORD_KINDS[kind];
  for (const field of lookupFields) readKeyField(value, field, label);
  if (createdAt) assertTime(value, label);
  return { op: 'put', kind, key, value, json, frozen, text: undefined };
}

/** Validates a list of changes, all before the first is applied. */
export function prepareChanges(
  changes: readonly Change[],
  maxBytes: number = DEFAULT_MAX_RECORD_BYTES,
): PreparedChange[] {
  return guardInput('changes', 'INVALID_OPTIONS', () => {
    if (!Array.isArray(changes)) {
      throw misused('changes', `must be an array or an async iterator, not ${describeType(changes)}`);
    }
    const prepared: PreparedChange[] = [];
    for (const change of changes)
      prepared.push(prepareChange(change, maxBytes, `changes[${prepared.length}]`));
    return prepared;
  });
}

export function prepareChange(change: Change, maxBytes: number | undefined, label: string): PreparedChange {
  if (typeof change !== 'object' || change === null) {
    throw misused(label, `must be a change, not ${describeType(change)}`);
  }
  const checked = CheckedPut.preparedOf(change, maxBytes);
  if (checked !== undefined) return checked;
  // Each is read once: a getter may say something else the second time.
  const put = readField(change, 'put');
  const deleted = readField(change, 'delete');
  const clear = readField(change, 'clear') === true;
  const meanings = Number(put !== undefined) + Number(deleted !== undefined) + Number(clear);
  if (meanings > 1) throw misused(label, 'is several changes in one; make each an object of its own');
  if (put !== undefined) {
    assertKind(put, `${label}.put`);
    return preparePut(put, readField(change, 'value') as RecordTypes[RecordKind], maxBytes, `${label}.value`);
  }
  if (deleted !== undefined) {
    assertKind(deleted, `${label}.delete`);
    return {
      op: 'delete',
      kind: deleted,
      key: prepareKey(deleted, readField(change, 'key'), `${label}.key`),
    };
  }
  if (clear) return { op: 'clear' };
  throw misused(label, 'must be { put, value }, { delete, key } or { clear: true }');
}

export function prepareExpectations(expectations: readonly Expectation[] | undefined): PreparedExpectation[] {
  if (expectations === undefined) return [];
  return guardInput('expect', 'INVALID_OPTIONS', () => {
    if (!Array.isArray(expectations)) {
      throw misused('expect', `must be an array, not ${describeType(expectations)}`);
    }
    return Array.from(expectations, prepareExpectation);
  });
}

function prepareExpectation(expectation: Expectation, i: number): PreparedExpectation {
  const label = `expect[${i}]`;
  const { kind, key } = prepareRecordKey(expectation, label);
  const revision = readField(expectation, 'revision');
  if (revision !== null && !isRevision(revision)) {
    throw misused(`${label}.revision`, 'must be a revision, or null to expect absence');
  }
  return { kind, key, revision };
}

/** Validates `{ kind, key }`. */
export function prepareRecordKey<K extends RecordKind>(
  recordKey: RecordKey<K>,
  label = 'key',
): { kind: K; key: KeyTuple } {
  return guardInput(label, 'INVALID_OPTIONS', () => {
    if (typeof recordKey !== 'object' || recordKey === null) {
      throw misused(label, `must be { kind, key }, not ${describeType(recordKey)}`);
    }
    const kind = readField(recordKey, 'kind');
    assertKind(kind, `${label}.kind`);
    return { kind: kind as K, key: prepareKey(kind, readField(recordKey, 'key'), `${label}.key`) };
  });
}

function prepareKey(kind: RecordKind, key: unknown, label: string): KeyTuple {
  if (typeof key !== 'object' || key === null) {
    const fields = RECORD_KINDS[kind].keyFields.join(', ');
    throw invalid(label, `must be an object with ${fields}, not ${describeType(key)}`);
  }
  return keyOf(kind, key, label);
}

function keyOf(kind: RecordKind, source: object, label: string): KeyTuple {
  const [firstField, secondField] = RECORD_KINDS[kind].keyFields;
  const first = readKeyField(source, firstField, label);
  return secondField === undefined ? [first] : [first, readKeyField(source, secondField, label)];
}

export function assertKind(kind: unknown, path: string): asserts kind is RecordKind {
  if (typeof kind === 'string' && Object.hasOwn(RECORD_KINDS, kind)) return;
  throw misused(path, `must be one of ${RECORD_KIND_NAMES.join(', ')}`);
}

/** Of a call that is made wrongly, whatever record or key it is about. */
function misused(path: string, problem: string): StorageError {
  return new StorageError('INVALID_OPTIONS', `${path} ${problem}.`, { path });
}

function invalid(path: string, problem: string): StorageError {
  return new StorageError('INVALID_RECORD', `${path} ${problem}.`, { path });
}

function assertTime(record: object, label: string): void {
  const time = readField(record, 'createdAt');
  if (Number.isFinite(time)) return;
  const actual = typeof time === 'number' ? String(time) : describeType(time);
  throw invalid(
    `${label}.createdAt`,
    `must be a finite number of milliseconds since the epoch, not ${actual}`,
  );
}
