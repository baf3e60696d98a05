import type { RecordKind } from '@gati-framework/manifest-store';
import type { KeyTuple } from '@gati-framework/manifest-store/backend';
import type { StoreState } from '@gati-framework/storage-kit';
import { flagAt, numberAt, type Row, textAt, textOrNullAt } from '../sql/row-values.js';
import { headOf, isKnown, keyAt, toStoreState } from '../sql/rows.js';
import type { Cursor } from './cursor.js';

/** What the statement `catchUp` says: of the store in every row, and one change in each. */
export interface FeedAnswer {
  readonly state: StoreState;
  readonly cursor: Cursor;
  /** Of the commit at the revision that was asked about; null when the log does not go back to it. */
  readonly groupIdAtKnown: string | null;
  readonly isStandby: boolean;
  /** What changed after that revision; `all` when it was cleared, or when there are more changes than asked for. */
  readonly changed: readonly ChangedRecord[] | 'all';
}

export interface ChangedRecord {
  readonly kind: RecordKind;
  readonly key: KeyTuple;
}

/** @param limit More changes than these are not told one by one. */
export function readFeedAnswer(rows: readonly Row[], limit: number): FeedAnswer {
  const head = headOf(rows);
  const revision = numberAt(head, 1);
  return {
    state: toStoreState(revision, textOrNullAt(head, 2)),
    cursor: { epoch: textAt(head, 0), revision, groupId: textOrNullAt(head, 5) },
    groupIdAtKnown: textOrNullAt(head, 4),
    isStandby: flagAt(head, 3),
    changed: readChanged(rows, limit),
  };
}

function readChanged(rows: readonly Row[], limit: number): ChangedRecord[] | 'all' {
  if (rows.length > limit) return 'all';
  const changed: ChangedRecord[] = [];
  for (const row of rows) {
    const operation = row[6];
    const kind = row[7];
    if (operation === 'clear') return 'all';
    if (isKnown(kind)) changed.push({ kind, key: keyAt(kind, row, 8) });
  }
  return changed;
}
