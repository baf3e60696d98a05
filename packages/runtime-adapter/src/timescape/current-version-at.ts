import { type Revision, type Storage, StorageError } from '@gati-framework/manifest-store';

/** What of a storage is asked for the past. */
export type PastStorage = Pick<Storage, 'get' | 'log' | 'stats'>;

/**
 * Which version of a handler its graph called current at a moment, roll-backs among it, by the history of the
 * store and the clocks of those who committed.
 *
 * @param moment Milliseconds since the epoch, or a date.
 * @returns `undefined` where the handler had no graph then.
 * @throws StorageError `STORAGE_COMPACTED` for a moment that the kept history does not reach, and `INVALID_OPTIONS` where
 *   the storage keeps none.
 */
export async function currentVersionAt(
  storage: PastStorage,
  handlerId: string,
  moment: number | Date,
): Promise<string | undefined> {
  const at = await revisionAt(storage, Number(moment));
  const graph = await storage.get<'versionGraph'>({ kind: 'versionGraph', key: { handlerId } }, { at });
  return graph?.value.currentVersion;
}

/** The last commit that was made at that moment or before. */
async function revisionAt(storage: PastStorage, moment: number): Promise<Revision> {
  const { revision: current, oldestRevision = current } = await storage.stats();
  let [known, unknown] = [oldestRevision, current + 1];
  while (unknown - known > 1) {
    const middle = Math.floor((known + unknown) / 2);
    if ((await committedAt(storage, middle)) <= moment) known = middle;
    else unknown = middle;
  }
  if (known > oldestRevision || oldestRevision === 0) return known;
  throw new StorageError(
    'STORAGE_COMPACTED',
    `The history of this store does not reach ${new Date(moment).toISOString()}. Keep more of it with the option history.`,
    { details: { current, oldest: oldestRevision } },
  );
}

async function committedAt(storage: PastStorage, revision: Revision): Promise<number> {
  for await (const entry of storage.log({ after: revision - 1, limit: 1, maxChanges: 1 }))
    return entry.committedAt;
  return Number.POSITIVE_INFINITY;
}
