import type {
  Change,
  Expectation,
  RecordKey,
  RecordKind,
  RecordTypes,
  StorageContract,
  StorageStats,
} from '@gati-framework/manifest-store';
import { gtype, hookManifest, manifest, timescapeMetadata, transformer, versionGraph } from './records.js';
import { callMethod, fieldOf } from './untyped.js';

export type AnyRecord = RecordTypes[RecordKind];
export type Fields = Readonly<Record<string, unknown>>;

type MethodName = Exclude<keyof StorageContract, 'getStats'>;

/** What the suite and its model know of one kind of record. */
interface KindOfRecord {
  readonly kind: RecordKind;
  readonly keyFields: readonly string[];
  /** Further fields that must be keys, as records are looked up by them. */
  readonly lookupFields: readonly string[];
  readonly hasCreatedAt: boolean;
  readonly count: keyof StorageStats;
  /** What reading a missing record yields. */
  readonly absent: undefined | null;
  readonly storeMethod: MethodName;
  /** Reads one record by its key. */
  readonly readMethod: MethodName;
  /** The other ways to read records of this kind, with the fields that they are found by. */
  readonly lookups: Readonly<Partial<Record<MethodName, readonly string[]>>>;
  /** A valid record with these fields instead of its own, which need not be valid. */
  make(fields?: Fields): AnyRecord;
}

/** How to make, store and read one kind of record, so that a case can say the same of every kind. */
export interface RecordProbe extends KindOfRecord {
  /** Key fields and the further fields that records are looked up by. */
  readonly identifiers: readonly string[];
  store(storage: StorageContract, record: unknown): Promise<unknown>;
  /** Reads the record that has the key of this one. */
  read(storage: StorageContract, record: object): Promise<unknown>;
}

function probe(definition: KindOfRecord): RecordProbe {
  const { keyFields, lookupFields, storeMethod, readMethod } = definition;
  return {
    ...definition,
    identifiers: [...keyFields, ...lookupFields],
    store: (storage, record) => callMethod(storage, storeMethod, [record]),
    read: (storage, record) => callMethod(storage, readMethod, valuesOf(record, keyFields)),
  };
}

/** The one list of kinds. Written out, not taken from the library: the suite must not inherit a mistake of it. */
export const probes: Readonly<Record<RecordKind, RecordProbe>> = {
  manifest: probe({
    kind: 'manifest',
    keyFields: ['handlerId', 'version'],
    lookupFields: [],
    hasCreatedAt: true,
    count: 'manifestCount',
    absent: undefined,
    storeMethod: 'storeManifest',
    readMethod: 'getManifest',
    lookups: { getManifest: ['handlerId'], getAllManifestVersions: ['handlerId'] },
    make: manifest,
  }),
  hookManifest: probe({
    kind: 'hookManifest',
    keyFields: ['handlerId'],
    lookupFields: [],
    hasCreatedAt: true,
    count: 'hookManifestCount',
    absent: null,
    storeMethod: 'storeHookManifest',
    readMethod: 'getHookManifest',
    lookups: { listHookManifests: [] },
    make: hookManifest,
  }),
  gtype: probe({
    kind: 'gtype',
    keyFields: ['ref'],
    lookupFields: [],
    hasCreatedAt: false,
    count: 'gtypeCount',
    absent: undefined,
    storeMethod: 'storeGType',
    readMethod: 'getGType',
    lookups: {},
    make: gtype,
  }),
  transformer: probe({
    kind: 'transformer',
    keyFields: ['id'],
    lookupFields: ['handlerId', 'fromVersion', 'toVersion'],
    hasCreatedAt: true,
    count: 'transformerCount',
    absent: undefined,
    storeMethod: 'storeTransformer',
    readMethod: 'getTransformer',
    lookups: { getTransformersForVersions: ['handlerId', 'fromVersion', 'toVersion'] },
    make: transformer,
  }),
  versionGraph: probe({
    kind: 'versionGraph',
    keyFields: ['handlerId'],
    lookupFields: [],
    hasCreatedAt: false,
    count: 'versionGraphCount',
    absent: undefined,
    storeMethod: 'storeVersionGraph',
    readMethod: 'getVersionGraph',
    lookups: {},
    make: versionGraph,
  }),
  timescapeMetadata: probe({
    kind: 'timescapeMetadata',
    keyFields: ['handlerId', 'version'],
    lookupFields: [],
    hasCreatedAt: false,
    count: 'timescapeMetadataCount',
    absent: undefined,
    storeMethod: 'storeTimescapeMetadata',
    readMethod: 'getTimescapeMetadata',
    lookups: {},
    make: timescapeMetadata,
  }),
};

export const recordProbes: readonly RecordProbe[] = Object.values(probes);

/** The values of these fields. */
export function valuesOf(record: object, fields: readonly string[]): unknown[] {
  return fields.map((field) => fieldOf(record, field));
}

/** The key of a record as the interface beyond the contract names it. */
export function keyOf({ keyFields }: RecordProbe, record: object): Fields {
  return Object.fromEntries(keyFields.map((field) => [field, fieldOf(record, field)]));
}

export function recordKeyOf(probe: RecordProbe, record: object): RecordKey {
  return { kind: probe.kind, key: keyOf(probe, record) } as RecordKey;
}

export function expectationOf(probe: RecordProbe, record: object, revision: number | null): Expectation {
  return { ...recordKeyOf(probe, record), revision };
}

export function putOf({ kind }: RecordProbe, value: unknown): Change {
  return { put: kind, value } as Change;
}

export function removalOf(probe: RecordProbe, record: object): Change {
  return { delete: probe.kind, key: keyOf(probe, record) } as Change;
}

/** Stores one record of every kind. */
export async function storeOneOfEach(storage: StorageContract): Promise<void> {
  for (const probe of recordProbes) await probe.store(storage, probe.make());
}
