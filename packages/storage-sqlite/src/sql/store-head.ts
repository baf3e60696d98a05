import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import { byKind } from '@gati-framework/manifest-store/backend';
import type { StoreState } from '@gati-framework/storage-kit';
import type { HeadRow } from './rows.js';

/** The store after its last commit, as the last change of that tells. A transaction works on a copy. */
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

/** @param row Absent when there is no commit yet. */
export function readHead(row: HeadRow | undefined): StoreHead {
  if (row === undefined) {
    return { revision: 0, committedAt: 0, nextChange: 1, nextPosition: 1, counts: byKind(() => 0) };
  }
  const [lastChange, revision, committedAt, nextPosition, ...counts] = row;
  return {
    revision,
    committedAt,
    nextChange: lastChange + 1,
    nextPosition,
    counts: byKind((_, i) => counts[i] ?? 0),
  };
}

/** Of a store whose last change cannot be read: who needs to know what it tells meets the error, and others go on. */
export function unreadableHead(error: unknown): StoreHead {
  const fail = (): never => {
    throw error;
  };
  const lost = { get: fail, enumerable: true };
  const fields = ['revision', 'committedAt', 'nextChange', 'nextPosition', 'counts'];
  return Object.defineProperties({}, Object.fromEntries(fields.map((name) => [name, lost]))) as StoreHead;
}

export function copyHead(head: StoreHead): StoreHead {
  const { revision, committedAt, nextChange, nextPosition, counts } = head;
  return { revision, committedAt, nextChange, nextPosition, counts: { ...counts } };
}

export function toStoreState({ revision, counts }: StoreHead): StoreState {
  return { revision, counts };
}
