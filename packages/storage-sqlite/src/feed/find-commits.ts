import { type Revision, StorageError } from '@gati-framework/manifest-store';
import type { HistoryBounds } from '../commit/history-bounds.js';
import { digestOfCommit } from '../sql/digest-of-commit.js';
import type { CommitRow } from '../sql/rows.js';
import type { Statements } from '../sql/statements.js';
import type { StoreHead } from '../sql/store-head.js';

/**
 * Id of the first change after a revision, which the history holds and which
 * is not the last. Revisions ascend with ids. Who asks has mostly seen all but the newest, so
 * the search begins at the end, in steps that double.
 */
export function firstChangeAfter(
  statements: Statements,
  { firstChange }: Pick<HistoryBounds, 'firstChange'>,
  { nextChange }: Pick<StoreHead, 'nextChange'>,
  after: Revision,
): number {
  const isAfter = (id: number): boolean => revisionAt(statements, id) > after;
  let found = nextChange - 1;
  let before = found - 1;
  for (let step = 2; before >= firstChange && isAfter(before); step *= 2) {
    found = before;
    before -= step;
  }
  return firstOf(isAfter, Math.max(before, firstChange - 1), found);
}

/** Id of the first change after a revision; where there is none, the id that it will have. */
export function nextChangeAfter(
  statements: Statements,
  bounds: Pick<HistoryBounds, 'firstChange'>,
  head: StoreHead,
  revision: Revision,
): number {
  if (revision >= head.revision) return head.nextChange;
  return firstChangeAfter(statements, bounds, head, revision);
}

/**
 * The commit that a change of the history is part of. Its last change tells of it, which is mostly that very one; the last of
 * many is found in steps that double.
 */
export function commitOf(statements: Statements, id: number, nextChange: number): CommitRow | undefined {
  const { selectCommit } = statements.changes;
  const own = selectCommit.get(id);
  if (own !== undefined) return own;
  const revision = revisionAt(statements, id);
  const isAfter = (other: number): boolean => other >= nextChange || revisionAt(statements, other) > revision;
  let before = id;
  let found = id + 1;
  for (let step = 2; !isAfter(found); step *= 2) {
    before = found;
    found += step;
  }
  return selectCommit.get(firstOf(isAfter, before, Math.min(found, nextChange)) - 1);
}

/**
 * Throws when a commit is damaged. Those of files of before they had digests are not proved; but revisions have no gaps.
 *
 * @param expected Its revision, where that is known.
 */
export function assertWhole(commit: CommitRow, expected: Revision | undefined, location: string): void {
  const [, changeCount, revision, committedAt, note, digest] = commit;
  if (expected !== undefined && revision !== expected)
    throw damagedCommit(location, `the commit of revision ${expected} says that it is ${revision}`);
  if (
    digest === null ||
    digest === digestOfCommit({ revision, committedAt, changeCount, note: note ?? undefined })
  )
    return;
  throw damagedCommit(
    location,
    `what is told of the commit of revision ${revision} does not match its digest`,
  );
}

/** Throws when not all changes of a commit, or of a part of it, were found. */
export function assertComplete(found: number, wanted: number, revision: Revision, location: string): void {
  if (found === wanted) return;
  throw damagedCommit(location, `of ${wanted} changes of revision ${revision}, ${found} are found`);
}

function damagedCommit(location: string, problem: string): StorageError {
  return new StorageError(
    'STORAGE_CORRUPT',
    `${location} is damaged: ${problem}. Restore the store from a backup.`,
  );
}

/** The kept history begins after this revision. */
export function oldestRevision(statements: Statements, { firstChange }: HistoryBounds): Revision {
  const first = statements.changes.selectRevision.get(firstChange);
  return first === undefined ? 0 : first[0] - 1;
}

/** The first revision that the store can be read at. */
export function oldestReadable(
  statements: Statements,
  { firstChange, readableFrom }: HistoryBounds,
  { revision }: StoreHead,
): Revision {
  const first = statements.changes.selectRevision.get(Math.max(firstChange, readableFrom));
  return first === undefined ? revision : Math.min(first[0] - 1, revision);
}

function revisionAt(statements: Statements, id: number): Revision {
  return statements.changes.selectRevision.get(id)?.[0] ?? 0;
}

/** The first id of which something is true that stays true: not of `before`, but of `found`. */
function firstOf(isTrue: (id: number) => boolean, before: number, found: number): number {
  let [low, high] = [before, found];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isTrue(middle)) high = middle;
    else low = middle;
  }
  return high;
}
