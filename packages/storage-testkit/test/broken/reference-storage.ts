import type {
  Change,
  CommitOptions,
  Entry,
  EntryFilter,
  GType,
  HandlerManifest,
  HookManifest,
  LogEntry,
  RecordKey,
  RecordKind,
  RecordTypes,
  Revision,
  Storage,
  StorageCapabilities,
  StorageError,
  StorageEvent,
  StorageHealth,
  StorageStats,
  TimescapeMetadata,
  Transformer,
  VersionGraph,
  WatchOptions,
} from '@gati-framework/manifest-store';
import {
  ChangeFeed,
  closed,
  compacted,
  conflict,
  gatherChanges,
  isStream,
  type KeyTuple,
  keyObject,
  type PreparedChange,
  type PreparedExpectation,
  type PreparedPut,
  prepareChanges,
  prepareExpectations,
  preparePut,
  prepareRecordKey,
  snapshot,
  withoutHistory,
} from '@gati-framework/manifest-store/backend';
import type { CreateOptions } from '@gati-framework/storage-testkit';
import type { Commit, Disk, Row } from './disk.js';
import { ReferenceLookups } from './reference-lookups.js';

/**
 * A correct storage, cut into steps that a broken one can get wrong. It writes
 * a turn of the event loop after it was asked to, as a database would.
 */
export class ReferenceStorage extends ReferenceLookups implements Storage {
  readonly name: string = 'reference';
  readonly capabilities: StorageCapabilities = {
    commit: true,
    entries: true,
    watch: true,
    history: false,
    lifecycle: true,
    persistent: true,
    multiProcess: true,
  };
  protected readonly feed: ChangeFeed;
  protected readonly inFlight: Set<Promise<unknown>> = new Set();
  readonly #listener = (): void => this.hear();

  constructor(disk: Disk, options: CreateOptions = {}) {
    super(disk, options);
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

  async clear(): Promise<void> {
    await this.commit([{ clear: true }]);
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

  async commit(
    changes: readonly Change[] | AsyncIterable<Change>,
    options: CommitOptions = {},
  ): Promise<Revision> {
    this.assertOpen();
    const { maxRecordBytes } = this.options;
    const prepared = isStream(changes)
      ? await gatherChanges(changes, maxRecordBytes)
      : prepareChanges(changes, maxRecordBytes);
    return this.accept(prepared, prepareExpectations(options.expect));
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

  log(): AsyncIterableIterator<LogEntry> {
    throw withoutHistory('log()');
  }

  async stats(): Promise<StorageStats & { revision: Revision }> {
    return { ...this.getStats(), revision: this.disk.revision };
  }

  async health(): Promise<StorageHealth> {
    if (this.closed) throw closed();
    try {
      this.assertOpen();
    } catch (error) {
      return { status: 'failed', latency: 0, error: error as StorageError };
    }
    return { status: 'ok', revision: this.disk.revision, latency: 0 };
  }

  protected history(after: Revision): StorageEvent[] {
    const { dropped, revision, commits } = this.disk;
    if (after < dropped || after > revision) throw compacted(after, dropped, revision);
    return commits.slice(after - dropped).map((commit) => this.event(commit));
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
    return preparePut(kind, record, this.options.maxRecordBytes);
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
    row.isDamaged = false;
  }

  protected remove(kind: RecordKind, key: KeyTuple): void {
    const row = this.find(kind, key);
    this.disk.rows = this.disk.rows.filter((other) => other !== row);
  }

  protected record(changes: readonly PreparedChange[]): void {
    this.disk.commits.push({ revision: this.disk.revision + 1, committedAt: Date.now(), changes });
    this.trim(this.options.historyLimit ?? Number.POSITIVE_INFINITY);
    this.tell();
  }

  /** Keeps at least this many changes. */
  protected trim(limit: number): void {
    if (limit === Number.POSITIVE_INFINITY) return;
    let kept = this.disk.commits.reduce((sum, { changes }) => sum + changes.length, 0);
    for (;;) {
      const oldest = this.disk.commits[0]?.changes.length ?? Number.POSITIVE_INFINITY;
      if (kept - oldest < limit) return;
      kept -= oldest;
      this.disk.commits.shift();
      this.disk.dropped += 1;
    }
  }

  protected tell(): void {
    for (const listener of [...this.disk.listeners]) listener();
  }
}

/** The next turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
