import type { RecordKind } from '@gati-framework/manifest-store';
import type { KeyTuple } from '@gati-framework/manifest-store/backend';
import type { StoreState } from '@gati-framework/storage-kit';
import type { CommittedGroup } from '../commit/commit-answer.js';
import { isKnown, type Row, toKey, toStoreState } from '../sql/rows.js';
import type { Cursor } from './cursor.js';

/** What the statement `catchUp` says of the store itself. */
export interface Head {
  readonly state: StoreState;
  readonly cursor: Cursor;
  /** Of the commit at the revision that was asked about; null when the log does not go back to it. */
  readonly operationAtKnown: string | null;
  readonly isStandby: boolean;
}

export function readHead(row: Row): Head {
  const [epoch, revision, counts, isStandby, operationAtKnown, operation] = row as [
    string,
    number,
    string | null,
    boolean,
    ...(string | null)[],
  ];
  return {
    state: toStoreState(revision, counts),
    cursor: { epoch, revision, operation: operation ?? null },
    operationAtKnown: operationAtKnown ?? null,
    isStandby,
  };
}

/** As far as this process knows. */
export function countsAfter(
  { counts }: StoreState,
  { added = {}, cleared }: CommittedGroup,
): StoreState['counts'] {
  const after = { ...(cleared ? toStoreState(0, null).counts : counts) };
  for (const [kind, count] of Object.entries(added)) {
    if (isKnown(kind)) after[kind] += count;
  }
  return after;
}

/** Which records changed, or `all` when there are more changes than `limit`. */
export function readKeys(rows: readonly Row[], limit: number): { kind: RecordKind; key: KeyTuple }[] | 'all' {
  if (rows.length > limit) return 'all';
  const keys: { kind: RecordKind; key: KeyTuple }[] = [];
  for (const row of rows) {
    const [operation, kind, key1, key2] = row.slice(6);
    if (operation === 'clear') return 'all';
    if (!isKnown(kind)) continue;
    keys.push({ kind, key: toKey(kind, key1, key2) });
  }
  return keys;
}
