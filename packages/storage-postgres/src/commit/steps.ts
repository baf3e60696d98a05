import { type PreparedExpectation, RECORD_KINDS } from '@gati-framework/manifest-store/backend';
import type { EncodedChange, EncodedCommit, EncodedPut } from '@gati-framework/storage-kit';

/** An expectation or a change of a group. Commits are numbered from 1. */
export type Step =
  | { readonly commit: number; readonly expectation: PreparedExpectation; readonly change?: undefined }
  | { readonly commit: number; readonly change: EncodedChange; readonly expectation?: undefined };

/** The expectations, and then the changes, of each commit, in order. */
export function stepsOf(commits: readonly EncodedCommit[]): Step[] {
  return commits.flatMap(({ expect, changes }, i): Step[] => [
    ...expect.map((expectation) => ({ commit: i + 1, expectation })),
    ...changes.map((change) => ({ commit: i + 1, change })),
  ]);
}

/** A value for each of `STEP_COLUMNS`. */
export function valuesOf({ commit, expectation, change }: Step): (string | number | null)[] {
  if (expectation !== undefined) {
    const { kind, key, revision } = expectation;
    const [key1 = '', key2 = ''] = key;
    return [commit, 'expect', kind, key1, key2, null, null, revision, null, null, null, null];
  }
  const { op } = change;
  if (op === 'clear') return [commit, op, null, null, null, null, null, null, null, null, null, null];
  const { kind, key } = change;
  const [key1 = '', key2 = ''] = key;
  const name = [commit, op, kind, key1, key2];
  if (op === 'delete') return [...name, null, null, null, null, null, null, null];
  const { encoding, text, digest, columns } = change;
  const lookup = ['handlerId', 'fromVersion', 'toVersion'].map((field) => lookupOf(change, field));
  return [...name, encoding, text, digest, ...lookup, columns.createdAt ?? null];
}

/** Null when records of this kind are not looked up by the field. */
function lookupOf({ kind, columns }: EncodedPut, field: string): string | null {
  return columns.lookup[RECORD_KINDS[kind].lookupFields.indexOf(field)] ?? null;
}
