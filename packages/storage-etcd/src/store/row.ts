import type { RecordKind, Revision } from '@gati-framework/manifest-store';
import { type KeyTuple, RECORD_KINDS } from '@gati-framework/manifest-store/backend';
import type { EncodedValue } from '@gati-framework/storage-kit';

/** A record without its text. */
export interface Row {
  readonly kind: RecordKind;
  readonly key: KeyTuple;
  /** Its place in first-stored order. */
  readonly position: number;
  /** Of the commit that put it. */
  readonly revision: Revision;
  /** Names its text among the keys of the store. */
  readonly text: string;
  /** How many keys the text takes. */
  readonly pieces: number;
  /** Of the text, in UTF-16 code units. */
  readonly size: number;
  readonly encoding: EncodedValue['encoding'];
  readonly digest: number;
  readonly lookup: readonly string[];
  readonly createdAt: number | undefined;
}

/** A row as it is written, beside its kind and key. */
export type WrittenRow = readonly [
  position: number,
  revision: Revision,
  text: string,
  pieces: number,
  size: number,
  encoding: EncodedValue['encoding'],
  digest: number,
  lookup: readonly string[],
  createdAt: number | null,
];

export function writeRow(row: Row): WrittenRow {
  const { position, revision, text, pieces, size, encoding, digest, lookup, createdAt } = row;
  return [position, revision, text, pieces, size, encoding, digest, lookup, createdAt ?? null];
}

export function readRow(kind: RecordKind, key: KeyTuple, written: WrittenRow): Row {
  const [position, revision, text, pieces, size, encoding, digest, lookup, createdAt] = written;
  return {
    kind,
    key,
    position,
    revision,
    text,
    pieces,
    size,
    encoding,
    digest,
    lookup,
    createdAt: createdAt ?? undefined,
  };
}

/** Whether a row is of a handler. */
export function isOfHandler({ kind, key, lookup }: Row, handlerId: string): boolean {
  const { keyFields, lookupFields } = RECORD_KINDS[kind];
  const inKey = keyFields.indexOf('handlerId');
  return (inKey >= 0 ? key[inKey] : lookup[lookupFields.indexOf('handlerId')]) === handlerId;
}

/** Keys cannot contain NUL, so the parts cannot run into each other. */
export function nameOfKey(key: KeyTuple): string {
  return key.join('\0');
}
