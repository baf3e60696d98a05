import type { Entry, Storage, StorageChange, StorageEvent } from '@gati-framework/manifest-store';
import { TimeSlice } from '@gati-framework/manifest-store/backend';
import type { Catalog } from './catalog.js';

/** Changes up to which a commit is taken up in one piece. */
const MAX_AT_ONCE = 1_000;

/**
 * Brings a catalog from commit to commit, until the signal ends it. Whoever looks at one sees whole commits: a large
 * one goes into a copy, which takes the place of the catalog then.
 *
 * @param onCommit Given the catalog after each commit.
 * @throws StorageError What a watch ends with, `STORAGE_COMPACTED` above all: then the catalog must be read anew.
 */
export async function followCommits(
  storage: Pick<Storage, 'watch'>,
  catalog: Catalog,
  signal: AbortSignal,
  onCommit: (catalog: Catalog) => void,
): Promise<void> {
  let current = catalog;
  for await (const event of storage.watch({ after: catalog.revision, signal, onUnreadable: () => {} })) {
    if (event.changes.length > MAX_AT_ONCE) current = await afterLargeCommit(current, event);
    else for (const change of event.changes) applyChange(current, change, event);
    current.revision = event.revision;
    onCommit(current);
  }
}

async function afterLargeCommit(catalog: Catalog, event: StorageEvent): Promise<Catalog> {
  const copy = catalog.copy();
  const slice = new TimeSlice();
  for (const change of event.changes) {
    if (slice.isOver) await slice.next();
    applyChange(copy, change, event);
  }
  return copy;
}

function applyChange(catalog: Catalog, change: StorageChange, { revision }: StorageEvent): void {
  if ('clear' in change) catalog.clear();
  else if ('delete' in change) catalog.delete(change.delete, change.key);
  else {
    const { put: kind, key, value } = change;
    catalog.put({ kind, key, value, revision } as Entry); // all three are of one record
  }
}
