import type { Change, LogEntry, Revision, Storage } from '@gati-framework/manifest-store';
import { invalidOption, notKept, withoutHistory } from '@gati-framework/manifest-store/backend';
import { checkStorage } from '../check-storage.js';
import type { RecordDifference } from '../diff/record-differences.js';
import { revisionDifferences } from '../diff/revision-differences.js';
import { restoringChanges } from './restoring-changes.js';

/** What brings a store back to what it was. Everything is read when it is asked for, in the memory of what differs. */
export interface RollbackPlan {
  /** What the store is to be again. */
  readonly to: Revision;
  /** What it was when it was looked at. */
  readonly from: Revision;
  /** What becomes of the records: `added` are those that come back. None where only their order was another. */
  differences(): AsyncIterable<RecordDifference>;
  /** To be committed while the store is at `from`; those of records that only take their places again are among them. */
  changes(): AsyncIterable<Change>;
  /** The commits that are taken back, newest first. */
  commits(): AsyncIterable<LogEntry>;
}

/**
 * How a store becomes again what it was right after a commit: with the same values, in the same order. Nothing is written:
 * `rollBack` does that.
 *
 * A record that was deleted since comes back behind those that stayed. So that the order is the old one, records of its
 * kind that stood behind it are stored again, too, as they were; of a store where nothing was deleted, only what
 * differs is written.
 *
 * @throws StorageError `STORAGE_COMPACTED` when the kept history does not reach the revision, `INVALID_OPTIONS` when the
 *   storage keeps none.
 */
export async function planRollback(
  storage: Pick<Storage, 'capabilities' | 'entries' | 'get' | 'log' | 'stats'>,
  to: Revision,
): Promise<RollbackPlan> {
  checkStorage(storage);
  if (!Number.isSafeInteger(to) || to < 0)
    throw invalidOption('revision', `must be a revision, which is an integer from 0, not ${String(to)}`);
  if (!storage.capabilities.history) throw withoutHistory('planRollback');
  const { revision: from, oldestRevision: oldest = from } = await storage.stats();
  if (to > from || to < oldest) throw notKept(to, oldest, from);
  return {
    to,
    from,
    differences: () => revisionDifferences(storage, { before: from, after: to }),
    changes: () => restoringChanges(storage, from, to),
    commits: () => storage.log({ after: to, before: from + 1, reverse: true }),
  };
}
