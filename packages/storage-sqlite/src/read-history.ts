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

/**
 * The records that were committed after `known`; `all` when the history no
 * longer says, or is not the one that `known` was part of (a restored backup).
 */
export function changedKeys(
  statements: Statements,
  known: StoreHead,
  head: StoreHead,
): { kind: RecordKind; key: KeyTuple }[] | 'all' {
  if (!isPartOfHistory(statements, known)) return 'all';
  const first = known.nextChange;
  if (head.nextChange - first > MAX_CHANGES) return 'all';
  const keys: { kind: RecordKind; key: KeyTuple }[] = [];
  for (const [operation, kind, key] of statements.selectChangeKeys.all(first)) {
    if (operation === 'clear') return 'all';
    keys.push({ kind: kind as RecordKind, key: JSON.parse(key as string) as KeyTuple });
  }
  return keys;
}

function isPartOfHistory(statements: Statements, known: StoreHead): boolean {
  if (known.revision === 0) return oldestRevision(statements) === 0;
  const commit = statements.selectCommits.get(known.revision - 1, 1);
  return commit?.[0] === known.revision && commit[1] === known.committedAt;
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
