import type {
  Entry,
  EntryFilter,
  GType,
  HandlerManifest,
  HookManifest,
  RecordKind,
  RecordTypes,
  Revision,
  StorageStats,
  TimescapeMetadata,
  Transformer,
  VersionGraph,
} from '@gati-framework/manifest-store';
import { StorageError } from '@gati-framework/manifest-store';
import {
  assertKeyField,
  belongsToHandler,
  closed,
  type KeyTuple,
  keyObject,
  notKept,
  RECORD_KIND_NAMES,
  RECORD_KINDS,
  readFilter,
  snapshot,
} from '@gati-framework/manifest-store/backend';
import type { CreateOptions } from '@gati-framework/storage-testkit';
import type { Disk, Row } from './disk.js';

type Values = Readonly<Record<string, unknown>>;

/** The lookups of a correct storage, cut into steps that a broken one can get wrong. */
export class ReferenceLookups {
  protected readonly disk: Disk;
  protected closed = false;

  protected readonly options: CreateOptions;

  constructor(disk: Disk, options: CreateOptions = {}) {
    this.disk = disk;
    this.options = options;
  }

  async getManifest(id: string, version?: string): Promise<HandlerManifest | undefined> {
    if (version === undefined || version === '') return this.latest(this.versions(id));
    return this.one('manifest', { id, version });
  }

  async getAllManifestVersions(id: string): Promise<HandlerManifest[]> {
    return this.versions(id);
  }

  async getHookManifest(handlerId: string): Promise<HookManifest | null> {
    return this.one('hookManifest', { handlerId }) ?? null;
  }

  async listHookManifests(): Promise<HookManifest[]> {
    return this.list('hookManifest', {});
  }

  async getGType(ref: string): Promise<GType | undefined> {
    return this.one('gtype', { ref });
  }

  async getTransformer(id: string): Promise<Transformer | undefined> {
    return this.one('transformer', { id });
  }

  async getTransformersForVersions(
    handlerId: string,
    fromVersion: string,
    toVersion: string,
  ): Promise<Transformer[]> {
    return this.list('transformer', { handlerId, fromVersion, toVersion });
  }

  async getVersionGraph(handlerId: string): Promise<VersionGraph | undefined> {
    return this.one('versionGraph', { handlerId });
  }

  async getTimescapeMetadata(handlerId: string, version: string): Promise<TimescapeMetadata | undefined> {
    return this.one('timescapeMetadata', { handlerId, version });
  }

  getStats(): StorageStats {
    this.assertOpen();
    const stats = {} as StorageStats;
    for (const kind of RECORD_KIND_NAMES) stats[RECORD_KINDS[kind].count] = this.count(kind);
    return stats;
  }

  // Steps of a read.

  protected one<K extends RecordKind>(kind: K, key: Values): RecordTypes[K] | undefined {
    this.assertOpen();
    this.checkKeys(key);
    const row = this.find(kind, Object.values(key) as unknown as KeyTuple);
    return row && (this.handOut(row) as RecordTypes[K]);
  }

  protected list<K extends RecordKind>(kind: K, fields: Values): RecordTypes[K][] {
    this.assertOpen();
    this.checkKeys(fields);
    const found = this.disk.rows.filter((row) => row.kind === kind && this.hasFields(row, fields));
    return found.map((row) => this.handOut(row)) as RecordTypes[K][];
  }

  protected versions(id: string): HandlerManifest[] {
    return this.list('manifest', { handlerId: id }).sort((a, b) => this.byAge(a, b));
  }

  protected latest(versions: readonly HandlerManifest[]): HandlerManifest | undefined {
    return versions.at(-1);
  }

  protected byAge(a: HandlerManifest, b: HandlerManifest): number {
    return a.createdAt - b.createdAt;
  }

  protected hasFields(row: Row, fields: Values): boolean {
    const values = row.value as unknown as Values;
    return Object.entries(fields).every(([name, value]) => values[name] === value);
  }

  protected checkKeys(keys: Values): void {
    for (const [name, value] of Object.entries(keys)) assertKeyField(value, name);
  }

  protected find(kind: RecordKind, key: KeyTuple, rows: readonly Row[] = this.disk.rows): Row | undefined {
    return rows.find((row) => row.kind === kind && this.sameKey(row.key, key));
  }

  protected sameKey(a: KeyTuple, b: KeyTuple): boolean {
    return a.every((field, i) => field === b[i]);
  }

  protected handOut({ kind, key, value, isDamaged = false }: Row): RecordTypes[RecordKind] {
    if (isDamaged) throw new StorageError('STORAGE_CORRUPT', `The ${kind} ${key.join(' ')} is damaged.`);
    return snapshot(value, kind).value;
  }

  protected entry(row: Row): Entry {
    const { kind, key, revision } = row;
    return Object.freeze({ kind, key: keyObject(kind, key), value: this.handOut(row), revision }) as Entry;
  }

  protected select(filter: EntryFilter): Row[] {
    const { kinds, handlerId, at } = readFilter(filter);
    const rows = at === undefined ? this.disk.rows : this.rowsAt(at);
    return kinds.flatMap((kind) =>
      rows.filter(
        (row) =>
          row.kind === kind &&
          (handlerId === undefined || (belongsToHandler(kind) && this.hasFields(row, { handlerId }))),
      ),
    );
  }

  /** The records as they were right after a commit. */
  protected rowsAt(at: Revision): readonly Row[] {
    const { moments, dropped, revision } = this.disk;
    const rows = moments.get(at);
    if (rows === undefined) throw notKept(at, dropped, revision);
    return rows;
  }

  protected count(kind: RecordKind): number {
    return this.disk.rows.filter((row) => row.kind === kind).length;
  }

  protected assertOpen(): void {
    if (this.closed) throw closed();
    if (this.disk.isBlocked) throw new StorageError('STORAGE_UNAVAILABLE', 'The disk cannot be read.');
  }
}
