import type { Statements } from './statements.js';

/**
 * Forgets the oldest commits, so that the history holds about `limit` changes.
 * A value stays while its record does, in the history or not: what goes is
 * what the forgotten changes replaced, removed or cleared.
 *
 * @param firstChange Where the history begins, as far as the caller knows.
 * @returns Where it begins now.
 */
export function trimHistory(
  { trim, selectFirstCommit }: Statements,
  firstChange: number,
  nextChange: number,
  limit: number,
): number {
  // A tenth more than the limit may gather, so that this is rare.
  if (nextChange - firstChange <= limit * 1.1) return firstChange;
  const oldest = selectFirstCommit.get()?.[0] as number; // another process may have trimmed
  const keep = trim.selectFirstCommitToKeep.get(nextChange - limit);
  const newOldest = keep?.[0] as number | undefined;
  if (newOldest === undefined || newOldest <= oldest) return oldest;
  const lastClear = trim.selectLastClear.get(oldest, newOldest)?.[0] as number | null;
  if (lastClear !== null) trim.deleteChanges.run(lastClear);
  trim.deleteReplacedValues.run(oldest, newOldest);
  trim.deleteRemovals.run(oldest, newOldest);
  trim.deleteCommits.run(keep?.[1] as number);
  return newOldest;
}
