import type { Revision } from '@gati-framework/manifest-store';
import { TimeSlice } from '@gati-framework/manifest-store/backend';
import type { LoggedKey, LoggedSummary } from '@gati-framework/storage-kit';
import { numberAt, numberOrNullAt, type Row, textOrNullAt } from '../sql/row-values.js';
import { isKnown, keyAt } from '../sql/rows.js';

/** A clock is asked once for so many rows. */
const ROWS_BETWEEN_LOOKS = 64;

/** @param rows Of the statement `logForward` or `logBackward`. Read in slices of time, as a commit may list a million. */
export async function readLog(rows: readonly Row[]): Promise<LoggedSummary[]> {
  const slice = new TimeSlice();
  const commits: LoggedSummary[] = [];
  let changes: LoggedKey[] = [];
  let last: Revision | null = null;
  for (const [i, row] of rows.entries()) {
    if (i % ROWS_BETWEEN_LOOKS === 0 && slice.isOver) await slice.next();
    const revision = numberOrNullAt(row, 3);
    if (revision === null) break;
    if (revision !== last) {
      last = revision;
      changes = [];
      const note = textOrNullAt(row, 7) ?? undefined;
      commits.push({ revision, committedAt: numberAt(row, 6), note, changeCount: numberAt(row, 4), changes });
    }
    const key = toLoggedKey(row);
    if (key !== undefined) changes.push(key);
  }
  return commits;
}

function toLoggedKey(row: Row): LoggedKey | undefined {
  const operation = row[8];
  const kind = row[9];
  if (operation === 'clear') return { op: 'clear' };
  if (!isKnown(kind)) return undefined;
  return { op: operation === 'delete' ? 'delete' : 'put', kind, key: keyAt(kind, row, 10) };
}
