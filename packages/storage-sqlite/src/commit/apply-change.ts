import type { RecordKind } from '@gati-framework/manifest-store';
import { jsonText, type KeyTuple, RECORD_KIND_NAMES } from '@gati-framework/manifest-store/backend';
import { digestOf, type EncodedChange, type EncodedPut } from '@gati-framework/storage-kit';
import { digestOfCommit } from '../sql/digest-of-commit.js';
import type { Statements } from '../sql/statements.js';
import type { StoreHead } from '../sql/store-head.js';
import type { SqliteValue } from '../sqlite-database.js';

/** What the last change of a commit tells of it. */
export interface CommitEnd {
  readonly note: string | undefined;
  readonly changeCount: number;
}

/**
 * Applies the next change of the commit that `head` has come to, and moves `head` along.
 *
 * @param end With its last change.
 */
export function applyChange(
  statements: Statements,
  head: StoreHead,
  change: EncodedChange,
  end: CommitEnd | undefined,
): void {
  const own = changeRecords(statements, head, change);
  const { revision, committedAt, nextChange, nextPosition, counts } = head;
  const { insert, insertLast, insertLastNoted } = statements.changes;
  if (end === undefined) {
    insert[change.op].run(nextChange, revision, ...own);
  } else {
    const perKind = RECORD_KIND_NAMES.map((kind) => counts[kind]);
    const digest = digestOfCommit({ revision, committedAt, ...end });
    const after = [committedAt, end.changeCount, nextPosition, ...perKind, digest];
    if (end.note === undefined) insertLast[change.op].run(nextChange, revision, ...own, ...after);
    else insertLastNoted[change.op].run(nextChange, revision, ...own, ...after, end.note);
  }
  head.nextChange += 1;
}

/** @returns The change's own parameters of its statement in {@link InsertStatements}. */
function changeRecords(statements: Statements, head: StoreHead, change: EncodedChange): SqliteValue[] {
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
  const keyText = jsonText(key);
  // Nothing else tells whether the key is still the one that was deleted.
  const told = [kind, keyText, digestOf(keyText)];
  if (removed === undefined) return [...told, null, null];
  const [, changeId, position] = removed;
  deleteRecord.run(...key);
  head.counts[kind] -= 1;
  return [...told, position, changeId];
}
