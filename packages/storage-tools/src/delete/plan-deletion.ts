import {
  type Change,
  type Entry,
  type Expectation,
  type Storage,
  StorageError,
} from '@gati-framework/manifest-store';
import { decideOptions, describeKey, keyTuple, optionRules } from '@gati-framework/manifest-store/backend';
import { checkStorage } from '../check-storage.js';
import { fieldDifferences } from '../diff/field-differences.js';
import type { RecordDifference } from '../diff/record-differences.js';
import { addEntry, type HandlerEntries } from '../prune/stored-versions.js';
import { checkTarget, type DeletionTarget, describeTarget, isPartOf } from './deletion-target.js';
import { type Referrer, Referrers } from './referrers.js';
import { withoutVersion } from './without-version.js';

export interface DeletionOptions {
  /** Plans it also when other records name what goes. Default: false. */
  force?: boolean;
}

/** What a deletion would do. */
export interface DeletionPlan {
  /** The records that go, and version graphs that forget them. */
  readonly differences: readonly RecordDifference[];
  /** The records that stay and name one that goes; with `force`, version graphs forget it, and others name nothing then. */
  readonly referrers: readonly Referrer[];
  /**
   * To be committed together with `expect`: if somebody has changed one of these records since, nothing is done.
   * Empty when there are referrers and `force` is not given.
   */
  readonly changes: readonly Change[];
  readonly expect: readonly Expectation[];
}

/**
 * How a handler, one of its versions, or any other record is deleted, and who names it. The version graph of a
 * handler forgets a version that goes, and the transformers and Timescape metadata of that go along.
 *
 * Nothing is deleted: `storage.commit(plan.changes, { expect: plan.expect })` does that.
 *
 * Memory: the keys and references of all records, not their values.
 *
 * @throws StorageError `INVALID_OPTIONS` when there is no such record.
 */
export async function planDeletion(
  storage: Pick<Storage, 'entries'>,
  target: DeletionTarget,
  options: DeletionOptions = {},
): Promise<DeletionPlan> {
  checkStorage(storage);
  checkTarget(target);
  const { force } = decideOptions(options, { force: optionRules.flag(false) });
  const found = await findRecords(storage, target);
  if (found.going.length === 0) {
    const message = `The store has no ${describeTarget(target)}. gati-storage list shows what it has.`;
    throw new StorageError('INVALID_OPTIONS', message, { path: 'target' });
  }
  const { referrers } = found;
  const { changes, expect } = changesOf(target, found);
  const differences = differencesOf(found, changes);
  if (referrers.length > 0 && !force) return { differences, referrers, changes: [], expect: [] };
  return { differences, referrers, changes, expect };
}

interface FoundRecords {
  readonly going: readonly Entry[];
  /** All that concerns versions of the handler, if it is one. */
  readonly handler: HandlerEntries | undefined;
  /** Those that name a transformer that goes. */
  readonly graphs: readonly Entry<'versionGraph'>[];
  readonly referrers: readonly Referrer[];
}

async function findRecords(storage: Pick<Storage, 'entries'>, target: DeletionTarget): Promise<FoundRecords> {
  const going: Entry[] = [];
  const graphs: Entry<'versionGraph'>[] = [];
  const handlers = new Map<string, HandlerEntries>();
  const found = new Referrers();
  const own = 'handlerId' in target ? target : undefined;
  for await (const entry of storage.entries()) {
    if (own !== undefined && 'handlerId' in entry.value && entry.value.handlerId === own.handlerId)
      addEntry(handlers, entry);
    if (isPartOf(target, entry)) {
      going.push(entry);
      found.addGoing(entry);
    } else found.addStaying(entry);
    if (entry.kind === 'versionGraph' && namesTransformer(entry, target)) graphs.push(entry);
  }
  const referrers = found.list().filter((referrer) => !isOwnNode(referrer, own));
  const handler = own === undefined ? undefined : handlers.get(own.handlerId);
  return { going, handler, graphs, referrers: [...referrers, ...transformersOf(going, own)] };
}

/** That a graph lists a version is no reason to keep it. */
function isOwnNode(
  { kind, path }: Referrer,
  own: { readonly handlerId: string; readonly version?: string } | undefined,
): boolean {
  const isListed = /^versions\[\d+\]\.(version|transformers\[\d+\]\.transformerId)$/.test(path);
  return own?.version !== undefined && kind === 'versionGraph' && isListed;
}

/** Of a version, they go along, and another version loses what leads to it or from it. */
function transformersOf(going: readonly Entry[], own: { readonly version?: string } | undefined): Referrer[] {
  if (own?.version === undefined) return [];
  return going.flatMap((entry) => {
    if (entry.kind !== 'transformer') return [];
    const path = entry.value.fromVersion === own.version ? 'fromVersion' : 'toVersion';
    return [{ kind: entry.kind, key: keyTuple(entry.kind, entry.key), path }];
  });
}

function namesTransformer({ value }: Entry<'versionGraph'>, target: DeletionTarget): boolean {
  if (!('kind' in target) || target.kind !== 'transformer') return false;
  return value.versions.some(({ transformers = [] }) =>
    transformers.some(({ transformerId }) => transformerId === target.key[0]),
  );
}

function changesOf(
  target: DeletionTarget,
  { going, handler, graphs }: FoundRecords,
): Pick<DeletionPlan, 'changes' | 'expect'> {
  if ('handlerId' in target && target.version !== undefined && handler !== undefined)
    return withoutVersion(handler, target.version);
  const deletions = going.map(({ kind, key }) => ({ delete: kind, key }) as Change);
  const ids = new Set(going.flatMap((entry) => (entry.kind === 'transformer' ? [entry.value.id] : [])));
  const rewritten = graphs.map(
    (graph): Change => ({ put: 'versionGraph', value: withoutTransformers(graph, ids) }),
  );
  return { changes: [...deletions, ...rewritten], expect: [...going, ...graphs] };
}

function differencesOf(
  { going, handler, graphs }: FoundRecords,
  changes: readonly Change[],
): RecordDifference[] {
  const known = new Map<string, Entry>();
  for (const entry of [...going, ...graphs, ...(handler?.graph === undefined ? [] : [handler.graph])])
    known.set(describeKey(entry.kind, keyTuple(entry.kind, entry.key)), entry);
  return changes.flatMap((change): RecordDifference[] => {
    if ('clear' in change) return [];
    const kind = 'put' in change ? change.put : change.delete;
    const key = keyTuple(kind, 'put' in change ? change.value : change.key);
    const before = known.get(describeKey(kind, key))?.value;
    const base = { kind, key, ...(before === undefined ? {} : { before }) };
    if (!('put' in change)) return [{ ...base, change: 'removed', fields: [] }];
    const fields = fieldDifferences(before, change.value);
    return [{ ...base, change: 'changed', after: change.value, fields }];
  });
}

function withoutTransformers(
  { value }: Entry<'versionGraph'>,
  ids: ReadonlySet<string>,
): Entry<'versionGraph'>['value'] {
  const versions = value.versions.map((node) =>
    node.transformers === undefined
      ? node
      : { ...node, transformers: node.transformers.filter(({ transformerId }) => !ids.has(transformerId)) },
  );
  return { ...value, versions };
}
