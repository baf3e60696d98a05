import type { Entry, RecordKind } from '@gati-framework/manifest-store';
import { type KeyTuple, keyTuple, RECORD_KIND_NAMES } from '@gati-framework/manifest-store/backend';
import { ByKind } from './by-kind.js';
import { type FieldDifference, fieldDifferences } from './field-differences.js';

type Record = Pick<Entry, 'kind' | 'key' | 'value'>;

/** A record that two states of a store do not share. */
export interface RecordDifference {
  readonly kind: RecordKind;
  /** The fields of the key, in order. */
  readonly key: KeyTuple;
  readonly change: 'added' | 'removed' | 'changed';
  readonly before?: Entry['value'];
  readonly after?: Entry['value'];
  /** Where they differ; none of a record that was added or removed. */
  readonly fields: readonly FieldDifference[];
}

/**
 * What differs between two states of a store, or two stores, by content: when and in which
 * order records were stored makes no difference. Records of one kind
 * come before those of the next; among them, changed ones as they are met, then
 * those that are in one state only.
 *
 * Memory: the records that stand in both, but in another order, and those that
 * stand in one. Two states of one store are compared in that of what differs.
 *
 * @param before As `entries()` gives them: kind by kind.
 */
export async function* recordDifferences(
  before: AsyncIterable<Record>,
  after: AsyncIterable<Record>,
): AsyncGenerator<RecordDifference> {
  const [left, right] = [new ByKind(before), new ByKind(after)];
  try {
    for (const kind of RECORD_KIND_NAMES) yield* ofKind(kind, left, right);
  } finally {
    await Promise.all([left.end(), right.end()]);
  }
}

async function* ofKind(
  kind: RecordKind,
  left: ByKind<Record>,
  right: ByKind<Record>,
): AsyncGenerator<RecordDifference> {
  const onlyBefore = new Map<string, Record>();
  const onlyAfter = new Map<string, Record>();
  for (;;) {
    const [before, after] = await Promise.all([left.next(kind), right.next(kind)]);
    if (before === undefined && after === undefined) break;
    for (const [record, mine, others] of [
      [before, onlyBefore, onlyAfter],
      [after, onlyAfter, onlyBefore],
    ] as const) {
      if (record === undefined) continue;
      const name = nameOf(record);
      const other = others.get(name);
      if (other === undefined) {
        mine.set(name, record);
        continue;
      }
      others.delete(name);
      yield* changed(...(mine === onlyAfter ? ([other, record] as const) : ([record, other] as const)));
    }
  }
  for (const record of onlyBefore.values()) {
    yield { kind, key: keyOf(record), change: 'removed', before: record.value, fields: [] };
  }
  for (const record of onlyAfter.values()) {
    yield { kind, key: keyOf(record), change: 'added', after: record.value, fields: [] };
  }
}

function* changed(before: Record, after: Record): Generator<RecordDifference> {
  const fields = fieldDifferences(before.value, after.value);
  if (fields.length === 0) return;
  const { kind } = before;
  yield { kind, key: keyOf(before), change: 'changed', before: before.value, after: after.value, fields };
}

function keyOf({ kind, key }: Record): KeyTuple {
  return keyTuple(kind, key);
}

function nameOf(record: Record): string {
  return JSON.stringify(keyOf(record));
}
