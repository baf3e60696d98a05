import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import { type KeyTuple, RECORD_KIND_NAMES, RECORD_KINDS } from '@gati-framework/manifest-store/backend';
import type { EncodedValue, StoredRecord, StoreState } from '@gati-framework/storage-kit';
import { readIntegers } from './query.js';

/** A row as `rowMode: 'array'` yields it. */
export type Row = readonly unknown[];

/** @param row Its first column is not of the record, which may be absent. */
export function toStoredRecord(kind: RecordKind, row: Row): StoredRecord | undefined {
  const [, revision, encoding, text, digest, key1, key2] = row;
  if (revision === null) return undefined;
  return {
    kind,
    key: toKey(kind, key1, key2),
    revision: revision as number,
    encoding: encoding as EncodedValue['encoding'],
    text: text as string,
    digest: digest as number,
  };
}

/** A newer library on the same store may know more kinds. */
export function isKnown(kind: unknown): kind is RecordKind {
  return Object.hasOwn(RECORD_KINDS, kind as string);
}

/** The second column is empty for kinds whose key is one field. */
export function toKey(kind: RecordKind, key1: unknown, key2: unknown): KeyTuple {
  return RECORD_KINDS[kind].keyFields.length === 1 ? [key1 as string] : [key1 as string, key2 as string];
}

export function toStoreState(revision: Revision, kinds: string | null, counts: string | null): StoreState {
  const state = {} as Record<RecordKind, number>;
  for (const kind of RECORD_KIND_NAMES) state[kind] = 0;
  const numbers = readIntegers(counts);
  readNames(kinds).forEach((kind, i) => {
    if (isKnown(kind)) state[kind] = numbers[i] as number;
  });
  return { revision, counts: state };
}

/** Names of record kinds never need quotes. */
function readNames(array: string | null): string[] {
  return array === null ? [] : array.slice(1, -1).split(',');
}
