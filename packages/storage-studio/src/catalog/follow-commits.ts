import type { Entry, Revision, Storage, StorageEvent } from '@gati-framework/manifest-store';
import type { Catalog } from './catalog.js';

/**
 * Brings a catalog from commit to commit, until the signal ends it.
 *
 * @throws StorageError What a watch ends with, `STORAGE_COMPACTED` above all: then the catalog must be read anew.
 */
export async function followCommits(
  storage: Pick<Storage, 'watch'>,
  catalog: Catalog,
  signal: AbortSignal,
  onCommit: () => void,
): Promise<void> {
  for await (const event of storage.watch({ after: catalog.revision, signal, onUnreadable: () => {} })) {
    applyCommit(catalog, event);
    onCommit();
  }
}

function applyCommit(catalog: Catalog, { revision, changes }: StorageEvent): void {
  for (const change of changes) {
    if ('clear' in change) catalog.clear();
    else if ('delete' in change) catalog.delete(change.delete, change.key);
    else catalog.put(entryOf(change, revision));
  }
  catalog.revision = revision;
}

type Put = Extract<StorageEvent['changes'][number], { readonly put: unknown }>;

function entryOf({ put: kind, key, value }: Put, revision: Revision): Entry {
  return { kind, key, value, revision } as Entry; // all three are of one record
}
