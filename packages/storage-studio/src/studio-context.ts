import type { Revision, Storage } from '@gati-framework/manifest-store';
import { type PastStorage, storageAt } from '@gati-framework/storage-tools/history';
import type { Catalog } from './catalog/catalog.js';
import type { LiveCatalog } from './catalog/live-catalog.js';
import type { PastCatalogs } from './catalog/past-catalogs.js';
import type { CommitRefs } from './commit-refs.js';
import type { Comparisons } from './states/comparisons.js';
import { StudioError } from './studio-error.js';
import type { Turns } from './turns.js';

/** A store that is shown, and how it is called. */
export interface StudioStore {
  readonly storage: Storage;
  readonly label: string;
  /** As commands name it; absent where that is not known. */
  readonly url: string | undefined;
}

/** What answers are made of. */
export interface StudioContext {
  readonly store: StudioStore;
  /** The one to compare with. */
  readonly other: StudioStore | undefined;
  readonly write: boolean;
  readonly live: LiveCatalog;
  readonly past: PastCatalogs;
  readonly commits: CommitRefs;
  readonly comparisons: Comparisons;
  /** For what reads a whole store. */
  readonly turns: Turns;
}

/** A store as of one revision, however often it is read and whatever others write. */
export interface PinnedStore {
  readonly storage: PastStorage;
  readonly revision: Revision;
}

/** @param at Default: as it is now. */
export async function pinned(storage: Storage, at: Revision | undefined): Promise<PinnedStore> {
  return pinnedAt(storage, at ?? (await storage.stats()).revision, at !== undefined);
}

/**
 * As of a revision that is known to be the present one, which a storage without a past is read at as well.
 *
 * @param isAsked Whether it must be that revision.
 */
export function pinnedAt(storage: Storage, revision: Revision, isAsked: boolean = false): PinnedStore {
  const isFixed = isAsked || storage.capabilities.history;
  return { storage: isFixed ? storageAt(storage, revision) : storage, revision };
}

/**
 * The catalog of a revision, or of now: nothing is left out that was committed before the question. Whoever reads it
 * does so at once, as that of the present goes on with the store.
 */
export async function catalogAt(
  { store, live, past }: StudioContext,
  at: Revision | undefined,
  signal: AbortSignal,
): Promise<Catalog> {
  if (at !== undefined) return await past.at(at, signal);
  const { revision } = await store.storage.stats();
  return await live.heardOf(revision, signal);
}

export function otherStore({ other }: StudioContext): StudioStore {
  if (other !== undefined) return other;
  const message = 'There is no other store: start the studio with --compare <url>.';
  throw new StudioError('STUDIO_NO_OTHER', message);
}
