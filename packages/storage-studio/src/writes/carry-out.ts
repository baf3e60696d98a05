import { type Revision, StorageError } from '@gati-framework/manifest-store';
import { noteOf } from '@gati-framework/storage-tools';
import type { Intent } from '../api/index.js';
import { changedState, differencesOfPlan } from '../states/changed-state.js';
import { catalogAt, type PinnedStore, pinned, type StudioContext } from '../studio-context.js';
import { StudioError } from '../studio-error.js';
import { type DescribedChanges, describeChanges } from './described-changes.js';
import type { WritePlan } from './plan.js';

/** A plan that was made for one revision, and what became of it. */
export interface CarriedOut<P> extends DescribedChanges {
  readonly plan: P;
  readonly done: boolean;
  readonly revision: Revision;
}

export interface CarryOutOptions<P> {
  readonly intent: Intent;
  /** What is done, for the note of the commit. */
  readonly did: (plan: P) => string;
  readonly strictErrors?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** Refuses where the studio only reads. */
export function assertWritable({ write }: StudioContext): void {
  if (write) return;
  throw new StudioError(
    'STUDIO_READONLY',
    'This studio only reads. Start it with --write to change the store.',
  );
}

/** The revision that somebody wants to write at; `undefined` for a dry run. */
export function wantedRevision(intent: Intent): Revision | undefined {
  return 'expectRevision' in intent ? intent.expectRevision : undefined;
}

/**
 * Makes a plan for the store as it is, and says what it would change; unless it is a dry run, does it in one commit,
 * if nobody has committed anything since it was looked at.
 *
 * @throws StorageError `STORAGE_CONFLICT` when somebody has; nothing is changed then.
 */
export async function carryOut<P extends WritePlan>(
  context: StudioContext,
  makePlan: (store: PinnedStore) => Promise<P>,
  { intent, did, strictErrors, signal }: CarryOutOptions<P>,
): Promise<CarriedOut<P>> {
  const { storage: target } = context.store;
  const store = await pinned(target, undefined);
  assertExpected(intent, store.revision);
  const plan = await makePlan(store);
  const { changes, expect } = plan;
  const described = await describeChanges(
    differencesOfPlan(store.storage, plan),
    {
      before: store.storage,
      after: changedState(store.storage, changes),
      catalog: await catalogAt(context, store.revision, signal),
      strictErrors,
    },
    signal,
  );
  if (wantedRevision(intent) === undefined || changes.length === 0)
    return { plan, ...described, done: false, revision: store.revision };
  const asSeen = target.capabilities.history ? { expectRevision: store.revision } : {};
  const note = noteOf(target, did(plan), intent.note);
  const revision = await target.commit(changes, { expect, ...asSeen, ...note });
  await context.live.reached(revision, signal);
  return { plan, ...described, done: true, revision };
}

/** Somebody may have committed since what is to be done was shown. */
export function assertExpected(intent: Intent, actual: Revision): void {
  const expected = wantedRevision(intent);
  if (expected === undefined || expected === actual) return;
  const message =
    `The store was looked at at revision ${expected}, and is at ${actual} now. Nothing was changed. ` +
    'Look at what others have committed, and decide anew.';
  throw new StorageError('STORAGE_CONFLICT', message, {
    path: 'expectRevision',
    details: { expected, actual },
  });
}
