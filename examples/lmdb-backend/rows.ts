import type { RecordKind } from '@gati-framework/manifest-store';
import { type KeyTuple, RECORD_KINDS } from '@gati-framework/manifest-store/backend';
import type { EncodedColumns, EncodedValue, RecordQuery } from '@gati-framework/storage-kit';
import type { Database, Key, Transaction } from 'lmdb';

/** What is stored under the key of a record. */
export interface Row extends EncodedValue {
  readonly revision: number;
  /** Counts first storings, and so gives the order of records. */
  readonly place: number;
  readonly columns: EncodedColumns;
}

export type Rows = Database<unknown, Key>;

export const recordName = (kind: RecordKind, key: KeyTuple): Key => ['record', kind, ...key];

export function rowOf(
  rows: Rows,
  kind: RecordKind,
  key: KeyTuple,
  transaction?: Transaction,
): Row | undefined {
  return rows.get(recordName(kind, key), transaction && { transaction }) as Row | undefined;
}

/** The names under which the key of a record is found in order: numbers sort as numbers. */
export function orderedNames(kind: RecordKind, key: KeyTuple, { place, columns }: Row): Key[] {
  const names: Key[] = [['place', kind, place]];
  // Not -0, which sorts before 0 here and is the same age.
  if (kind === 'manifest') names.push(['version', key[0], Number(columns.createdAt) + 0, place]);
  if (kind === 'transformer') names.push(['between', ...columns.lookup, place]);
  return names;
}

/** The range of names that go on with a number after these parts. */
export function after(...parts: string[]): { start: Key; end: Key } {
  return { start: [...parts, Number.NEGATIVE_INFINITY], end: [...parts, Number.POSITIVE_INFINITY] };
}

/** The keys that a query finds, in its order. */
export function keysOf(rows: Rows, { name, params }: RecordQuery): KeyTuple[] {
  const inOrder = (range: object): KeyTuple[] =>
    Array.from(rows.getRange(range), ({ value }) => value as KeyTuple);
  const versions = after('version', params[0] as string);
  switch (name) {
    case 'byKey':
      return [params as KeyTuple];
    case 'latestManifest':
      return inOrder({ start: versions.end, end: versions.start, reverse: true, limit: 1 });
    case 'manifestVersions':
      return inOrder(versions);
    case 'hookManifests':
      return inOrder(after('place', 'hookManifest'));
    case 'transformersBetween':
      return inOrder(after('between', ...params));
  }
}

/** The handler that a record belongs to, by its key or by what it is looked up by. */
export function handlerOf(kind: RecordKind, key: KeyTuple, { columns }: Row): string | undefined {
  const { keyFields, lookupFields } = RECORD_KINDS[kind];
  return [...key, ...columns.lookup][[...keyFields, ...lookupFields].indexOf('handlerId')];
}
