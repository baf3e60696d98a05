import { type Revision, StorageError, type StorageErrorDetails } from '@gati-framework/manifest-store';
import { conflict, movedOn } from '@gati-framework/manifest-store/backend';
import type { CommitOutcome, CommitTerms, EncodedCommit } from '@gati-framework/storage-kit';
import { numberAt, type Row, textAt, textOrNullAt } from '../sql/row-values.js';
import type { Step } from './steps.js';

/** What a group of commits made of the store. */
export interface CommittedGroup {
  readonly outcomes: readonly CommitOutcome[];
  /** Identifies the group in the log; meaningless when it changed nothing. */
  readonly groupId: string;
  readonly epoch: string;
  /** Revision before the first commit of the group. */
  readonly base: Revision;
  /** Id of the group that made `base`; null when there was none, or the database could not see it for once. */
  readonly before: string | null;
  /** Revision of its last commit; `base` when none changed anything. */
  readonly last: Revision;
  /** How many records there are more than at `base`, by kind; absent when that was lost on its way. */
  readonly added: Readonly<Record<string, number>> | undefined;
  /** There was nothing before `added`. */
  readonly cleared: boolean;
}

/** What the database says. */
export interface CommitAnswer {
  readonly epoch: string;
  readonly base: Revision;
  readonly before?: string | null;
  readonly added?: Readonly<Record<string, number>> | null;
  readonly cleared?: boolean;
  /** Numbers of the commits that changed something, and their revisions; absent: all of them, in order. */
  readonly committed?: readonly number[];
  readonly revisions?: readonly Revision[];
  /** Numbers of the steps that did not hold, one for each refused commit, and what was there instead; 0 is nothing. */
  readonly missed?: readonly number[];
  readonly actual?: readonly Revision[];
  /** It was lost, and this is what could be found out later: nothing of commits that were refused, or changed nothing. */
  readonly isIncomplete?: boolean;
}

/** @param row Of the statements of puts. */
export function readPutAnswer(row: Row): CommitAnswer {
  return {
    epoch: textAt(row, 0),
    base: numberAt(row, 1),
    before: textOrNullAt(row, 2),
    added: JSON.parse(textOrNullAt(row, 3) ?? '{}'),
  };
}

export function readAnswer(
  answer: CommitAnswer,
  commits: readonly EncodedCommit[],
  steps: readonly Step[],
  groupId: string,
): CommittedGroup {
  const { epoch, base, before = null, added, cleared = false } = answer;
  const committed = answer.committed ?? commits.map((_, i) => i + 1);
  const revisionOf = new Map(committed.map((number, i) => [number, answer.revisions?.[i] ?? base + i + 1]));
  const conflicts = readConflicts(answer, steps);
  let last = base;
  const outcomes = commits.map(({ changes, ...terms }, i): CommitOutcome => {
    const error = conflicts.get(i + 1);
    if (error !== undefined) return { error };
    if (changes.length === 0) return { revision: last };
    const revision = revisionOf.get(i + 1);
    if (revision === undefined) return { error: lostConflict(terms) };
    last = revision;
    return { revision };
  });
  return { outcomes, groupId, epoch, base, before, last, added: added === null ? {} : added, cleared };
}

function readConflicts(
  { missed = [], actual = [] }: CommitAnswer,
  steps: readonly Step[],
): Map<number, StorageError> {
  const conflicts = new Map<number, StorageError>();
  missed.forEach((number, i) => {
    const step = steps[number - 1];
    if (step === undefined || step.change !== undefined) return;
    const found = actual[i] ?? 0;
    if ('expectRevision' in step) conflicts.set(step.commit, movedOn(step.expectRevision, found));
    if ('expectation' in step) {
      const { kind, key, revision } = step.expectation;
      conflicts.set(step.commit, conflict(kind, key, revision, found || null));
    }
  });
  return conflicts;
}

/** For a commit whose refusal was lost on its way: what did not hold then may hold now. */
function lostConflict({ expect, expectRevision }: CommitTerms): StorageError {
  const [first] = expect;
  if (first !== undefined) {
    const { kind, key, revision: expected } = first;
    return refused({ kind, key, expected });
  }
  if (expectRevision !== undefined) return refused({ expected: expectRevision });
  return new StorageError('STORAGE_FAILED', 'PostgreSQL told no revision of a commit that expected nothing.');
}

function refused(details: StorageErrorDetails['STORAGE_CONFLICT']): StorageError {
  return new StorageError(
    'STORAGE_CONFLICT',
    'An expectation of this commit did not hold; nothing was changed. Read the records again and decide anew.',
    { details },
  );
}
