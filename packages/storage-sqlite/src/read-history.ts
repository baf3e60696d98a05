import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import { compacted, type KeyTuple } from '@gati-framework/manifest-store/backend';
import type { EncodedValue, LoggedChange, LoggedCommit } from '@gati-framework/storage-kit';
import type { SqliteRow } from './sqlite-database.js';
import type { Statements } from './statements.js';
import type { StoreHead } from './store-head.js';

/** A page of changes is not read beyond this many, unless one commit alone has more. */
const MAX_CHANGES = 2_000;

/** Commits after `after`, oldest first. The caller holds a transaction, so that nothing is trimmed meanwhile. */
export function readHistory(
  statements: Statements,
  head: StoreHead,
  after: Revision,
  limit: number,
): LoggedCommit[] {
  const oldest = oldestRevision(statements);
  if (after < oldest || after > head.revision) throw compacted(after, oldest, head.revision);
  const commits: LoggedCommit[] = [];
  let changeCount = 0;
  for (const commit of statements.selectCommits.all(after, limit)) {
    const [revision, committedAt, first, count] = commit as [number, number, number, number];
    changeCount += count;
    if (commits.length > 0 && changeCount > MAX_CHANGES) break;
    commits.push({
      revision,
      committedAt,
      changes: statements.selectChanges.all(first, first + count).map(toLoggedChange),
    });
  }
  return commits;
}

/** The records that the commits after `after` touched; `all` when the history no longer says. */
export function changedKeys(
  statements: Statements,
  head: StoreHead,
  after: Revision,
): { kind: RecordKind; key: KeyTuple }[] | 'all' {
  if (after < oldestRevision(statements) || after > head.revision) return 'all';
  const first = statements.selectCommits.get(after, 1)?.[2] as number | undefined;
  if (first === undefined) return [];
  if (head.nextChange - first > MAX_CHANGES) return 'all';
  const keys: { kind: RecordKind; key: KeyTuple }[] = [];
  for (const row of statements.selectChangeKeys.all(first)) {
    const [operation, kind, key] = row;
    if (operation === 'clear') return 'all';
    keys.push({ kind: kind as RecordKind, key: JSON.parse(key as string) as KeyTuple });
  }
  return keys;
}

/** The kept history begins after this revision. */
function oldestRevision(statements: Statements): Revision {
  const first = statements.selectFirstCommit.get();
  return first === undefined ? 0 : (first[1] as number) - 1;
}

function toLoggedChange(row: SqliteRow): LoggedChange {
  const [operation, kind, key, encoding, text, digest] = row as [string, RecordKind, string, ...SqliteRow];
  if (operation === 'clear') return { op: 'clear' };
  const tuple = JSON.parse(key) as KeyTuple;
  if (operation === 'delete') return { op: 'delete', kind, key: tuple };
  return {
    op: 'put',
    kind,
    key: tuple,
    encoding: encoding as EncodedValue['encoding'],
    text: text as string,
    digest: digest as number,
  };
}
