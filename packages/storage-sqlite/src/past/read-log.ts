import type { Revision } from '@gati-framework/manifest-store';
import { compacted } from '@gati-framework/manifest-store/backend';
import type { LoggedKey, LoggedSummary, LogRange } from '@gati-framework/storage-kit';
import { readBounds } from '../commit/history-bounds.js';
import type { Steps } from '../commit/steps.js';
import type { Connection } from '../connections/connection.js';
import {
  assertComplete,
  assertWhole,
  commitOf,
  nextChangeAfter,
  oldestRevision,
} from '../feed/find-commits.js';
import { knownKind } from '../sql/known-kind.js';
import { type ChangeKeyRow, type CommitRow, parseKey } from '../sql/rows.js';
import type { Statements } from '../sql/statements.js';
import type { Reading } from './read-in-slices.js';

/** A page does not list more changes than this, unless one commit alone has more: some MiB of the longest keys. */
const MAX_CHANGES = 2_000;
/** Rows that are read between two looks at the clock. */
const ROWS = 250;

/** What is left to be read of a history, by ids of changes. */
interface Stretch {
  /** Id of the first change. */
  first: number;
  /** The id to stop before. */
  end: number;
  /** Id of the first change of what is being read. */
  needed: number;
}

/**
 * A page of a range, inside a transaction. Throws `STORAGE_COMPACTED`.
 *
 * @param location How errors name the store.
 */
export function beginLog(
  { statements, head }: Connection,
  range: LogRange,
  location: string,
): Reading<LoggedSummary[]> {
  const bounds = readBounds(statements);
  const oldest = oldestRevision(statements, bounds);
  const { after = oldest, before = head.revision + 1 } = range;
  if (after < oldest || after > head.revision) throw compacted(after, oldest, head.revision);
  const idAfter = (revision: Revision): number => nextChangeAfter(statements, bounds, head, revision);
  const first = idAfter(after);
  const end = before - 1 > after ? idAfter(before - 1) : first;
  const rest: Stretch = { first, end, needed: range.reverse ? end - 1 : first };
  return {
    steps: readPage(statements, rest, range, location),
    get first() {
      return rest.needed;
    },
  };
}

function* readPage(
  statements: Statements,
  rest: Stretch,
  { reverse, limit, maxChanges }: LogRange,
  location: string,
): Steps<LoggedSummary[]> {
  const page: LoggedSummary[] = [];
  let listed = 0;
  while (page.length < limit && rest.first < rest.end) {
    const commit = commitOf(statements, reverse ? rest.end - 1 : rest.first, rest.end);
    if (commit === undefined) break;
    const before = page.at(-1)?.revision;
    assertWhole(commit, before && before + (reverse ? -1 : 1), location);
    const [last, changeCount, revision, committedAt, note] = commit;
    const count = Math.min(changeCount, maxChanges);
    listed += count;
    if (page.length > 0 && listed > MAX_CHANGES) break;
    rest.needed = last - changeCount + 1;
    const changes = yield* readKeys(statements, commit, count, location);
    page.push({ revision, committedAt, ...(note !== null && { note }), changeCount, changes });
    if (reverse) rest.end = rest.needed;
    else rest.first = last + 1;
  }
  return page;
}

/** The first changes of a commit. */
function* readKeys(
  { past }: Statements,
  [last, changeCount, revision]: CommitRow,
  count: number,
  location: string,
): Steps<LoggedKey[]> {
  const keys: LoggedKey[] = [];
  const begin = last - changeCount + 1;
  while (keys.length < count) {
    const wanted = Math.min(count - keys.length, ROWS);
    const first = begin + keys.length;
    const rows = past.selectKeys.all(first, first + wanted, wanted);
    assertComplete(rows.length, wanted, revision, location);
    for (const row of rows) keys.push(toLoggedKey(row, location));
    yield;
  }
  return keys;
}

function toLoggedKey([operation, kindName, key]: ChangeKeyRow, location: string): LoggedKey {
  if (operation === 'clear') return { op: 'clear' };
  return {
    op: operation === 'put' ? 'put' : 'delete',
    kind: knownKind(kindName, location),
    key: parseKey(key),
  };
}
