import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import { type KeyTuple, RECORD_KIND_NAMES, RECORD_KINDS } from '@gati-framework/manifest-store/backend';
import type { EncodedValue, StoredRecord, StoreState } from '@gati-framework/storage-kit';
import { noStoreRow } from '../translate-error.js';

/** A row as `rowMode: 'array'` yields it. */
export type Row = readonly unknown[];

/**
 * @param row Its first column is not of the record, which may be absent.
 * @param known The key, where the row leaves it out.
 */
export function toStoredRecord(kind: RecordKind, row: Row, known?: KeyTuple): StoredRecord | undefined {
  if (row[1] === null) return undefined;
  return {
    kind,
    key: known ?? toKey(kind, row[5], row[6]),
    revision: row[1] as number,
    encoding: row[2] as EncodedValue['encoding'],
    text: row[3] as string,
    digest: row[4] as number,
  };
}

/** Whether the statement `byKeys` found a record and did not send its value. */
export function isLeftOut(row: Row): boolean {
  return row[1] !== null && row[3] === null;
}

/** The first row: there is one unless the row of `store` is missing. Throws `STORAGE_CORRUPT` then. */
export function headOf(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw noStoreRow();
  return row;
}

/** A newer library on the same store may know more kinds. */
export function isKnown(kind: unknown): kind is RecordKind {
  return Object.hasOwn(RECORD_KINDS, kind as string);
}

/** The second column is empty for kinds whose key is one field. */
export function toKey(kind: RecordKind, key1: unknown, key2: unknown): KeyTuple {
  return RECORD_KINDS[kind].keyFields.length === 1 ? [key1 as string] : [key1 as string, key2 as string];
}

/** @param counts By kind, as JSON; null while there is nothing. */
export function toStoreState(revision: Revision, counts: string | null): StoreState {
  const found = JSON.parse(counts ?? '{}') as Readonly<Record<string, number>>;
  const known = {} as Record<RecordKind, number>;
  for (const kind of RECORD_KIND_NAMES) known[kind] = found[kind] ?? 0;
  return { revision, counts: known };
}
