import type { RecordKind, RecordTypes, StorageContract, StorageStats } from '@gati-framework/manifest-store';
import { gtype, hookManifest, manifest, timescapeMetadata, transformer, versionGraph } from './records.js';

export type AnyRecord = RecordTypes[RecordKind];
export type Fields = Readonly<Record<string, unknown>>;

/** How to make, store and read one kind of record, so that a case can say the same of every kind. */
export interface RecordProbe {
  readonly kind: RecordKind;
  readonly keyFields: readonly string[];
  /** Key fields and the further fields that records are looked up by. */
  readonly identifiers: readonly string[];
  readonly hasCreatedAt: boolean;
  readonly count: keyof StorageStats;
  /** What reading a missing record yields. */
  readonly absent: undefined | null;
  /** A valid record with these fields instead of its own, which need not be valid. */
  make(fields?: Fields): AnyRecord;
  store(storage: StorageContract, record: unknown): Promise<void>;
  /** Reads the record that has the key of this one. */
  read(storage: StorageContract, record: AnyRecord): Promise<AnyRecord | null | undefined>;
}

type Definition<K extends RecordKind> = Omit<
  RecordProbe,
  'kind' | 'identifiers' | 'absent' | 'make' | 'store' | 'read'
> & {
  readonly lookupFields?: readonly string[];
  readonly absent?: null;
  make(fields?: Fields): RecordTypes[K];
  store(storage: StorageContract, record: RecordTypes[K]): Promise<void>;
  read(storage: StorageContract, record: RecordTypes[K]): Promise<RecordTypes[K] | null | undefined>;
};

function probe<K extends RecordKind>(kind: K, definition: Definition<K>): RecordProbe {
  const { absent, keyFields, lookupFields = [] } = definition;
  return {
    ...definition,
    kind,
    identifiers: [...keyFields, ...lookupFields],
    absent: absent === null ? null : undefined,
    store: (storage, record) => definition.store(storage, record as RecordTypes[K]),
    read: (storage, record) => definition.read(storage, record as RecordTypes[K]),
  };
}

/** One for each kind of record. Written out, not derived: the suite must not inherit a mistake of the library. */
export const recordProbes: readonly RecordProbe[] = [
  probe('manifest', {
    keyFields: ['handlerId', 'version'],
    hasCreatedAt: true,
    count: 'manifestCount',
    make: manifest,
    store: (storage, record) => storage.storeManifest(record),
    read: (storage, { handlerId, version }) => storage.getManifest(handlerId, version),
  }),
  probe('hookManifest', {
    keyFields: ['handlerId'],
    hasCreatedAt: true,
    count: 'hookManifestCount',
    absent: null,
    make: hookManifest,
    store: (storage, record) => storage.storeHookManifest(record),
    read: (storage, { handlerId }) => storage.getHookManifest(handlerId),
  }),
  probe('gtype', {
    keyFields: ['ref'],
    hasCreatedAt: false,
    count: 'gtypeCount',
    make: gtype,
    store: (storage, record) => storage.storeGType(record),
    read: (storage, { ref }) => storage.getGType(ref),
  }),
  probe('transformer', {
    keyFields: ['id'],
    lookupFields: ['handlerId', 'fromVersion', 'toVersion'],
    hasCreatedAt: true,
    count: 'transformerCount',
    make: transformer,
    store: (storage, record) => storage.storeTransformer(record),
    read: (storage, { id }) => storage.getTransformer(id),
  }),
  probe('versionGraph', {
    keyFields: ['handlerId'],
    hasCreatedAt: false,
    count: 'versionGraphCount',
    make: versionGraph,
    store: (storage, record) => storage.storeVersionGraph(record),
    read: (storage, { handlerId }) => storage.getVersionGraph(handlerId),
  }),
  probe('timescapeMetadata', {
    keyFields: ['handlerId', 'version'],
    hasCreatedAt: false,
    count: 'timescapeMetadataCount',
    make: timescapeMetadata,
    store: (storage, record) => storage.storeTimescapeMetadata(record),
    read: (storage, { handlerId, version }) => storage.getTimescapeMetadata(handlerId, version),
  }),
];

/** The key of a record as the interface beyond the contract names it. */
export function keyOf(probe: RecordProbe, record: AnyRecord): Record<string, string> {
  const fields = record as unknown as Record<string, string>;
  return Object.fromEntries(probe.keyFields.map((field) => [field, fields[field] as string]));
}

/** Stores one record of every kind. */
export async function storeOneOfEach(storage: StorageContract): Promise<void> {
  for (const probe of recordProbes) await probe.store(storage, probe.make());
}
