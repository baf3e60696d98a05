import { type Revision, StorageError } from '@gati-framework/manifest-store';
import { compacted, type KeyTuple, replaced, tooLargeToTell } from '@gati-framework/manifest-store/backend';
import { LARGEST_TOLD_COMMIT, type LoggedChange, type LoggedCommit } from '@gati-framework/storage-kit';
import { digestOfKey } from '../sql/digest-of-key.js';
import { flagAt, numberAt, numberOrNullAt, type Row, textAt, textOrNullAt } from '../sql/row-values.js';
import { headOf, isKnown, keyAt, valueAt } from '../sql/rows.js';
import { type Cursor, isSameHistory } from './cursor.js';

export interface HistoryPage {
  readonly commits: readonly LoggedCommit[];
  /** Of the store, when it was read. */
  readonly revision: Revision;
}

/**
 * @param rows Of the statement `history`. Throws `STORAGE_COMPACTED`, also where the next commit is too large to be told, and
 *   `STORAGE_CORRUPT`; a standby that is behind `after` has no commits yet.
 * @param known Where the store was when the rows were asked for.
 */
export function readHistory(rows: readonly Row[], after: Revision, known: Cursor): HistoryPage {
  const head = headOf(rows);
  const revision = numberAt(head, 1);
  const first = numberOrNullAt(head, 3);
  const isStandby = flagAt(head, 4);
  const history = { epoch: textAt(head, 0), revision, groupIdAtKnown: textOrNullAt(head, 2), isStandby };
  if (!isSameHistory(known, history)) throw replaced(revision);
  if (after > revision && isStandby) return { commits: [], revision };
  const oldest = first === null ? revision : first - 1;
  if (after < oldest || after > revision) throw compacted(after, oldest, revision);
  const bytes = numberOrNullAt(head, 16) ?? 0;
  if (bytes > LARGEST_TOLD_COMMIT) throw tooLargeToTell(numberAt(head, 15), after, revision);
  const commits: {
    revision: Revision;
    committedAt: number;
    note: string | undefined;
    changes: LoggedChange[];
  }[] = [];
  for (const row of rows) {
    const ofCommit = numberOrNullAt(row, 5);
    if (ofCommit === null) break;
    if (commits.at(-1)?.revision !== ofCommit) {
      const note = textOrNullAt(row, 14) ?? undefined;
      commits.push({ revision: ofCommit, committedAt: numberAt(row, 6), note, changes: [] });
    }
    const change = toLoggedChange(row);
    if (change !== undefined) commits.at(-1)?.changes.push(change);
  }
  return { commits, revision };
}

function toLoggedChange(row: Row): LoggedChange | undefined {
  const operation = row[7];
  const kind = row[8];
  if (operation === 'clear') return { op: 'clear' };
  if (!isKnown(kind)) return undefined;
  const key = keyAt(kind, row, 9);
  if (operation === 'delete') {
    const digest = numberOrNullAt(row, 13);
    // Those of before deletions had digests have none.
    if (digest !== null && digestOfKey(key) !== digest) throw damagedKey(key);
    return { op: 'delete', kind, key };
  }
  return { op: 'put', kind, key, ...valueAt(row, 11) };
}

function damagedKey(key: KeyTuple): StorageError {
  return new StorageError(
    'STORAGE_CORRUPT',
    `The log is damaged: (${key.join(', ')}), the key of a deletion, does not match its digest. Restore the database from a backup.`,
  );
}
