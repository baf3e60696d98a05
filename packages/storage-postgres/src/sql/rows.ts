import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import { type KeyTuple, RECORD_KIND_NAMES, RECORD_KINDS } from '@gati-framework/manifest-store/backend';
import type { EncodedValue, StoredRecord, StoreState } from '@gati-framework/storage-kit';
import { noStoreRow } from '../errors/translate-error.js';
import { isNull, numberAt, type Row, textAt } from './row-values.js';

/**
 * @param row Its first column is not of the record, which may be absent.
 * @param known The key, where the row leaves it out.
 */
export function toStoredRecord(kind: RecordKind, row: Row, known?: KeyTuple): StoredRecord | undefined {
  if (isNull(row, 1)) return undefined;
  return { kind, key: known ?? keyAt(kind, row, 5), revision: numberAt(row, 1), ...valueAt(row, 2) };
}

/** @param row Of the statement `readPast`. */
export function toPastRecord(kind: RecordKind, row: Row, key: KeyTuple): StoredRecord | undefined {
  if (isNull(row, 3)) return undefined;
  return { kind, key, revision: numberAt(row, 3), ...valueAt(row, 4) };
}

/** The encoding, the value and its digest, from this column on. */
export function valueAt(row: Row, column: number): EncodedValue {
  // Whoever decodes it refuses encodings that it does not know.
  const encoding = textAt(row, column) as EncodedValue['encoding'];
  return { encoding, text: textAt(row, column + 1), digest: numberAt(row, column + 2) };
}

/** The two columns of a key, from this one on; the second is empty for kinds whose key is one field. */
export function keyAt(kind: RecordKind, row: Row, column: number): KeyTuple {
  const first = textAt(row, column);
  return RECORD_KINDS[kind].keyFields.length === 1 ? [first] : [first, textAt(row, column + 1)];
}

/** Whether the statement `byKeys` found a record and did not send its value. */
export function isLeftOut(row: Row): boolean {
  return !isNull(row, 1) && isNull(row, 3);
}

/** The first row: there is one unless the row of `store` is missing. Throws `STORAGE_CORRUPT` then. */
export function headOf(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw noStoreRow();
  return row;
}

/** A newer library on the same store may know more kinds. */
export function isKnown(kind: unknown): kind is RecordKind {
  return typeof kind === 'string' && Object.hasOwn(RECORD_KINDS, kind);
}

/** @param counts By kind, as JSON; null while there is nothing. */
export function toStoreState(revision: Revision, counts: string | null): StoreState {
  const found: Readonly<Record<string, number>> = JSON.parse(counts ?? '{}');
  const known = { ...NOTHING };
  for (const kind of RECORD_KIND_NAMES) known[kind] = found[kind] ?? 0;
  return { revision, counts: known };
}

const NOTHING: Readonly<Record<RecordKind, number>> = {
  manifest: 0,
  hookManifest: 0,
  gtype: 0,
  transformer: 0,
  versionGraph: 0,
  timescapeMetadata: 0,
};
