import type { RecordKeys, RecordKind, RecordTypes } from './storage.js';
import type { StorageStats } from './storage-contract.js';

/** What storages need to know about a kind of record. */
export interface RecordKindDefinition {
  /** The fields that make its key, in order. */
  readonly keyFields: KeyTuple;
  /** Further fields that records are looked up by; strings that follow the rules of keys. */
  readonly lookupFields: readonly string[];
  /** Whether records carry `createdAt`, which must be a finite number. */
  readonly createdAt: boolean;
  /** Where {@link StorageStats} counts them. */
  readonly count: keyof StorageStats;
}

/**
 * The one list of record kinds: validation, tables, statements, stats, export
 * and the change feed all follow it, in this order.
 */
export const RECORD_KINDS: { readonly [K in RecordKind]: RecordKindDefinition } = {
  manifest: {
    keyFields: ['handlerId', 'version'],
    lookupFields: [],
    createdAt: true,
    count: 'manifestCount',
  },
  hookManifest: {
    keyFields: ['handlerId'],
    lookupFields: [],
    createdAt: true,
    count: 'hookManifestCount',
  },
  gtype: {
    keyFields: ['ref'],
    lookupFields: [],
    createdAt: false,
    count: 'gtypeCount',
  },
  transformer: {
    keyFields: ['id'],
    lookupFields: ['handlerId', 'fromVersion', 'toVersion'],
    createdAt: true,
    count: 'transformerCount',
  },
  versionGraph: {
    keyFields: ['handlerId'],
    lookupFields: [],
    createdAt: false,
    count: 'versionGraphCount',
  },
  timescapeMetadata: {
    keyFields: ['handlerId', 'version'],
    lookupFields: [],
    createdAt: false,
    count: 'timescapeMetadataCount',
  },
};

export const RECORD_KIND_NAMES: readonly RecordKind[] = Object.keys(RECORD_KINDS) as RecordKind[];

/** What `make` makes of each kind; it is told the place of the kind in the list of kinds, too. */
export function byKind<T>(make: (kind: RecordKind, index: number) => T): Record<RecordKind, T> {
  return Object.fromEntries(RECORD_KIND_NAMES.map((kind, i) => [kind, make(kind, i)])) as Record<
    RecordKind,
    T
  >;
}

/** The values of a record's key fields, in the order of `keyFields`. */
export type KeyTuple = readonly [first: string] | readonly [first: string, second: string];

/** The key of a record as the object that the public interface uses. */
export function keyObject<K extends RecordKind>(kind: K, tuple: KeyTuple): RecordKeys[K] {
  const [first, second] = RECORD_KINDS[kind].keyFields;
  // Computed names define properties where an assignment would call a setter of Object.prototype.
  const key = second === undefined ? { [first]: tuple[0] } : { [first]: tuple[0], [second]: tuple[1] };
  return Object.freeze(key) as RecordKeys[K];
}

/** The key of a record as a tuple. */
export function keyTuple<K extends RecordKind>(kind: K, source: RecordTypes[K] | RecordKeys[K]): KeyTuple {
  const [first, second] = RECORD_KINDS[kind].keyFields;
  const part = (field: string): string => String(Reflect.get(source, field));
  return second === undefined ? [part(first)] : [part(first), part(second)];
}

/** Whether a record of this kind has this handler in its key or among its lookup fields. */
export function belongsToHandler(kind: RecordKind): boolean {
  const { keyFields, lookupFields } = RECORD_KINDS[kind];
  return keyFields.includes('handlerId') || lookupFields.includes('handlerId');
}

/** How a key is shown to people: `manifest (users.create, 1.0.0)`. */
export function describeKey(kind: RecordKind, tuple: KeyTuple): string {
  return `${kind} (${tuple.join(', ')})`;
}
