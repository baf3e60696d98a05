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
  const store = await pinned(context.store.storage, undefined);
  assertExpected(intent, store.revision);
  const plan = await makePlan(store);
  const described = await describePlan(context, store, plan, strictErrors, signal);
  if (wantedRevision(intent) === undefined || plan.changes.length === 0)
    return { plan, ...described, done: false, revision: store.revision };
  const revision = await commit(context, store, plan, intent.note, did(plan));
  await context.live.reached(revision, signal);
  return { plan, ...described, done: true, revision };
}

/** What a plan would change in the store that it was made for. */
export async function describePlan(
  context: StudioContext,
  { storage, revision }: PinnedStore,
  plan: WritePlan,
  strictErrors: boolean | undefined,
  signal: AbortSignal,
): Promise<DescribedChanges> {
  const catalog = await catalogAt(context, revision, signal);
  const states = { before: storage, after: changedState(storage, plan.changes), catalog, strictErrors };
  return await describeChanges(differencesOfPlan(storage, plan), states, signal);
}

async function commit(
  { store: { storage } }: StudioContext,
  { revision }: PinnedStore,
  { changes, expect }: WritePlan,
  said: string | undefined,
  did: string,
): Promise<Revision> {
  const asSeen = storage.capabilities.history ? { expectRevision: revision } : {};
  return await storage.commit(changes, { expect, ...asSeen, ...noteOf(storage, did, said) });
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
