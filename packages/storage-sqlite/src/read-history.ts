import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import { compacted, type KeyTuple } from '@gati-framework/manifest-store/backend';
import type { EncodedValue, LoggedChange, LoggedCommit } from '@gati-framework/storage-kit';
import type { SqliteRow } from './sqlite-database.js';
import type { Statements } from './statements.js';
import type { StoreRow } from './store-row.js';

/** A page of changes is not read beyond this many, unless one commit alone has more. */
const MAX_CHANGES = 2_000;

/** Commits after `after`, oldest first. The caller holds a transaction, so that nothing is trimmed meanwhile. */
export function readHistory(
  statements: Statements,
  store: StoreRow,
  after: Revision,
  limit: number,
): LoggedCommit[] {
  if (after < store.oldestRevision || after > store.revision) {
    throw compacted(after, store.oldestRevision, store.revision);
  }
  const commits: LoggedCommit[] = [];
  let changeCount = 0;
  for (const commit of statements.selectCommits.all(after, limit)) {
    const first = commit.first_change as number;
    const count = commit.change_count as number;
    changeCount += count;
    if (commits.length > 0 && changeCount > MAX_CHANGES) break;
    commits.push({
      revision: commit.revision as number,
      committedAt: commit.committed_at as number,
      changes: statements.selectChanges.all(first, first + count).map(toLoggedChange),
    });
  }
  return commits;
}

/** The records that the commits after `after` touched; `all` when the history no longer says. */
export function changedKeys(
  statements: Statements,
  store: StoreRow,
  after: Revision,
): { kind: RecordKind; key: KeyTuple }[] | 'all' {
  if (after < store.oldestRevision || after > store.revision || store.revision - after > MAX_CHANGES)
    return 'all';
  const first = statements.selectCommits.get(after, 1)?.first_change as number | undefined;
  if (first === undefined) return [];
  if (store.nextChange - first > MAX_CHANGES) return 'all';
  const keys: { kind: RecordKind; key: KeyTuple }[] = [];
  for (const row of statements.selectChangeKeys.all(first)) {
    if (row.operation === 'clear') return 'all';
    keys.push({ kind: row.kind as RecordKind, key: JSON.parse(row.key as string) as KeyTuple });
  }
  return keys;
}

function toLoggedChange(row: SqliteRow): LoggedChange {
  if (row.operation === 'clear') return { op: 'clear' };
  const kind = row.kind as RecordKind;
  const key = JSON.parse(row.key as string) as KeyTuple;
  if (row.operation === 'delete') return { op: 'delete', kind, key };
  return {
    op: 'put',
    kind,
    key,
    encoding: row.encoding as EncodedValue['encoding'],
    text: row.value as string,
    digest: row.digest as number,
  };
}
