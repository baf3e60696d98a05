import type { Revision, Storage } from '@gati-framework/manifest-store';
import { type RecordDifference, recordDifferences } from './record-differences.js';

/** Past states of one store that are compared. */
export interface RevisionRange {
  readonly before: Revision;
  /** Default: the store as it is when it is asked. */
  readonly after?: Revision | undefined;
}

/**
 * What differs between two revisions of a store, in the order of {@link recordDifferences}. The order in which records are
 * stored may differ without being told.
 *
 * Memory: that of what differs.
 *
 * @throws StorageError `STORAGE_COMPACTED` when the kept history does not reach one of them, `INVALID_OPTIONS` when the
 *   storage keeps none.
 */
export async function* revisionDifferences(
  storage: Pick<Storage, 'entries' | 'stats'>,
  { before, after }: RevisionRange,
): AsyncGenerator<RecordDifference> {
  const until = after ?? (await storage.stats()).revision;
  yield* recordDifferences(storage.entries({ at: before }), storage.entries({ at: until }));
}
