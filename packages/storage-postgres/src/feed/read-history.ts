import type { Revision } from '@gati-framework/manifest-store';
import { compacted, replaced } from '@gati-framework/manifest-store/backend';
import type { EncodedValue, LoggedChange, LoggedCommit } from '@gati-framework/storage-kit';
import { headOf, isKnown, type Row, toKey } from '../sql/rows.js';
import { type Cursor, isSameHistory } from './cursor.js';

export interface HistoryPage {
  readonly commits: readonly LoggedCommit[];
  /** Of the store, when it was read. */
  readonly revision: Revision;
}

/**
 * @param rows Of the statement `history`. Throws `STORAGE_COMPACTED`; a standby that is behind `after` has no
 *   commits yet.
 * @param known Where the store was when the rows were asked for.
 */
export function readHistory(rows: readonly Row[], after: Revision, known: Cursor): HistoryPage {
  const [epoch, revision, operationAtKnown, first, isStandby] = headOf(rows) as [
    string,
    Revision,
    string | null,
    Revision | null,
    boolean,
  ];
  if (!isSameHistory(known, { epoch, revision, operationAtKnown, isStandby })) throw replaced(revision);
  if (after > revision && isStandby) return { commits: [], revision };
  const oldest = first === null ? revision : first - 1;
  if (after < oldest || after > revision) throw compacted(after, oldest, revision);
  const commits: { revision: Revision; committedAt: number; changes: LoggedChange[] }[] = [];
  for (const row of rows) {
    const [commit, committedAt] = row.slice(5, 7) as [Revision | null, number];
    if (commit === null) break;
    if (commits.at(-1)?.revision !== commit) commits.push({ revision: commit, committedAt, changes: [] });
    const change = toLoggedChange(row.slice(7));
    if (change !== undefined) commits.at(-1)?.changes.push(change);
  }
  return { commits, revision };
}

function toLoggedChange([operation, kind, key1, key2, encoding, text, digest]: Row):
  | LoggedChange
  | undefined {
  if (operation === 'clear') return { op: 'clear' };
  if (!isKnown(kind)) return undefined;
  const key = toKey(kind, key1, key2);
  if (operation === 'delete') return { op: 'delete', kind, key };
  return {
    op: 'put',
    kind,
    key,
    encoding: encoding as EncodedValue['encoding'],
    text: text as string,
    digest: digest as number,
  };
}
