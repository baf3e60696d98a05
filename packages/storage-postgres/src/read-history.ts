import type { Revision } from '@gati-framework/manifest-store';
import { compacted } from '@gati-framework/manifest-store/backend';
import type { EncodedValue, LoggedChange, LoggedCommit } from '@gati-framework/storage-kit';
import { isKnown, type Row, toKey } from './rows.js';

export interface HistoryPage {
  readonly commits: readonly LoggedCommit[];
  /** Of the store, when it was read. */
  readonly revision: Revision;
}

/** @param rows Of the statement `history`. Throws `STORAGE_COMPACTED`. */
export function readHistory(rows: readonly Row[], after: Revision): HistoryPage {
  const [revision, first] = rows[0] as [Revision, Revision | null];
  const oldest = first === null ? revision : first - 1;
  if (after < oldest || after > revision) throw compacted(after, oldest, revision);
  const commits: { revision: Revision; committedAt: number; changes: LoggedChange[] }[] = [];
  for (const row of rows) {
    const [commit, committedAt] = row.slice(2, 4) as [Revision | null, number];
    if (commit === null) break;
    if (commits.at(-1)?.revision !== commit) commits.push({ revision: commit, committedAt, changes: [] });
    const change = toLoggedChange(row.slice(4));
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
