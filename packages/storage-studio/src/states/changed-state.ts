import type { Change, Entry, RecordKey, RecordKind, Storage } from '@gati-framework/manifest-store';
import { type KeyTuple, keyObject, keyTuple } from '@gati-framework/manifest-store/backend';
import {
  fieldDifferences,
  type RecordDifference,
  type State,
  type StateRecord,
} from '@gati-framework/storage-tools/diff';
import type { WritePlan } from '../writes/plan.js';

/** Records that are asked for at once; backends read those together. */
const READ_TOGETHER = 64;

/** What a state would be after changes. Memory: the changes. */
export function changedState(state: State, changes: readonly Change[]): State {
  const puts = new Map<string, StateRecord>();
  const gone = new Set<string>();
  for (const change of changes) {
    if ('clear' in change) continue;
    const { kind, key } = targetOf(change);
    const id = idOf(kind, key);
    gone.delete(id);
    puts.delete(id);
    if ('put' in change)
      puts.set(id, { kind, key: keyObject(kind, key), value: change.value } as StateRecord);
    else gone.add(id);
  }
  return {
    async *entries(filter) {
      for await (const record of state.entries(filter)) {
        const id = idOf(record.kind, keyTuple(record.kind, record.key));
        if (!puts.has(id) && !gone.has(id)) yield record;
      }
      for (const record of puts.values())
        if (filter?.kinds === undefined || filter.kinds.includes(record.kind)) yield record;
    },
  };
}

/** What a plan changes, in its order; changes that leave a record as it is are left out. */
export async function* differencesOfPlan(
  storage: Pick<Storage, 'get'>,
  { changes, differences }: WritePlan,
): AsyncGenerator<RecordDifference> {
  if (differences === undefined) yield* differencesOf(storage, changes);
  else yield* differences;
}

async function* differencesOf(
  storage: Pick<Storage, 'get'>,
  changes: readonly Change[],
): AsyncGenerator<RecordDifference> {
  for (let from = 0; from < changes.length; from += READ_TOGETHER) {
    const group = changes
      .slice(from, from + READ_TOGETHER)
      .flatMap((change) => ('clear' in change ? [] : [change]));
    const targets = group.map(targetOf);
    const stored = await Promise.all(
      targets.map(({ kind, key }) => storage.get({ kind, key: keyObject(kind, key) } as RecordKey)),
    );
    for (const [i, target] of targets.entries()) {
      const change = group[i];
      const after = change !== undefined && 'put' in change ? change.value : undefined;
      const difference = differenceOf(target, stored[i]?.value, after);
      if (difference !== undefined) yield difference;
    }
  }
}

interface Target {
  readonly kind: RecordKind;
  readonly key: KeyTuple;
}

function targetOf(change: Exclude<Change, { clear: true }>): Target {
  if ('put' in change) return { kind: change.put, key: keyTuple(change.put, change.value) };
  return { kind: change.delete, key: keyTuple(change.delete, change.key) };
}

function differenceOf(
  target: Target,
  before: Entry['value'] | undefined,
  after: Entry['value'] | undefined,
): RecordDifference | undefined {
  if (before === undefined && after === undefined) return undefined;
  if (before === undefined) return { ...target, change: 'added', fields: [], ...(after && { after }) };
  if (after === undefined) return { ...target, change: 'removed', before, fields: [] };
  const fields = fieldDifferences(before, after);
  return fields.length === 0 ? undefined : { ...target, change: 'changed', before, after, fields };
}

function idOf(kind: RecordKind, key: KeyTuple): string {
  return JSON.stringify([kind, ...key]);
}
