import type {
  Change,
  CommitOptions,
  EntryFilter,
  Expectation,
  RecordKey,
  RecordKind,
  StorageStats,
} from '@gati-framework/manifest-store';
import { ModelError } from './model-error.js';
import { assertKeys, assertKind, assertRecord, MODEL_KINDS } from './rules.js';

/** A record of the model. */
export interface ModelRow {
  readonly kind: RecordKind;
  readonly key: Readonly<Record<string, string>>;
  value: Readonly<Record<string, unknown>>;
  revision: number;
}

/** What a watch must deliver, without the time. */
export interface ModelEvent {
  readonly revision: number;
  readonly changes: readonly object[];
}

/**
 * What a storage is, said as simply as possible: one array of records in
 * first-stored order, and one of commits. The methods are those of a storage,
 * but answer at once and throw where a storage rejects. Slow, and obviously right.
 */
export class ModelStorage {
  rows: ModelRow[] = [];
  readonly events: ModelEvent[] = [];

  get revision(): number {
    return this.events.length;
  }

  storeManifest(value: unknown): void {
    this.#store('manifest', value);
  }

  storeHookManifest(value: unknown): void {
    this.#store('hookManifest', value);
  }

  storeGType(value: unknown): void {
    this.#store('gtype', value);
  }

  storeTransformer(value: unknown): void {
    this.#store('transformer', value);
  }

  storeVersionGraph(value: unknown): void {
    this.#store('versionGraph', value);
  }

  storeTimescapeMetadata(value: unknown): void {
    this.#store('timescapeMetadata', value);
  }

  getManifest(id: unknown, version?: unknown): unknown {
    if (version === undefined || version === '') return this.getAllManifestVersions(id).at(-1);
    return this.#lookUp('manifest', { handlerId: id, version });
  }

  getAllManifestVersions(id: unknown): unknown[] {
    assertKeys(id);
    const versions = this.#values('manifest', (value) => value.handlerId === id);
    return versions.sort((a, b) => (a.createdAt as number) - (b.createdAt as number)); // a stable sort
  }

  getHookManifest(handlerId: unknown): unknown {
    return this.#lookUp('hookManifest', { handlerId }) ?? null;
  }

  listHookManifests(): unknown[] {
    return this.#values('hookManifest', () => true);
  }

  getGType(ref: unknown): unknown {
    return this.#lookUp('gtype', { ref });
  }

  getTransformer(id: unknown): unknown {
    return this.#lookUp('transformer', { id });
  }

  getTransformersForVersions(handlerId: unknown, from: unknown, to: unknown): unknown[] {
    assertKeys(handlerId, from, to);
    return this.#values(
      'transformer',
      (value) => value.handlerId === handlerId && value.fromVersion === from && value.toVersion === to,
    );
  }

  getVersionGraph(handlerId: unknown): unknown {
    return this.#lookUp('versionGraph', { handlerId });
  }

  getTimescapeMetadata(handlerId: unknown, version: unknown): unknown {
    return this.#lookUp('timescapeMetadata', { handlerId, version });
  }

  clear(): void {
    this.commit([{ clear: true }]);
  }

  getStats(): StorageStats {
    const count = (kind: RecordKind): number => this.rows.filter((row) => row.kind === kind).length;
    return {
      manifestCount: count('manifest'),
      gtypeCount: count('gtype'),
      transformerCount: count('transformer'),
      versionGraphCount: count('versionGraph'),
      timescapeMetadataCount: count('timescapeMetadata'),
      hookManifestCount: count('hookManifest'),
    };
  }

  commit(changes: readonly Change[], { expect = [] }: CommitOptions = {}): number {
    for (const change of changes) assertChange(change);
    for (const { kind, key } of expect) assertRecordKey(kind, key);
    for (const expectation of expect) {
      if (this.revisionOf(expectation) !== expectation.revision) throw new ModelError('STORAGE_CONFLICT');
    }
    if (changes.length === 0) return this.revision;
    const revision = this.revision + 1;
    this.events.push({ revision, changes: changes.map((change) => this.#apply(change, revision)) });
    return revision;
  }

  get(recordKey: RecordKey): unknown {
    assertRecordKey(recordKey.kind, recordKey.key);
    const row = this.#find(recordKey.kind, recordKey.key);
    return row && { ...row };
  }

  /** Kind by kind, within a kind in first-stored order. */
  entries({ kinds, handlerId }: EntryFilter = {}): ModelRow[] {
    for (const kind of kinds ?? []) {
      if (!Object.keys(MODEL_KINDS).includes(kind)) throw new ModelError('INVALID_OPTIONS');
    }
    if (handlerId !== undefined) assertKeys(handlerId);
    return (Object.keys(MODEL_KINDS) as RecordKind[]).flatMap((kind) =>
      this.rows.filter(
        (row) =>
          row.kind === kind &&
          (kinds === undefined || kinds.includes(kind)) &&
          (handlerId === undefined || (kind !== 'gtype' && row.value.handlerId === handlerId)),
      ),
    );
  }

  stats(): StorageStats & { revision: number } {
    return { ...this.getStats(), revision: this.revision };
  }

  /** Revision of a record; `null` when it is absent. */
  revisionOf({ kind, key }: Pick<Expectation, 'kind' | 'key'>): number | null {
    return this.#find(kind, key)?.revision ?? null;
  }

  #store(kind: RecordKind, value: unknown): void {
    this.commit([{ put: kind, value } as Change]);
  }

  #apply(change: Change, revision: number): object {
    if ('clear' in change) {
      this.rows = [];
      return { clear: true };
    }
    const kind = 'put' in change ? change.put : change.delete;
    const source = 'put' in change ? change.value : change.key;
    const key = keyFields(kind, source);
    const row = this.#find(kind, key);
    if ('delete' in change) {
      this.rows = this.rows.filter((other) => other !== row);
      return { delete: kind, key };
    }
    const value = change.value as unknown as Record<string, unknown>;
    if (row === undefined) this.rows.push({ kind, key, value, revision });
    else Object.assign(row, { value, revision });
    return { put: kind, key, value };
  }

  #find(kind: RecordKind, key: object): ModelRow | undefined {
    const wanted = Object.entries(keyFields(kind, key));
    return this.rows.find(
      (row) => row.kind === kind && wanted.every(([field, value]) => row.key[field] === value),
    );
  }

  #lookUp(kind: RecordKind, key: object): unknown {
    assertKeys(...Object.values(key));
    return this.#find(kind, key)?.value;
  }

  #values(
    kind: RecordKind,
    matches: (value: Readonly<Record<string, unknown>>) => boolean,
  ): Readonly<Record<string, unknown>>[] {
    return this.rows.filter((row) => row.kind === kind && matches(row.value)).map(({ value }) => value);
  }
}

function keyFields(kind: RecordKind, source: object): Record<string, string> {
  const fields = source as Record<string, string>;
  return Object.fromEntries(MODEL_KINDS[kind].key.map((field) => [field, fields[field] as string]));
}

function assertChange(change: Change): void {
  if ('put' in change) assertRecord(change.put, change.value);
  else if ('delete' in change) assertRecordKey(change.delete, change.key);
}

function assertRecordKey(kind: unknown, key: object): void {
  assertKind(kind);
  assertKeys(...Object.values(keyFields(kind, key)));
}
