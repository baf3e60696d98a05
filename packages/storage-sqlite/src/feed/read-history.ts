import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import { compacted, type KeyTuple, RECORD_KIND_NAMES } from '@gati-framework/manifest-store/backend';
import { type LoggedChange, type LoggedCommit, PAGE_BYTES } from '@gati-framework/storage-kit';
import { readBounds } from '../commit/history-bounds.js';
import { knownKind } from '../sql/known-kind.js';
import { type ChangeRow, type CommitRow, parseKey } from '../sql/rows.js';
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
  if (after === head.revision) return [];
  const commits: LoggedCommit[] = [];
  let size = 0;
  for (const [last, count, revision, committedAt, note] of commitsFrom(statements, head, after, limit)) {
    const [first, end] = [last - count + 1, last + 1];
    // Asked before anything of it is read: SQLite knows it without reading the texts.
    size += statements.changes.selectSize.get(first, end)?.[0] ?? 0;
    if (commits.length > 0 && size > PAGE_BYTES) break;
    const changes = statements.changes.select.all(first, end);
    commits.push({
      revision,
      committedAt,
      ...(note !== null && { note }),
      changes: changes.map((row) => toLoggedChange(row, location)),
    });
  }
  return commits;
}

/**
 * Those that follow a revision, as far as a page may go, or one. Each is looked for when it is asked for: what a row
 * says of its commit lies behind its value, and SQLite goes through all of that to find it.
 */
function* commitsFrom(
  statements: Statements,
  head: StoreHead,
  after: Revision,
  limit: number,
): Generator<CommitRow> {
  const first = firstChangeAfter(statements, head, after);
  const { selectCommits } = statements.changes;
  let isEmpty = true;
  for (const commit of selectCommits.iterate(first, first + MAX_CHANGES, limit)) {
    isEmpty = false;
    yield commit;
  }
  if (isEmpty) yield* selectCommits.all(first, head.nextChange, 1);
}

/**
 * Id of the first change after a revision, which the history holds and which
 * is not the last. Revisions ascend with ids. Who asks has mostly seen all but the newest, so
 * the search begins at the end, in steps that double.
 */
export function firstChangeAfter(statements: Statements, head: StoreHead, after: Revision): number {
  const { firstChange } = readBounds(statements);
  const isAfter = (id: number): boolean => (statements.changes.selectRevision.get(id)?.[0] ?? 0) > after;
  let found = head.nextChange - 1;
  let before = found - 1;
  for (let step = 2; before >= firstChange && isAfter(before); step *= 2) {
    found = before;
    before -= step;
  }
  before = Math.max(before, firstChange - 1);
  while (found - before > 1) {
    const middle = Math.floor((before + found) / 2);
    if (isAfter(middle)) found = middle;
    else before = middle;
  }
  return found;
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
  for (const [operation, kind, key] of statements.changes.selectKeys.all(first)) {
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

/** Whether the history has the very commit that led to this head: all that is told of it is compared. */
export function isPartOfHistory(statements: Statements, head: StoreHead): boolean {
  const found = readHead(statements.changes.selectHeadAt.get(head.nextChange - 1));
  return (
    found.revision === head.revision &&
    found.committedAt === head.committedAt &&
    found.nextChange === head.nextChange &&
    found.nextPosition === head.nextPosition &&
    RECORD_KIND_NAMES.every((kind) => found.counts[kind] === head.counts[kind])
  );
}

/** The kept history begins after this revision. */
export function oldestRevision(statements: Statements): Revision {
  const first = statements.changes.selectRevision.get(readBounds(statements).firstChange);
  return first === undefined ? 0 : first[0] - 1;
}

function toLoggedChange(row: ChangeRow, location: string): LoggedChange {
  const [operation, kindName, keyText, encoding, text, digest] = row;
  if (operation === 'clear') return { op: 'clear' };
  const kind = knownKind(kindName, location);
  const key = parseKey(keyText);
  if (operation === 'delete') return { op: 'delete', kind, key };
  return { op: 'put', kind, key, encoding, text, digest };
}
