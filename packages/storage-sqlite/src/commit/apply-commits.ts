import type { RecordKind, StorageError } from '@gati-framework/manifest-store';
import {
  conflict,
  jsonText,
  type KeyTuple,
  type PreparedExpectation,
  RECORD_KIND_NAMES,
  timers,
} from '@gati-framework/manifest-store/backend';
import type { CommitOutcome, EncodedCommit, EncodedPut } from '@gati-framework/storage-kit';
import type { LogEntry } from '../log/commit-log.js';
import { commitValues, type Statements } from '../sql/statements.js';
import type { StoreHead } from '../sql/store-head.js';
import type { SqliteValue } from '../sqlite-database.js';
import type { Steps } from './steps.js';

/**
 * Applies commits one after the other inside the caller's transaction, and
 * moves `head` along. Yields after each change, where the work may pause.
 *
 * @param applied Gathers the commits that changed something.
 */
export function* applyCommits(
  statements: Statements,
  head: StoreHead,
  commits: readonly EncodedCommit[],
  applied: LogEntry[],
): Steps<CommitOutcome[]> {
  const outcomes: CommitOutcome[] = [];
  for (const { expect, changes } of commits) {
    const error = findConflict(statements, expect);
    if (error === undefined && changes.length > 0) {
      const entry = { revision: head.revision + 1, committedAt: timers.wallClock(), changes };
      yield* applyEntry(statements, head, entry);
      applied.push(entry);
    }
    outcomes.push(error === undefined ? { revision: head.revision } : { error });
  }
  return outcomes;
}

function findConflict(
  statements: Statements,
  expect: readonly PreparedExpectation[],
): StorageError | undefined {
  for (const { kind, key, revision: expected } of expect) {
    const actual = statements.records[kind].locate.get(...key)?.[0] ?? null;
    if (actual !== expected) return conflict(kind, key, expected, actual);
  }
  return undefined;
}

/** Applies a commit whose place in the history is decided: the next one. Yields as {@link applyCommits} does. */
export function* applyEntry(
  statements: Statements,
  head: StoreHead,
  { revision, committedAt, changes }: LogEntry,
): Steps<void> {
  const firstChange = head.nextChange;
  head.revision = revision;
  head.committedAt = committedAt;
  for (const change of changes) {
    if (change.op === 'put') put(statements, head, change);
    else if (change.op === 'delete') remove(statements, head, change.kind, change.key);
    else clear(statements, head);
    head.nextChange += 1;
    yield;
  }
  const row = { ...head, firstChange, changeCount: changes.length };
  statements.insertCommit.run(...commitValues(row));
}

function put(statements: Statements, head: StoreHead, change: EncodedPut): void {
  const { kind, key, columns, encoding, text, digest } = change;
  const { locate, insert, update } = statements.records[kind];
  const fields: SqliteValue[] = [...columns.lookup];
  if (columns.createdAt !== undefined) fields.push(columns.createdAt);
  const replaced = locate.get(...key);
  if (replaced === undefined) {
    insert.run(...key, ...fields, head.nextPosition, head.revision, head.nextChange);
    head.nextPosition += 1;
    head.counts[kind] += 1;
  } else {
    update.run(...fields, head.revision, head.nextChange, ...key);
  }
  const replaces = replaced?.[1] ?? null;
  const { nextChange } = head;
  statements.insertPut.run(nextChange, kind, jsonText(key), encoding, text, digest, replaces);
}

function remove(statements: Statements, head: StoreHead, kind: RecordKind, key: KeyTuple): void {
  const { locate, delete: deleteRecord } = statements.records[kind];
  const replaced = locate.get(...key);
  if (replaced !== undefined) {
    deleteRecord.run(...key);
    head.counts[kind] -= 1;
  }
  statements.insertDelete.run(head.nextChange, kind, jsonText(key), replaced?.[1] ?? null);
}

function clear(statements: Statements, head: StoreHead): void {
  for (const kind of RECORD_KIND_NAMES) {
    statements.records[kind].deleteAll.run();
    head.counts[kind] = 0;
  }
  statements.insertClear.run(head.nextChange);
}
