import type { Entry, EntryFilter, RecordKind, Storage, StorageChange } from '@gati-framework/manifest-store';
import { TimeSlice } from '@gati-framework/manifest-store/backend';
import { Edit } from './edit.js';
import { Tables } from './tables.js';

/** Manifests come first, so that a handler has its place before anything else of it is read. */
const KINDS: readonly RecordKind[] = ['manifest', 'transformer', 'versionGraph', 'timescapeMetadata'];

/** Reads a whole store into new tables, as of one moment. It gives way to requests in between. */
export async function loadTables(
  storage: Pick<Storage, 'entries'>,
  { signal, ...filter }: Pick<EntryFilter, 'onUnreadable'> & { readonly signal: AbortSignal },
): Promise<Tables> {
  const edit = new Edit(new Tables());
  const slice = new TimeSlice();
  for await (const entry of storage.entries({ kinds: KINDS, ...filter })) {
    signal.throwIfAborted();
    if (slice.isOver) await slice.next();
    edit.apply(asPut(entry));
  }
  return edit.publish();
}

/** The compiler cannot follow that kind and value belong together. */
function asPut({ kind, key, value }: Entry): StorageChange {
  return { put: kind, key, value } as StorageChange;
}
