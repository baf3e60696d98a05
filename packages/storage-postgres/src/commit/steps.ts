import type { Revision } from '@gati-framework/manifest-store';
import { type PreparedExpectation, RECORD_KINDS } from '@gati-framework/manifest-store/backend';
import type { CommitTerms, EncodedChange, EncodedCommit, EncodedPut } from '@gati-framework/storage-kit';
import { digestOfKey } from '../sql/digest-of-key.js';

/** What a commit begins with, or a change of it. Commits of a group are numbered from 1. */
export type Step = Term | Resumption | PutStep | ChangeStep;

interface ChangeStep {
  readonly commit: number;
  readonly change: EncodedChange;
}

/** A step that stores a record. */
export interface PutStep {
  readonly commit: number;
  readonly change: EncodedPut;
}

/** The first one of those that go on with a commit of the same transaction. */
export interface Resumption {
  readonly commit: number;
  readonly change?: undefined;
  readonly resume: true;
}

/** What must hold, of a record or of the revision of the store; or what is to be told of a commit. */
export type Term =
  | { readonly commit: number; readonly change?: undefined; readonly expectation: PreparedExpectation }
  | { readonly commit: number; readonly change?: undefined; readonly expectRevision: Revision }
  | { readonly commit: number; readonly change?: undefined; readonly note: string };

/** The terms, and then the changes, of each commit, in order. */
export function stepsOf(commits: readonly EncodedCommit[]): Step[] {
  return commits.flatMap((commit, i): Step[] => [
    ...termsOf(commit, i + 1, commit.changes.length > 0),
    ...commit.changes.map((change) => ({ commit: i + 1, change })),
  ]);
}

/** @param hasChanges A commit without changes keeps no note. */
export function termsOf(
  { expect, expectRevision, note }: CommitTerms,
  commit: number,
  hasChanges: boolean,
): Term[] {
  const terms: Term[] = expect.map((expectation) => ({ commit, expectation }));
  if (expectRevision !== undefined) terms.unshift({ commit, expectRevision });
  if (note !== undefined && hasChanges) terms.push({ commit, note });
  return terms;
}

export function isPut(step: Step): step is PutStep {
  return step.change?.op === 'put';
}

const NOTHING = [null, null, null, null, null, null, null, null, null, null] as const;

/** A value for each of `STEP_COLUMNS`. */
export function valuesOf(step: Step): (string | number | null)[] {
  const { commit, change } = step;
  if (change === undefined) return valuesOfTerm(step);
  const { op } = change;
  if (op === 'clear') return [commit, op, ...NOTHING];
  const { kind, key } = change;
  const [key1 = '', key2 = ''] = key;
  const name = [commit, op, kind, key1, key2];
  if (op === 'delete') return [...name, null, null, digestOfKey(key), null, null, null, null];
  const { encoding, text, digest, columns } = change;
  const lookup = ['handlerId', 'fromVersion', 'toVersion'].map((field) => lookupOf(change, field));
  return [...name, encoding, text, digest, ...lookup, columns.createdAt ?? null];
}

function valuesOfTerm(term: Term | Resumption): (string | number | null)[] {
  const { commit } = term;
  if ('resume' in term) return [commit, 'resume', ...NOTHING];
  if ('note' in term)
    return [commit, 'note', null, null, null, null, term.note, null, null, null, null, null];
  if ('expectRevision' in term) {
    return [commit, 'expect', null, null, null, null, null, term.expectRevision, null, null, null, null];
  }
  const { kind, key, revision } = term.expectation;
  const [key1 = '', key2 = ''] = key;
  return [commit, 'expect', kind, key1, key2, null, null, revision, null, null, null, null];
}

/** Null when records of this kind are not looked up by the field. */
function lookupOf({ kind, columns }: EncodedPut, field: string): string | null {
  return columns.lookup[RECORD_KINDS[kind].lookupFields.indexOf(field)] ?? null;
}
