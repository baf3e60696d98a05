import type { RecordKind, StorageError } from '@gati-framework/manifest-store';
import {
  conflict,
  type KeyTuple,
  type PreparedExpectation,
  RECORD_KIND_NAMES,
} from '@gati-framework/manifest-store/backend';
import type { CommitOutcome, EncodedChange, EncodedCommit, EncodedPut } from '@gati-framework/storage-kit';
import type { SqliteValue } from './sqlite-database.js';
import type { Statements } from './statements.js';
import type { StoreRow } from './store-row.js';

/** Applies commits one after the other inside the caller's transaction, and counts in `store` what they do. */
export function applyCommits(
  statements: Statements,
  store: StoreRow,
  commits: readonly EncodedCommit[],
): CommitOutcome[] {
  return commits.map(({ expect, changes }) => {
    const error = findConflict(statements, expect);
    if (error !== undefined) return { error };
    if (changes.length > 0) applyCommit(statements, store, changes);
    return { revision: store.revision };
  });
}

function findConflict(
  statements: Statements,
  expect: readonly PreparedExpectation[],
): StorageError | undefined {
  for (const { kind, key, revision: expected } of expect) {
    const row = statements.records[kind].selectRevision.get(...key);
    const actual = row === undefined ? null : (row.revision as number);
    if (actual !== expected) return conflict(kind, key, expected, actual);
  }
  return undefined;
}

function applyCommit(statements: Statements, store: StoreRow, changes: readonly EncodedChange[]): void {
  store.revision += 1;
  statements.insertCommit.run(store.revision, Date.now(), store.nextChange, changes.length);
  for (const change of changes) {
    statements.insertChange.run(...logValues(store.nextChange, change));
    store.nextChange += 1;
    if (change.op === 'put') put(statements, store, change);
    else if (change.op === 'delete') remove(statements, store, change.kind, change.key);
    else clear(statements, store);
  }
}

function put(statements: Statements, store: StoreRow, change: EncodedPut): void {
  const { kind, key, columns, encoding, text, digest } = change;
  const fields: SqliteValue[] = [...columns.lookup];
  if (columns.createdAt !== undefined) fields.push(columns.createdAt);
  const position = store.nextPosition;
  const row = statements.records[kind].upsert.get(
    position,
    ...key,
    ...fields,
    store.revision,
    encoding,
    text,
    digest,
  );
  if (row?.position !== position) return; // it replaced one and kept its place
  store.nextPosition += 1;
  store.counts[kind] += 1;
}

function remove(statements: Statements, store: StoreRow, kind: RecordKind, key: KeyTuple): void {
  if (statements.records[kind].delete.get(...key) !== undefined) store.counts[kind] -= 1;
}

function clear(statements: Statements, store: StoreRow): void {
  for (const kind of RECORD_KIND_NAMES) {
    statements.records[kind].deleteAll.run();
    store.counts[kind] = 0;
  }
}

function logValues(id: number, change: EncodedChange): SqliteValue[] {
  if (change.op === 'clear') return [id, 'clear', null, null, null, null, null];
  const key = JSON.stringify(change.key);
  if (change.op === 'delete') return [id, 'delete', change.kind, key, null, null, null];
  return [id, 'put', change.kind, key, change.encoding, change.text, change.digest];
}

/** Forgets the oldest commits once the log holds a tenth more changes than it should. */
export function trimHistory(statements: Statements, store: StoreRow, limit: number): void {
  const cutoff = store.nextChange - limit;
  const oldestChange = statements.selectCommits.get(store.oldestRevision, 1)?.first_change as
    | number
    | undefined;
  if (oldestChange === undefined || oldestChange + limit / 10 >= cutoff) return;
  const keep = statements.selectFirstCommitToKeep.get(cutoff);
  if (keep === undefined) return;
  statements.deleteChanges.run(keep.first_change as number);
  statements.deleteCommits.run(keep.revision as number);
  store.oldestRevision = (keep.revision as number) - 1;
}
