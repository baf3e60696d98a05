import type {
  Entry,
  EntryFilter,
  HandlerManifest,
  RecordKey,
  RecordKind,
  Revision,
  Storage,
  StorageStats,
} from '@gati-framework/manifest-store';
import { statsOf } from '@gati-framework/manifest-store/backend';
import { checkStorage } from '../check-storage.js';

/** What can be read of a store as it was: the reading half of a storage. */
export interface PastStorage
  extends Pick<
    Storage,
    | 'entries'
    | 'get'
    | 'getManifest'
    | 'getAllManifestVersions'
    | 'getHookManifest'
    | 'listHookManifests'
    | 'getGType'
    | 'getTransformer'
    | 'getTransformersForVersions'
    | 'getVersionGraph'
    | 'getTimescapeMetadata'
  > {
  /** The counts of then, which takes reading all records, and the revision that is looked at. */
  stats(): Promise<StorageStats & { revision: Revision }>;
}

/**
 * A store as it was right after a commit, for whatever reads a storage: every answer is of that revision. Nothing is asked before
 * it is read. The storage stays the caller's to close.
 *
 * @throws StorageError From its reads: `STORAGE_COMPACTED` when the kept history does not reach the revision,
 *   `INVALID_OPTIONS` when the storage keeps none.
 */
export function storageAt(storage: Pick<Storage, 'entries' | 'get'>, revision: Revision): PastStorage {
  checkStorage(storage);
  const entries = (filter: EntryFilter = {}) => storage.entries({ ...filter, at: revision });
  const valueAt = async <K extends RecordKind>(key: RecordKey<K>) =>
    (await storage.get(key, { at: revision }))?.value;
  return {
    entries,
    get: (key) => storage.get(key, { at: revision }),
    getManifest: async (handlerId, version = '') =>
      version === ''
        ? (await versionsOf(entries, handlerId)).at(-1)
        : valueAt<'manifest'>({ kind: 'manifest', key: { handlerId, version } }),
    getAllManifestVersions: (handlerId) => versionsOf(entries, handlerId),
    getHookManifest: async (handlerId) =>
      (await valueAt<'hookManifest'>({ kind: 'hookManifest', key: { handlerId } })) ?? null,
    listHookManifests: () =>
      collect(entries({ kinds: ['hookManifest'] }), (entry) =>
        entry.kind === 'hookManifest' ? entry.value : undefined,
      ),
    getGType: (ref) => valueAt<'gtype'>({ kind: 'gtype', key: { ref } }),
    getTransformer: (id) => valueAt<'transformer'>({ kind: 'transformer', key: { id } }),
    getTransformersForVersions: async (handlerId, fromVersion, toVersion) => {
      const all = entries({ kinds: ['transformer'], handlerId });
      return collect(all, (entry) => (isBetween(entry, fromVersion, toVersion) ? entry.value : undefined));
    },
    getVersionGraph: (handlerId) => valueAt<'versionGraph'>({ kind: 'versionGraph', key: { handlerId } }),
    getTimescapeMetadata: (handlerId, version) =>
      valueAt<'timescapeMetadata'>({ kind: 'timescapeMetadata', key: { handlerId, version } }),
    stats: async () => ({ ...(await countsOf(entries())), revision }),
  };
}

type Entries = (filter: EntryFilter) => AsyncIterable<Entry>;

/** Oldest first; those of one age in first-stored order. */
async function versionsOf(entries: Entries, handlerId: string): Promise<HandlerManifest[]> {
  const found = await collect(entries({ kinds: ['manifest'], handlerId }), (entry) =>
    entry.kind === 'manifest' ? entry.value : undefined,
  );
  return found.sort((a, b) => a.createdAt - b.createdAt);
}

function isBetween(entry: Entry, fromVersion: string, toVersion: string): entry is Entry<'transformer'> {
  if (entry.kind !== 'transformer') return false;
  return entry.value.fromVersion === fromVersion && entry.value.toVersion === toVersion;
}

async function collect<T>(
  entries: AsyncIterable<Entry>,
  pick: (entry: Entry) => T | undefined,
): Promise<T[]> {
  const found: T[] = [];
  for await (const entry of entries) {
    const picked = pick(entry);
    if (picked !== undefined) found.push(picked);
  }
  return found;
}

async function countsOf(entries: AsyncIterable<Entry>): Promise<StorageStats> {
  const counts = new Map<RecordKind, number>();
  for await (const { kind } of entries) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return statsOf((kind) => counts.get(kind) ?? 0);
}
