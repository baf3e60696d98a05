import type { RecordKind, StorageError } from '@gati-framework/manifest-store';
import {
  conflict,
  jsonText,
  type KeyTuple,
  movedOn,
  RECORD_KIND_NAMES,
  timers,
} from '@gati-framework/manifest-store/backend';
import type {
  CommitOutcome,
  CommitTerms,
  EncodedChange,
  EncodedCommit,
  EncodedPut,
} from '@gati-framework/storage-kit';
import type { LogEntry } from '../log/commit-log.js';
import type { Statements } from '../sql/statements.js';
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
  for (const commit of commits) {
    const { changes, note } = commit;
    const error = findConflict(statements, head, commit);
    if (error === undefined && changes.length > 0) {
      const entry = { revision: head.revision + 1, committedAt: timers.wallClock(), note, changes };
      yield* applyEntry(statements, head, entry);
      applied.push(entry);
    }
    outcomes.push(error === undefined ? { revision: head.revision } : { error });
  }
  return outcomes;
}

/** Why a commit cannot be made on what is there now, with what was committed before it in the same group. */
function findConflict(
  statements: Statements,
  { revision: current }: StoreHead,
  { expect, expectRevision = current }: CommitTerms,
): StorageError | undefined {
  if (expectRevision !== current) return movedOn(expectRevision, current);
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
  { revision, committedAt, note, changes }: LogEntry,
): Steps<void> {
  head.revision = revision;
  head.committedAt = committedAt;
  for (const [i, change] of changes.entries()) {
    const own = applyChange(statements, head, change);
    const { nextChange, nextPosition, counts } = head;
    if (i < changes.length - 1) {
      statements.changes.insert[change.op].run(nextChange, revision, ...own);
    } else {
      const perKind = RECORD_KIND_NAMES.map((kind) => counts[kind]);
      const after = [committedAt, changes.length, nextPosition, ...perKind];
      const { insertLast, insertLastNoted } = statements.changes;
      if (note === undefined) insertLast[change.op].run(nextChange, revision, ...own, ...after);
      else insertLastNoted[change.op].run(nextChange, revision, ...own, ...after, note);
    }
    head.nextChange += 1;
    yield;
  }
}

/** @returns The change's own parameters of its statement in {@link InsertStatements}. */
function applyChange(statements: Statements, head: StoreHead, change: EncodedChange): SqliteValue[] {
  if (change.op === 'put') return put(statements, head, change);
  if (change.op === 'delete') return remove(statements, head, change.kind, change.key);
  for (const kind of RECORD_KIND_NAMES) {
    statements.records[kind].deleteAll.run();
    head.counts[kind] = 0;
  }
  return [];
}

function put(statements: Statements, head: StoreHead, change: EncodedPut): SqliteValue[] {
  const { kind, key, columns, encoding, text, digest } = change;
  const { locate, insert, update } = statements.records[kind];
  const fields: SqliteValue[] = [...columns.lookup];
  if (columns.createdAt !== undefined) fields.push(columns.createdAt);
  const value = [kind, jsonText(key), encoding, text, digest];
  const replaced = locate.get(...key);
  if (replaced !== undefined) {
    const [, changeId, position] = replaced;
    update.run(...fields, head.revision, head.nextChange, ...key);
    return [...value, position, changeId];
  }
  const position = head.nextPosition;
  insert.run(...key, ...fields, position, head.revision, head.nextChange);
  head.nextPosition += 1;
  head.counts[kind] += 1;
  return [...value, position, null];
}

function remove(statements: Statements, head: StoreHead, kind: RecordKind, key: KeyTuple): SqliteValue[] {
  const { locate, delete: deleteRecord } = statements.records[kind];
  const removed = locate.get(...key);
  if (removed === undefined) return [kind, jsonText(key), null, null];
  const [, changeId, position] = removed;
  deleteRecord.run(...key);
  head.counts[kind] -= 1;
  return [kind, jsonText(key), position, changeId];
}
