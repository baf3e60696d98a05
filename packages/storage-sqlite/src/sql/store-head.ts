import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import { RECORD_KIND_NAMES } from '@gati-framework/manifest-store/backend';
import type { StoreState } from '@gati-framework/storage-kit';
import type { SqliteRow } from '../sqlite-database.js';

/** The store after its last commit, as that commit's row tells. A transaction works on a copy. */
export interface StoreHead {
  revision: Revision;
  /** When it was committed; with the revision it tells whether the history is still the same one. */
  committedAt: number;
  /** Id of the next row of `changes`. */
  nextChange: number;
  /** Counts first storings of all kinds; orders records. */
  nextPosition: number;
  counts: Record<RecordKind, number>;
}

/** @param row A row of `commits`, as `selectLastCommit` yields it; absent when there is none yet. */
export function readHead(row: SqliteRow | undefined): StoreHead {
  const counts = {} as Record<RecordKind, number>;
  if (row === undefined) {
    for (const kind of RECORD_KIND_NAMES) counts[kind] = 0;
    return { revision: 0, committedAt: 0, nextChange: 1, nextPosition: 1, counts };
  }
  const [revision, committedAt, firstChange, changeCount, nextPosition, ...perKind] =
    row as readonly number[];
  RECORD_KIND_NAMES.forEach((kind, i) => {
    counts[kind] = perKind[i] as number;
  });
  return {
    revision: revision as number,
    committedAt: committedAt as number,
    nextChange: (firstChange as number) + (changeCount as number),
    nextPosition: nextPosition as number,
    counts,
  };
}

export function copyHead(head: StoreHead): StoreHead {
  return { ...head, counts: { ...head.counts } };
}

export function toStoreState({ revision, counts }: StoreHead): StoreState {
  return { revision, counts };
}
