import type { StorageError } from '@gati-framework/manifest-store';
import { conflict, movedOn, timers } from '@gati-framework/manifest-store/backend';
import type { CommitOutcome, CommitTerms, EncodedCommit } from '@gati-framework/storage-kit';
import type { LogEntry } from '../log/commit-log.js';
import type { Statements } from '../sql/statements.js';
import type { StoreHead } from '../sql/store-head.js';
import { applyChange } from './apply-change.js';
import type { Steps } from './steps.js';

/**
 * Applies commits one after the other inside the caller's transaction, and
 * moves `head` along. Yields after each change, where the work may pause.
 *
 * @param applied Gathers the commits that changed something.
 */
export function* applyCommits(
  statements: Statements,
  head: StoreHead,
  commits: readonly EncodedCommit[],
  applied: LogEntry[],
): Steps<CommitOutcome[]> {
  const outcomes: CommitOutcome[] = [];
  for (const commit of commits) {
    const { changes, note } = commit;
    const error = findConflict(statements, head, commit);
    if (error === undefined && changes.length > 0) {
      const entry = { revision: head.revision + 1, committedAt: timers.wallClock(), note, changes };
      yield* applyEntry(statements, head, entry);
      applied.push(entry);
    }
    outcomes.push(error === undefined ? { revision: head.revision } : { error });
  }
  return outcomes;
}

/** Why a commit cannot be made on what is there now, with what was committed before it in the same group. */
export function findConflict(
  statements: Statements,
  { revision: current }: StoreHead,
  { expect, expectRevision = current }: CommitTerms,
): StorageError | undefined {
  if (expectRevision !== current) return movedOn(expectRevision, current);
  for (const { kind, key, revision: expected } of expect) {
    const actual = statements.records[kind].locate.get(...key)?.[0] ?? null;
    if (actual !== expected) return conflict(kind, key, expected, actual);
  }
  return undefined;
}

/** Applies a commit whose place in the history is decided: the next one. Yields as {@link applyCommits} does. */
export function* applyEntry(
  statements: Statements,
  head: StoreHead,
  { revision, committedAt, note, changes }: LogEntry,
): Steps<void> {
  head.revision = revision;
  head.committedAt = committedAt;
  const changeCount = changes.length;
  for (const [i, change] of changes.entries()) {
    applyChange(statements, head, change, i < changeCount - 1 ? undefined : { note, changeCount });
    yield;
  }
}
