import type {
  Change,
  CommitOptions,
  EntryFilter,
  Expectation,
  LogOptions,
  ReadOptions,
  RecordKey,
  RecordKind,
  StorageStats,
} from '@gati-framework/manifest-store';
import { type Fields, keyOf, probes, putOf, recordProbes, valuesOf } from '../record-probe.js';
import { ModelError } from './model-error.js';
import { assertKeys, assertKind, assertNote, assertRecord, isKind } from './rules.js';

/** A record of the model. */
export interface ModelRow {
  readonly kind: RecordKind;
  readonly key: Fields;
  value: Fields;
  revision: number;
}

/** What a watch must deliver, without the time. */
export interface ModelEvent {
  readonly revision: number;
  readonly note?: string;
  readonly changes: readonly object[];
}

/** What a log must tell, without the time. */
export interface ModelLogEntry extends ModelEvent {
  readonly changeCount: number;
}

/**
 * What a storage is, said as simply as possible: one array of records in
 * first-stored order, one of commits, and a copy of the first after each of them. The methods are those of a storage,
 * but answer at once and throw where a storage rejects. Slow, and obviously right.
 */
export class ModelStorage {
  rows: ModelRow[] = [];
  readonly events: ModelEvent[] = [];
  /** The records as they were at each revision. */
  readonly moments: ModelRow[][] = [[]];

  get revision(): number {
    return this.events.length;
  }

  readonly storeManifest = (value: unknown): void => this.#store('manifest', value);
  readonly storeHookManifest = (value: unknown): void => this.#store('hookManifest', value);
  readonly storeGType = (value: unknown): void => this.#store('gtype', value);
  readonly storeTransformer = (value: unknown): void => this.#store('transformer', value);
  readonly storeVersionGraph = (value: unknown): void => this.#store('versionGraph', value);
  readonly storeTimescapeMetadata = (value: unknown): void => this.#store('timescapeMetadata', value);

  getManifest(handlerId: unknown, version?: unknown): unknown {
    if (version === undefined || version === '') return this.getAllManifestVersions(handlerId).at(-1);
    return this.#one('manifest', { handlerId, version });
  }

  getAllManifestVersions(handlerId: unknown): unknown[] {
    const versions = this.#all('manifest', { handlerId });
    return versions.sort((a, b) => Number(a.createdAt) - Number(b.createdAt)); // a stable sort
  }

  readonly getHookManifest = (handlerId: unknown): unknown =>
    this.#one('hookManifest', { handlerId }) ?? null;
  readonly listHookManifests = (): unknown[] => this.#all('hookManifest', {});
  readonly getGType = (ref: unknown): unknown => this.#one('gtype', { ref });
  readonly getTransformer = (id: unknown): unknown => this.#one('transformer', { id });
  readonly getTransformersForVersions = (
    handlerId: unknown,
    fromVersion: unknown,
    toVersion: unknown,
  ): unknown[] => this.#all('transformer', { handlerId, fromVersion, toVersion });
  readonly getVersionGraph = (handlerId: unknown): unknown => this.#one('versionGraph', { handlerId });
  readonly getTimescapeMetadata = (handlerId: unknown, version: unknown): unknown =>
    this.#one('timescapeMetadata', { handlerId, version });

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

  commit(changes: readonly Change[], { expect = [], expectRevision, note }: CommitOptions = {}): number {
    for (const change of changes) assertChange(change);
    for (const { kind, key } of expect) assertRecordKey(kind, key);
    assertNote(note);
    if (expectRevision !== undefined && expectRevision !== this.revision) {
      throw new ModelError('STORAGE_CONFLICT');
    }
    for (const expectation of expect) {
      if (this.revisionOf(expectation) !== expectation.revision) throw new ModelError('STORAGE_CONFLICT');
    }
    if (changes.length === 0) return this.revision;
    const revision = this.revision + 1;
    const told = changes.map((change) => this.#apply(change, revision));
    this.events.push({ revision, ...(note !== undefined && { note }), changes: told });
    this.moments.push(this.rows.map((row) => ({ ...row })));
    return revision;
  }

  get({ kind, key }: RecordKey, { at }: ReadOptions = {}): unknown {
    assertRecordKey(kind, key);
    const row = find(this.#rowsAt(at), kind, key);
    return row && { ...row };
  }

  /** Kind by kind, within a kind in first-stored order. */
  entries({ kinds = recordProbes.map(({ kind }) => kind), handlerId, at }: EntryFilter = {}): ModelRow[] {
    if (!kinds.every(isKind)) throw new ModelError('INVALID_OPTIONS');
    if (handlerId !== undefined) assertKeys(handlerId);
    const rows = this.#rowsAt(at);
    return recordProbes.flatMap(({ kind }) =>
      rows.filter(
        (row) =>
          row.kind === kind &&
          kinds.includes(kind) &&
          (handlerId === undefined || (kind !== 'gtype' && row.value.handlerId === handlerId)),
      ),
    );
  }

  log({
    after = 0,
    before = Number.POSITIVE_INFINITY,
    limit,
    reverse,
    maxChanges,
  }: LogOptions = {}): ModelLogEntry[] {
    if (after > this.revision) throw new ModelError('STORAGE_COMPACTED');
    const found = this.events
      .filter(({ revision }) => revision > after && revision < before)
      .map((event) => ({
        ...event,
        changeCount: event.changes.length,
        changes: event.changes.slice(0, maxChanges).map((change) => ({ ...change, value: undefined })),
      }));
    return (reverse ? found.reverse() : found).slice(0, limit);
  }

  stats(): StorageStats & { revision: number } {
    return { ...this.getStats(), revision: this.revision };
  }

  /** Revision of a record; `null` when it is absent. */
  revisionOf({ kind, key }: Pick<Expectation, 'kind' | 'key'>): number | null {
    return find(this.rows, kind, key)?.revision ?? null;
  }

  #store(kind: RecordKind, value: unknown): void {
    this.commit([putOf(probes[kind], value)]);
  }

  #apply(change: Change, revision: number): object {
    if ('clear' in change) {
      this.rows = [];
      return { clear: true };
    }
    if ('delete' in change) {
      const row = find(this.rows, change.delete, change.key);
      this.rows = this.rows.filter((other) => other !== row);
      return { delete: change.delete, key: keyOf(probes[change.delete], change.key) };
    }
    const { put: kind } = change;
    const row = find(this.rows, kind, change.value);
    const key = keyOf(probes[kind], change.value);
    const value = { ...change.value };
    if (row === undefined) this.rows.push({ kind, key, value, revision });
    else Object.assign(row, { value, revision });
    return { put: kind, key, value };
  }

  #rowsAt(revision = this.revision): ModelRow[] {
    const rows = revision === this.revision ? this.rows : this.moments[revision];
    if (rows === undefined) throw new ModelError('STORAGE_COMPACTED');
    return rows;
  }

  #one(kind: RecordKind, key: object): unknown {
    assertKeys(...Object.values(key));
    return find(this.rows, kind, key)?.value;
  }

  #all(kind: RecordKind, fields: Fields): Fields[] {
    assertKeys(...Object.values(fields));
    return this.rows.filter((row) => row.kind === kind && holds(row.value, fields)).map(({ value }) => value);
  }
}

/** The record of a kind that has the same key as this. */
function find(rows: readonly ModelRow[], kind: RecordKind, source: object): ModelRow | undefined {
  return rows.find((row) => row.kind === kind && holds(row.key, keyOf(probes[kind], source)));
}

function holds(value: Fields, fields: Fields): boolean {
  return Object.entries(fields).every(([name, wanted]) => value[name] === wanted);
}

function assertChange(change: Change): void {
  if ('put' in change) assertRecord(change.put, change.value);
  else if ('delete' in change) assertRecordKey(change.delete, change.key);
}

function assertRecordKey(kind: unknown, key: object): void {
  assertKind(kind);
  assertKeys(...valuesOf(key, probes[kind].keyFields));
}
