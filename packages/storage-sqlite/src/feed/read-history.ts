import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import { compacted, type KeyTuple, RECORD_KIND_NAMES } from '@gati-framework/manifest-store/backend';
import { type LoggedChange, type LoggedCommit, PAGE_BYTES } from '@gati-framework/storage-kit';
import { knownKind } from '../sql/known-kind.js';
import { type ChangeRow, parseKey } from '../sql/rows.js';
import type { Statements } from '../sql/statements.js';
import { readHead, type StoreHead } from '../sql/store-head.js';

/** A page of changes is not read beyond this many, unless one commit alone has more. */
const MAX_CHANGES = 2_000;

/**
 * Commits after `after`, oldest first: at least one if there is one, at most
 * `limit`, and together no more text than PAGE_BYTES, unless one commit alone
 * has more. The caller holds a transaction, so that nothing is trimmed meanwhile.
 */
export function readHistory(
  statements: Statements,
  head: StoreHead,
  after: Revision,
  limit: number,
  location: string,
): LoggedCommit[] {
  const oldest = oldestRevision(statements);
  if (after < oldest || after > head.revision) throw compacted(after, oldest, head.revision);
  const commits: LoggedCommit[] = [];
  let changeCount = 0;
  let size = 0;
  for (const commit of statements.selectCommits.all(after, limit)) {
    const [revision, committedAt, first, count] = commit;
    changeCount += count;
    if (commits.length > 0 && changeCount > MAX_CHANGES) break;
    // Asked before anything of it is read: SQLite knows it without reading the texts.
    size += statements.selectSizeOfChanges.get(first, first + count)?.[0] ?? 0;
    if (commits.length > 0 && size > PAGE_BYTES) break;
    const changes = statements.selectChanges.all(first, first + count);
    commits.push({ revision, committedAt, changes: changes.map((row) => toLoggedChange(row, location)) });
  }
  return commits;
}

/**
 * The records that were committed between `known` and `head`, which follows
 * from it; `all` when they are too many to name.
 */
export function changedKeys(
  statements: Statements,
  known: StoreHead,
  head: StoreHead,
  location: string,
): { kind: RecordKind; key: KeyTuple }[] | 'all' {
  const first = known.nextChange;
  if (head.nextChange - first > MAX_CHANGES) return 'all';
  const keys: { kind: RecordKind; key: KeyTuple }[] = [];
  for (const [operation, kind, key] of statements.selectChangeKeys.all(first)) {
    if (operation === 'clear') return 'all';
    keys.push({ kind: knownKind(kind, location), key: parseKey(key) });
  }
  return keys;
}

/**
 * How what the database holds relates to what was known of it: it `follows`,
 * it is of an `other` history (a restored backup, another store), or that
 * `unknown` when the history does not reach back so far.
 */
export function relationTo(
  statements: Statements,
  known: StoreHead,
  head: StoreHead,
): 'follows' | 'other' | 'unknown' {
  if (known.revision > head.revision) return 'other';
  const oldest = oldestRevision(statements);
  if (known.revision === 0 && oldest === 0) return 'follows';
  if (known.revision <= oldest) return 'unknown';
  return isPartOfHistory(statements, known) ? 'follows' : 'other';
}

/** Whether the history has the very commit that led to this head: all that its row says is compared. */
export function isPartOfHistory(statements: Statements, head: StoreHead): boolean {
  const found = readHead(statements.selectCommit.get(head.revision));
  return (
    found.revision === head.revision &&
    found.committedAt === head.committedAt &&
    found.nextChange === head.nextChange &&
    found.nextPosition === head.nextPosition &&
    RECORD_KIND_NAMES.every((kind) => found.counts[kind] === head.counts[kind])
  );
}

/** The kept history begins after this revision. */
function oldestRevision(statements: Statements): Revision {
  const first = statements.selectFirstCommit.get();
  return first === undefined ? 0 : first[1] - 1;
}

function toLoggedChange(row: ChangeRow, location: string): LoggedChange {
  const [operation, kindName, keyText, encoding, text, digest] = row;
  if (operation === 'clear') return { op: 'clear' };
  const kind = knownKind(kindName, location);
  const key = parseKey(keyText);
  if (operation === 'delete') return { op: 'delete', kind, key };
  return { op: 'put', kind, key, encoding, text, digest };
}
