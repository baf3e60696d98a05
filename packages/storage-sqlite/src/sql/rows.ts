import type { RecordKind } from '@gati-framework/manifest-store';
import type { KeyTuple } from '@gati-framework/manifest-store/backend';
import type { EncodedValue, StoredRecord } from '@gati-framework/storage-kit';
import type { SqliteRow } from '../sqlite-database.js';

/** All that the key tables say of a record beside its key and its fields. */
export type LocatedRecord = readonly [revision: number, changeId: number, position: number];

/** What the last change of a commit says of the store after it. */
export type HeadRow = readonly [
  lastChange: number,
  revision: number,
  committedAt: number,
  nextPosition: number,
  ...counts: number[],
];

/** What the last change of a commit says of the commit itself; the digest is `null` in files of before there was one. */
export type CommitRow = readonly [
  lastChange: number,
  changeCount: number,
  revision: number,
  committedAt: number,
  note: string | null,
  digest: number | null,
];

type Encoding = EncodedValue['encoding'];

/** A record but for its key; a value that is lost is `NULL`, and so found out when it is decoded. */
export type ValueRow = readonly [revision: number, encoding: Encoding, text: string, digest: number];

/** A record: its value, and then the columns of its key. */
export type RecordRow = readonly [...ValueRow, ...KeyTuple];

/** A record behind its position. */
export type PositionedRecordRow = readonly [position: number, ...RecordRow];

/** The value of a row of `changes`, by its id. */
export type PutRow = readonly [key: string, encoding: Encoding, text: string, digest: number];

/** A row of `changes`: which record it changes. */
export type ChangeKeyRow = readonly [operation: string, kind: string, key: string];

/** A row of `changes`, as it is told to who follows. The digest of a deletion is of its key; the file may hold none. */
export type ChangeRow = readonly [...ChangeKeyRow, encoding: Encoding, text: string, digest: number];

/** @param key Of the record. */
export function toStoredRecord(
  kind: RecordKind,
  [revision, encoding, text, digest]: SqliteRow & ValueRow,
  key: KeyTuple,
): StoredRecord {
  return { kind, key, revision, encoding, text, digest };
}

/** As {@link toStoredRecord}, with the key out of the row. */
export function toKeyedRecord(kind: RecordKind, row: RecordRow): StoredRecord {
  const [revision, encoding, text, digest, ...key] = row;
  return { kind, key, revision, encoding, text, digest };
}

/** A key as `changes` holds it. */
export function parseKey(json: string): KeyTuple {
  return JSON.parse(json);
}
