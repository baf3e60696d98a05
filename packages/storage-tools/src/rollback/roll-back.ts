import { type LogEntry, type Revision, type Storage, StorageError } from '@gati-framework/manifest-store';
import type { RollbackPlan } from './plan-rollback.js';

export interface RollBackOptions {
  /** Who takes it back and why: stands behind `rollback to 41: ` in the note of the commit. */
  note?: string;
}

/**
 * Carries out a rollback in one commit, whose note tells of it: all of it or nothing. The store is read while it is
 * written to, so that memory does not grow with it.
 *
 * @example
 * import { planRollback, rollBack } from '@gati-framework/storage-tools/rollback';
 *
 * const { oldestRevision = 0 } = await storage.stats();
 * const plan = await planRollback(storage, oldestRevision);
 * console.log(await rollBack(storage, plan, { note: 'the prices were wrong' }));
 *
 * @returns The revision of the commit; `null` when the store was as it was then already, which leaves no trace.
 * @throws StorageError `STORAGE_CONFLICT`, and nothing is changed, when somebody has committed since the plan was made: the
 *   message says what the first of them was. And all that a commit throws.
 */
export async function rollBack(
  storage: Pick<Storage, 'commit' | 'log'>,
  plan: RollbackPlan,
  { note }: RollBackOptions = {},
): Promise<Revision | null> {
  const { from, to } = plan;
  const told = note === undefined || note === '' ? `rollback to ${to}` : `rollback to ${to}: ${note}`;
  try {
    const revision = await storage.commit(plan.changes(), { expectRevision: from, note: told });
    return revision === from ? null : revision;
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== 'STORAGE_CONFLICT') throw error;
    throw await committedSince(storage, from, error);
  }
}

/** Who was faster, as the log tells it. */
async function committedSince(
  storage: Pick<Storage, 'log'>,
  from: Revision,
  cause: StorageError,
): Promise<StorageError> {
  const first = await firstCommit(storage, from);
  if (first === undefined) return cause;
  const { revision, committedAt, note } = first;
  const who = note === undefined ? 'without a note' : `with the note ${JSON.stringify(note)}`;
  const message =
    `Somebody has committed revision ${revision} at ${timeOf(committedAt)}, ${who}, since the store was ` +
    `read at revision ${from}. Nothing was rolled back. Look at it again, and decide anew.`;
  return new StorageError('STORAGE_CONFLICT', message, {
    cause,
    details: { expected: from, actual: revision },
  });
}

async function firstCommit(storage: Pick<Storage, 'log'>, after: Revision): Promise<LogEntry | undefined> {
  try {
    for await (const entry of storage.log({ after, limit: 1, maxChanges: 1 })) return entry;
  } catch (error) {
    // Forgotten already; that somebody has committed is known without it.
    if (!(error instanceof StorageError) || error.code !== 'STORAGE_COMPACTED') throw error;
  }
  return undefined;
}

/** By the clock of another process, which may have told anything. */
function timeOf(committedAt: number): string {
  const date = new Date(committedAt);
  return Number.isNaN(date.getTime()) ? String(committedAt) : date.toISOString();
}
