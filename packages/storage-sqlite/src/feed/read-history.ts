import { type RecordKind, type Revision, StorageError } from '@gati-framework/manifest-store';
import {
  compacted,
  type KeyTuple,
  RECORD_KIND_NAMES,
  tooLargeToTell,
} from '@gati-framework/manifest-store/backend';
import {
  digestOf,
  LARGEST_TOLD_COMMIT,
  type LoggedChange,
  type LoggedCommit,
  PAGE_BYTES,
} from '@gati-framework/storage-kit';
import { type HistoryBounds, readBounds } from '../commit/history-bounds.js';
import { knownKind } from '../sql/known-kind.js';
import { type ChangeRow, type CommitRow, parseKey } from '../sql/rows.js';
import type { Statements } from '../sql/statements.js';
import { readHead, type StoreHead } from '../sql/store-head.js';
import { assertComplete, assertWhole, commitOf, firstChangeAfter, oldestRevision } from './find-commits.js';

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
  const bounds = readBounds(statements);
  const oldest = oldestRevision(statements, bounds);
  if (after < oldest || after > head.revision) throw compacted(after, oldest, head.revision);
  if (after === head.revision) return [];
  const commits: LoggedCommit[] = [];
  let size = 0;
  for (const commit of commitsFrom(statements, bounds, head, after, limit)) {
    assertWhole(commit, after + commits.length + 1, location);
    const [last, count, revision, committedAt, note] = commit;
    const [first, end] = [last - count + 1, last + 1];
    // Asked before anything of it is read: SQLite knows it without reading the texts.
    size += sizeOf(statements, first, end);
    if (commits.length > 0 && size > PAGE_BYTES) break;
    if (size > LARGEST_TOLD_COMMIT) throw tooLargeToTell(revision, after, head.revision);
    const changes = statements.changes.select.all(first, end);
    assertComplete(changes.length, count, revision, location);
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
  bounds: HistoryBounds,
  head: StoreHead,
  after: Revision,
  limit: number,
): Generator<CommitRow> {
  const first = firstChangeAfter(statements, bounds, head, after);
  const { selectCommits } = statements.changes;
  let isEmpty = true;
  for (const commit of selectCommits.iterate(first, first + MAX_CHANGES, limit)) {
    isEmpty = false;
    yield commit;
  }
  const alone = isEmpty ? commitOf(statements, first, head.nextChange) : undefined;
  if (alone !== undefined) yield alone;
}

/** Bytes of the values of some changes; of too many to be told, perhaps only of so many that that is known. */
function sizeOf({ changes }: Statements, first: number, end: number): number {
  let size = 0;
  for (let id = first; id < end && size <= LARGEST_TOLD_COMMIT; id += MAX_CHANGES) {
    size += changes.selectSize.get(id, Math.min(id + MAX_CHANGES, end))?.[0] ?? 0;
  }
  return size;
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
  const oldest = oldestRevision(statements, readBounds(statements));
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

function toLoggedChange(row: ChangeRow, location: string): LoggedChange {
  const [operation, kindName, keyText, encoding, text, digest] = row;
  if (operation === 'clear') return { op: 'clear' };
  const kind = knownKind(kindName, location);
  const key = parseKey(keyText);
  if (operation === 'delete') {
    // Those of before deletions had digests have none.
    if (digest !== null && digestOf(keyText) !== digest) throw damagedKey(keyText, location);
    return { op: 'delete', kind, key };
  }
  return { op: 'put', kind, key, encoding, text, digest };
}

function damagedKey(keyText: string, location: string): StorageError {
  return new StorageError(
    'STORAGE_CORRUPT',
    `${location} is damaged: ${keyText}, the key of a deletion, does not match its digest. Restore the store from a backup.`,
  );
}
