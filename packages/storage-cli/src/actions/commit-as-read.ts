import type { Change, CommitOptions, Expectation, Revision, Storage } from '@gati-framework/manifest-store';

interface Plan {
  readonly changes: readonly Change[];
  readonly expect: readonly Expectation[];
}

/**
 * Makes a plan, and commits it if nobody has committed anything since: who did might have come to need what goes. A storage
 * that cannot tell that goes by what the plan itself expects.
 */
export async function commitAsRead<P extends Plan>(
  storage: Pick<Storage, 'capabilities' | 'commit' | 'stats'>,
  makePlan: () => Promise<P>,
  note: Pick<CommitOptions, 'note'> = {},
): Promise<{ readonly plan: P; readonly revision: Revision | null }> {
  const { revision } = await storage.stats();
  const plan = await makePlan();
  const { changes, expect } = plan;
  if (changes.length === 0) return { plan, revision: null };
  const asRead = storage.capabilities.history ? { expectRevision: revision } : {};
  return { plan, revision: await storage.commit(changes, { expect, ...asRead, ...note }) };
}
