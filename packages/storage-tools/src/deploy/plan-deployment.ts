import { type DocumentPlan, planDocument } from '@gati-framework/api-import';
import type { Change, Entry, Expectation, PutChange, Storage } from '@gati-framework/manifest-store';
import { describeKey, entryOf, type KeyTuple, keyTuple } from '@gati-framework/manifest-store/backend';
import { checkStorage } from '../check-storage.js';
import { fieldDifferences } from '../diff/field-differences.js';
import type { RecordDifference } from '../diff/record-differences.js';
import type { Bundle } from './bundle.js';
import { asBundleError, badBundle } from './bundle-error.js';

/** What is done at the moment: records of the bundle are compared with those that are stored, or what differs is stored. */
export type DeployPhase = 'comparing' | 'storing';

export interface PlanDeploymentOptions {
  /** The API that what the framework wrote belongs to, as for an import. */
  api?: string;
  /** Called now and then with how many records there were in this phase, of how many; of what is stored, which is one commit, only before it. */
  onProgress?: (records: number, all: number, phase: DeployPhase) => void;
}

/** What a deployment would do, as of one moment. */
export interface DeploymentPlan {
  /** To be committed together with `expect`: if somebody has changed one of these records since, nothing is done. */
  readonly changes: readonly Change[];
  readonly expect: readonly Expectation[];
  /** What the changes change, in their order. */
  readonly differences: readonly RecordDifference[];
  /** How many records of the bundle the store holds as they are; of what the framework wrote, how many handlers and schemas. */
  readonly unchanged: number;
  /** Of what the framework wrote: what it means for callers, and what is older than what is stored. */
  readonly report?: DocumentPlan['report'];
}

/**
 * What is different in a store from a bundle. Records that are in the store and not in the
 * bundle stay. Of what the framework wrote, a handler or schema that differs gets
 * one more version, and what is stored already stays as it is.
 *
 * Nothing is stored: {@link deploy} does that.
 *
 * @throws StorageError `INVALID_BUNDLE` when the bundle does not fit what is stored, such as one that is older.
 */
export async function planDeployment(
  storage: Pick<Storage, 'entries' | 'get'>,
  bundle: Bundle,
  { api, onProgress }: PlanDeploymentOptions = {},
): Promise<DeploymentPlan> {
  checkStorage(storage);
  if (bundle.document === undefined) return await planRecords(storage, bundle, onProgress);
  try {
    const { changes, expect, report } = await planDocument(
      storage,
      bundle.document,
      api === undefined ? {} : { api },
    );
    const puts = changes.flatMap((change) => ('put' in change ? [change] : []));
    const { differences } = await compare(storage, puts, bundle.file, onProgress);
    const unchanged = report.unchanged.length + report.outdated.length + report.types.unchanged;
    return { changes, expect, differences, unchanged, report };
  } catch (error) {
    throw asBundleError(bundle.file, error);
  }
}

async function planRecords(
  storage: Pick<Storage, 'get'>,
  { records, file }: Bundle,
  onProgress: PlanDeploymentOptions['onProgress'],
): Promise<DeploymentPlan> {
  const { changes, expect, differences } = await compare(storage, records, file, onProgress);
  return { changes, expect, differences, unchanged: records.length - changes.length };
}

interface Comparison {
  readonly changes: PutChange[];
  /** Of every record: one that is as it should be must be so when the others are stored, too. */
  readonly expect: Expectation[];
  readonly differences: RecordDifference[];
}

/** How many records are asked for at a time; backends read those together. */
const READ_TOGETHER = 256;

async function compare(
  storage: Pick<Storage, 'get'>,
  records: readonly PutChange[],
  file: string,
  onProgress: PlanDeploymentOptions['onProgress'],
): Promise<Comparison> {
  const found: Comparison = { changes: [], expect: [], differences: [] };
  const seen = new Set<string>();
  for (let from = 0; from < records.length; from += READ_TOGETHER) {
    const group = records.slice(from, from + READ_TOGETHER);
    const stored = await Promise.all(group.map((record) => storage.get(keyOf(record))));
    group.forEach((record, i) => {
      const name = describeKey(record.put, tupleOf(record));
      if (seen.has(name))
        throw badBundle(file, `records[${from + i}]`, `${name} is there twice`, 'Keep one.');
      seen.add(name);
      compareOne(record, stored[i], found);
    });
    onProgress?.(from + group.length, records.length, 'comparing');
  }
  return found;
}

function compareOne(record: PutChange, stored: Entry | undefined, found: Comparison): void {
  const { kind, key } = keyOf(record);
  found.expect.push(stored ?? ({ kind, key, revision: null } as Expectation));
  const base = { kind, key: tupleOf(record), after: record.value };
  if (stored === undefined) {
    found.changes.push(record);
    found.differences.push({ ...base, change: 'added', fields: [] });
    return;
  }
  const fields = fieldDifferences(stored.value, record.value);
  if (fields.length === 0) return;
  found.changes.push(record);
  found.differences.push({ ...base, change: 'changed', before: stored.value, fields });
}

function tupleOf({ put, value }: PutChange): KeyTuple {
  return keyTuple(put, value);
}

/** As an entry, which has the key that belongs to its kind. */
function keyOf(record: PutChange): Entry {
  return entryOf(record.put, tupleOf(record), record.value, 0);
}
