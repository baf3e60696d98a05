import { keyTuple } from '@gati-framework/manifest-store/backend';
import { recordContent } from '../archive/record-content.js';
import { shortDigest } from '../short-digest.js';
import { fieldDifferences } from './field-differences.js';
import type { RecordDifference } from './record-differences.js';
import type { State, StateRecord } from './state.js';

/** Length of the texts of changed records that are kept, until one side is read again to compare them. */
const MAX_PENDING = 16 * 1024 * 1024;

/**
 * What differs between two states by content, however large they are and in whichever order their
 * records come. `before` is read again when something differs: a state that others write to must be read
 * as of one revision, or what they write in between may be told, too.
 *
 * Added records come first, with some of those that changed, then the others as they come in `before`.
 *
 * Memory: about 100 bytes for each record of `before`, and 16 MiB of records that changed.
 */
export async function* stateDifferences(before: State, after: State): AsyncGenerator<RecordDifference> {
  const digests = await digestsOf(before);
  const pending = new Map<string, StateRecord>();
  let length = 0;
  for await (const record of after.entries()) {
    const id = idOf(record);
    const digest = digests.get(id);
    const content = recordContent(record);
    digests.delete(id);
    if (digest === undefined) yield added(record);
    if (digest === undefined || digest === shortDigest(content)) continue;
    pending.set(id, record);
    length += content.length;
    if (length < MAX_PENDING) continue;
    yield* changed(before, pending, NONE);
    length = 0;
  }
  yield* changed(before, pending, digests);
}

const NONE: ReadonlyMap<string, string> = new Map();

async function digestsOf(state: State): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  for await (const record of state.entries()) digests.set(idOf(record), shortDigest(recordContent(record)));
  return digests;
}

/** Reads one side again, for the records that are pending, which are none afterwards, and those that are gone. */
async function* changed(
  before: State,
  pending: Map<string, StateRecord>,
  gone: ReadonlyMap<string, string>,
): AsyncGenerator<RecordDifference> {
  let left = pending.size + gone.size;
  if (left === 0) return;
  for await (const record of before.entries()) {
    const id = idOf(record);
    const other = pending.get(id);
    if (other !== undefined) yield* changedFields(record, other);
    else if (gone.has(id)) yield { ...base(record), change: 'removed', before: record.value, fields: [] };
    else continue;
    pending.delete(id);
    left -= 1;
    if (left === 0) break;
  }
  // Only where somebody has deleted them in between.
  for (const record of pending.values()) yield added(record);
  pending.clear();
}

/** None where only the order of fields is another. */
function* changedFields(before: StateRecord, after: StateRecord): Generator<RecordDifference> {
  const fields = fieldDifferences(before.value, after.value);
  if (fields.length > 0)
    yield { ...base(before), change: 'changed', before: before.value, after: after.value, fields };
}

function added(record: StateRecord): RecordDifference {
  return { ...base(record), change: 'added', after: record.value, fields: [] };
}

function base({ kind, key }: StateRecord): Pick<RecordDifference, 'kind' | 'key'> {
  return { kind, key: keyTuple(kind, key) };
}

function idOf(record: StateRecord): string {
  const { kind, key } = base(record);
  return shortDigest(JSON.stringify([kind, ...key]));
}
