import type {
  Change,
  CommitOptions,
  Entry,
  EntryFilter,
  GType,
  HandlerManifest,
  HookManifest,
  RecordKey,
  RecordKind,
  RecordTypes,
  Revision,
  Storage,
  StorageCapabilities,
  StorageEvent,
  StorageHealth,
  StorageStats,
  TimescapeMetadata,
  Transformer,
  VersionGraph,
  WatchOptions,
} from '@gati-framework/manifest-store';
import {
  assertKeyField,
  belongsToHandler,
  ChangeFeed,
  closed,
  compacted,
  conflict,
  type KeyTuple,
  keyObject,
  type PreparedChange,
  type PreparedExpectation,
  type PreparedPut,
  prepareChanges,
  prepareExpectations,
  preparePut,
  prepareRecordKey,
  RECORD_KIND_NAMES,
  RECORD_KINDS,
  readFilter,
  snapshot,
} from '@gati-framework/manifest-store/backend';
import type { Commit, Disk, Row } from './disk.js';

type Values = Readonly<Record<string, unknown>>;

/**
 * A correct storage, cut into steps that a broken one can get wrong. It writes
 * a turn of the event loop after it was asked to, as a database would.
 */
export class ReferenceStorage implements Storage {
  readonly name: string = 'reference';
  readonly capabilities: StorageCapabilities = {
    commit: true,
    entries: true,
    watch: true,
    lifecycle: true,
    persistent: true,
    multiProcess: true,
  };
  protected readonly disk: Disk;
  protected readonly feed: ChangeFeed;
  protected readonly inFlight: Set<Promise<unknown>> = new Set();
  protected closed = false;
  readonly #listener = (): void => this.hear();

  constructor(disk: Disk) {
    this.disk = disk;
    this.feed = new ChangeFeed((after) => this.history(after));
    disk.listeners.add(this.#listener);
  }

  async storeManifest(record: HandlerManifest): Promise<void> {
    await this.store('manifest', record);
  }

  async storeHookManifest(record: HookManifest): Promise<void> {
    await this.store('hookManifest', record);
  }

  async storeGType(record: GType): Promise<void> {
    await this.store('gtype', record);
  }

  async storeTransformer(record: Transformer): Promise<void> {
    await this.store('transformer', record);
  }

  async storeVersionGraph(record: VersionGraph): Promise<void> {
    await this.store('versionGraph', record);
  }

  async storeTimescapeMetadata(record: TimescapeMetadata): Promise<void> {
    await this.store('timescapeMetadata', record);
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

  async clear(): Promise<void> {
    await this.commit([{ clear: true }]);
  }

  getStats(): StorageStats {
    this.assertOpen();
    const stats = {} as StorageStats;
    for (const kind of RECORD_KIND_NAMES) stats[RECORD_KINDS[kind].count] = this.count(kind);
    return stats;
  }

  async open(): Promise<void> {
    this.assertOpen();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.feed.end();
    await Promise.allSettled(this.inFlight);
    this.disk.listeners.delete(this.#listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async commit(changes: readonly Change[], options: CommitOptions = {}): Promise<Revision> {
    this.assertOpen();
    return this.accept(prepareChanges(changes), prepareExpectations(options.expect));
  }

  async get<K extends RecordKind>(recordKey: RecordKey<K>): Promise<Entry<K> | undefined> {
    this.assertOpen();
    const { kind, key } = prepareRecordKey(recordKey);
    const row = this.find(kind, key);
    return row && (this.entry(row) as Entry<K>);
  }

  async *entries(filter: EntryFilter = {}): AsyncIterableIterator<Entry> {
    this.assertOpen();
    for (const row of this.select(filter).map((found) => ({ ...found }))) {
      this.assertOpen();
      yield this.entry(row);
    }
  }

  watch(options: WatchOptions = {}): AsyncIterableIterator<StorageEvent> {
    const start = (): Revision => {
      this.assertOpen();
      return this.disk.revision;
    };
    return this.feed.watch(start, options);
  }

  async stats(): Promise<StorageStats & { revision: Revision }> {
    return { ...this.getStats(), revision: this.disk.revision };
  }

  async health(): Promise<StorageHealth> {
    this.assertOpen();
    return { status: 'ok', revision: this.disk.revision, latency: 0 };
  }

  // Steps of a read.

  protected one<K extends RecordKind>(kind: K, key: Values): RecordTypes[K] | undefined {
    this.assertOpen();
    this.checkKeys(key);
    const row = this.find(kind, Object.values(key) as string[]);
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

  protected find(kind: RecordKind, key: KeyTuple): Row | undefined {
    return this.disk.rows.find((row) => row.kind === kind && this.sameKey(row.key, key));
  }

  protected sameKey(a: KeyTuple, b: KeyTuple): boolean {
    return a.every((field, i) => field === b[i]);
  }

  protected handOut({ kind, value }: Row): RecordTypes[RecordKind] {
    return snapshot(value, kind).value;
  }

  protected entry(row: Row): Entry {
    const { kind, key, revision } = row;
    return Object.freeze({ kind, key: keyObject(kind, key), value: this.handOut(row), revision }) as Entry;
  }

  protected select(filter: EntryFilter): Row[] {
    const { kinds, handlerId } = readFilter(filter);
    return kinds.flatMap((kind) =>
      this.disk.rows.filter(
        (row) =>
          row.kind === kind &&
          (handlerId === undefined || (belongsToHandler(kind) && this.hasFields(row, { handlerId }))),
      ),
    );
  }

  protected count(kind: RecordKind): number {
    return this.disk.rows.filter((row) => row.kind === kind).length;
  }

  protected history(after: Revision): StorageEvent[] {
    if (after > this.disk.revision) throw compacted(after, 0, this.disk.revision);
    return this.disk.commits.slice(after).map((commit) => this.event(commit));
  }

  protected event({ revision, committedAt, changes }: Commit): StorageEvent {
    const told = changes.map((change) => {
      if (change.op === 'clear') return Object.freeze({ clear: true });
      const key = keyObject(change.kind, change.key);
      if (change.op === 'delete') return Object.freeze({ delete: change.kind, key });
      return Object.freeze({ put: change.kind, key, value: snapshot(change.value, change.kind).value });
    });
    return Object.freeze({ revision, committedAt, changes: Object.freeze(told) }) as StorageEvent;
  }

  protected hear(): void {
    this.feed.wake();
  }

  // Steps of a write.

  protected async store<K extends RecordKind>(kind: K, record: RecordTypes[K]): Promise<void> {
    this.assertOpen();
    await this.accept([this.prepare(kind, record) as PreparedPut], []);
  }

  protected prepare<K extends RecordKind>(kind: K, record: RecordTypes[K]): PreparedPut<K> {
    return preparePut(kind, record);
  }

  protected accept(
    changes: readonly PreparedChange[],
    expect: readonly PreparedExpectation[],
  ): Promise<Revision> {
    const written = this.write(changes, expect);
    this.inFlight.add(written);
    const forget = (): void => {
      this.inFlight.delete(written);
    };
    written.then(forget, forget);
    return written;
  }

  protected async write(
    changes: readonly PreparedChange[],
    expect: readonly PreparedExpectation[],
  ): Promise<Revision> {
    await turn();
    for (const expectation of expect) this.check(expectation);
    return this.applyAll(changes);
  }

  protected check({ kind, key, revision }: PreparedExpectation): void {
    const actual = this.find(kind, key)?.revision ?? null;
    if (actual !== revision) throw conflict(kind, key, revision, actual);
  }

  protected applyAll(changes: readonly PreparedChange[]): Revision {
    if (changes.length > 0) {
      const revision = this.disk.revision + 1;
      for (const change of changes) this.apply(change, revision);
      this.record(changes);
    }
    return this.disk.revision;
  }

  protected apply(change: PreparedChange, revision: Revision): void {
    if (change.op === 'clear') this.disk.rows = [];
    else if (change.op === 'delete') this.remove(change.kind, change.key);
    else this.put(change, revision);
  }

  protected put({ kind, key, value }: PreparedPut, revision: Revision): void {
    const row = this.find(kind, key);
    if (row === undefined) this.disk.rows.push({ kind, key, value, revision });
    else this.replace(row, value, revision);
  }

  protected replace(row: Row, value: RecordTypes[RecordKind], revision: Revision): void {
    row.value = value;
    row.revision = revision;
  }

  protected remove(kind: RecordKind, key: KeyTuple): void {
    const row = this.find(kind, key);
    this.disk.rows = this.disk.rows.filter((other) => other !== row);
  }

  protected record(changes: readonly PreparedChange[]): void {
    this.disk.commits.push({ revision: this.disk.revision + 1, committedAt: Date.now(), changes });
    this.tell();
  }

  protected tell(): void {
    for (const listener of [...this.disk.listeners]) listener();
  }

  protected assertOpen(): void {
    if (this.closed) throw closed();
  }
}

/** The next turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
