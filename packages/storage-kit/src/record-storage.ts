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
  bindMethods,
  DEFAULT_MAX_RECORD_BYTES,
  prepareChanges,
  prepareExpectations,
  preparePut,
  prepareRecordKey,
  readFilter,
  readOptions,
  replaced,
  withoutPrototype,
} from '@gati-framework/manifest-store/backend';
import { toEntry, toStats } from './answers.js';
import { CommitQueue } from './commit-queue.js';
import { checkHealth } from './health.js';
import { Lifecycle } from './lifecycle.js';
import { keyName, ReadCache } from './read-cache.js';
import { readOrReport } from './read-or-report.js';
import type { RecordDriver, StoreState } from './record-driver.js';
import { RecordReader } from './record-reader.js';
import { WatchFeed } from './watch-feed.js';

export interface RecordStorageOptions {
  /** Largest record, in bytes of its JSON text. Default: 16 MiB. */
  maxRecordBytes?: number;
  /** Bound for the read cache, in bytes of heap, about. Default: 64 MiB. */
  cacheSize?: number;
  /**
   * How often a watched storage asks its driver for commits of other processes,
   * in milliseconds. Absent: never, the driver tells by itself.
   */
  watchInterval?: number;
}

/** The whole {@link Storage} over a {@link RecordDriver}. */
export class RecordStorage implements Storage {
  readonly name: string;
  readonly capabilities: StorageCapabilities;
  readonly #driver: RecordDriver;
  readonly #maxRecordBytes: number;
  readonly #cache: ReadCache;
  readonly #reader: RecordReader;
  readonly #commits: CommitQueue;
  readonly #feed: WatchFeed;
  readonly #lifecycle: Lifecycle;
  #state: StoreState | undefined;
  /** Counts restored backups and the like: what was asked before tells nothing of what is there now. */
  #replacements = 0;

  constructor(driver: RecordDriver, options: RecordStorageOptions = {}) {
    this.name = driver.name;
    this.capabilities = driver.capabilities;
    this.#driver = driver;
    const { maxRecordBytes, cacheSize, watchInterval } = withoutPrototype(options);
    this.#maxRecordBytes = maxRecordBytes ?? DEFAULT_MAX_RECORD_BYTES;
    this.#cache = new ReadCache(cacheSize ?? 64 * 1024 * 1024);
    this.#reader = new RecordReader(driver, this.#cache);
    this.#commits = new CommitQueue(
      driver,
      this.#cache,
      async () => {
        await this.#lifecycle.whenOpened();
        await this.#feed.started();
      },
      (state) => {
        // A driver may have reported a later commit of others already.
        if (state.revision >= (this.#state as StoreState).revision) this.#advance(state);
      },
    );
    this.#feed = new WatchFeed(driver, () => this.#lifecycle.isOpen, watchInterval);
    this.#lifecycle = new Lifecycle(
      () => this.#open(),
      () => this.#close(),
    );
    bindMethods(this);
  }

  async storeManifest(manifest: HandlerManifest): Promise<void> {
    await this.#store('manifest', manifest);
  }

  async getManifest(id: string, version?: string): Promise<HandlerManifest | undefined> {
    assertKeyField(id, 'id');
    if (version === undefined || version === '') return this.#first('latestManifest', 'manifest', [id]);
    assertKeyField(version, 'version');
    return this.#byKey('manifest', [id, version]);
  }

  async getAllManifestVersions(id: string): Promise<HandlerManifest[]> {
    assertKeyField(id, 'id');
    return this.#all('manifestVersions', 'manifest', [id]);
  }

  async storeHookManifest(manifest: HookManifest): Promise<void> {
    await this.#store('hookManifest', manifest);
  }

  async getHookManifest(handlerId: string): Promise<HookManifest | null> {
    assertKeyField(handlerId, 'handlerId');
    return (await this.#byKey('hookManifest', [handlerId])) ?? null;
  }

  async listHookManifests(): Promise<HookManifest[]> {
    return this.#all('hookManifests', 'hookManifest', []);
  }

  async storeGType(gtype: GType): Promise<void> {
    await this.#store('gtype', gtype);
  }

  async getGType(ref: string): Promise<GType | undefined> {
    assertKeyField(ref, 'ref');
    return this.#byKey('gtype', [ref]);
  }

  async storeTransformer(transformer: Transformer): Promise<void> {
    await this.#store('transformer', transformer);
  }

  async getTransformer(id: string): Promise<Transformer | undefined> {
    assertKeyField(id, 'id');
    return this.#byKey('transformer', [id]);
  }

  async getTransformersForVersions(
    handlerId: string,
    fromVersion: string,
    toVersion: string,
  ): Promise<Transformer[]> {
    assertKeyField(handlerId, 'handlerId');
    assertKeyField(fromVersion, 'fromVersion');
    assertKeyField(toVersion, 'toVersion');
    return this.#all('transformersBetween', 'transformer', [handlerId, fromVersion, toVersion]);
  }

  async storeVersionGraph(graph: VersionGraph): Promise<void> {
    await this.#store('versionGraph', graph);
  }

  async getVersionGraph(handlerId: string): Promise<VersionGraph | undefined> {
    assertKeyField(handlerId, 'handlerId');
    return this.#byKey('versionGraph', [handlerId]);
  }

  async storeTimescapeMetadata(metadata: TimescapeMetadata): Promise<void> {
    await this.#store('timescapeMetadata', metadata);
  }

  async getTimescapeMetadata(handlerId: string, version: string): Promise<TimescapeMetadata | undefined> {
    assertKeyField(handlerId, 'handlerId');
    assertKeyField(version, 'version');
    return this.#byKey('timescapeMetadata', [handlerId, version]);
  }

  async clear(): Promise<void> {
    await this.commit([{ clear: true }]);
  }

  getStats(): StorageStats {
    this.#lifecycle.assertOpen();
    this.#driver.catchUp();
    return toStats(this.#state as StoreState);
  }

  open(): Promise<void> {
    return this.#lifecycle.open();
  }

  close(): Promise<void> {
    return this.#lifecycle.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async commit(changes: readonly Change[], options: CommitOptions = {}): Promise<Revision> {
    this.#lifecycle.assertNotClosed();
    const { expect } = readOptions(options, ['expect']);
    const prepared = prepareChanges(changes, this.#maxRecordBytes);
    const expectations = prepareExpectations(expect);
    // Accepted: close() waits for it, even if the storage is still to be opened.
    return this.#commits.submit(prepared, expectations);
  }

  async get<K extends RecordKind>(recordKey: RecordKey<K>): Promise<Entry<K> | undefined> {
    const { kind, key } = prepareRecordKey(recordKey);
    if (!this.#lifecycle.isOpen) await this.open();
    const [record] = await this.#driver.read({ name: 'byKey', kind, params: key });
    return record && (toEntry(record) as Entry<K>);
  }

  async *entries(filter: EntryFilter = {}): AsyncIterableIterator<Entry> {
    const { onUnreadable, ...scan } = readFilter(filter);
    await this.open();
    for await (const page of this.#driver.scan(scan)) {
      for (const record of page) {
        this.#lifecycle.assertNotClosed();
        const entry = readOrReport(() => toEntry(record), onUnreadable);
        if (entry !== undefined) yield entry;
      }
    }
  }

  watch(options: WatchOptions = {}): AsyncIterableIterator<StorageEvent> & AsyncDisposable {
    return this.#feed.watch((after) => this.#startOfWatch(after), options);
  }

  async stats(): Promise<StorageStats & { revision: Revision }> {
    await this.open();
    const state = await this.#askForState();
    return { ...toStats(state), revision: state.revision };
  }

  async health(): Promise<StorageHealth> {
    this.#lifecycle.assertNotClosed();
    return checkHealth(async () => {
      await this.open();
      return this.#askForState();
    });
  }

  async #open(): Promise<void> {
    this.#state = await this.#driver.open({
      changed: (state, keys) => {
        if (keys === 'all') this.#cache.clear();
        else for (const { kind, key } of keys) this.#cache.invalidate(kind, key);
        // The store itself may have been asked meanwhile, and have told more.
        this.#advance(
          this.#state !== undefined && this.#state.revision > state.revision ? this.#state : state,
        );
      },
      replaced: (state) => {
        this.#replacements += 1;
        this.#cache.clear();
        this.#feed.fail(replaced(state.revision));
        this.#advance(state);
      },
    });
  }

  async #close(): Promise<void> {
    this.#feed.end();
    await this.#commits.drain();
    this.#cache.clear();
    if (this.#lifecycle.wasOpened) await this.#driver.close();
  }

  async #askForState(): Promise<StoreState> {
    const replacements = this.#replacements;
    const state = await this.#driver.state();
    const isNews = state.revision > (this.#state as StoreState).revision;
    if (isNews && replacements === this.#replacements) this.#advance(state);
    return state;
  }

  #advance(state: StoreState): void {
    this.#state = state;
    this.#feed.wake();
  }

  async #store<K extends RecordKind>(kind: K, record: RecordTypes[K]): Promise<void> {
    this.#lifecycle.assertNotClosed();
    const put = preparePut(kind, record, this.#maxRecordBytes);
    await this.#commits.submit([put], []);
  }

  /** One record. The path of most requests: no promise is awaited when the cache can answer. */
  #byKey<K extends RecordKind>(
    kind: K,
    key: readonly string[],
  ): Promise<RecordTypes[K] | undefined> | RecordTypes[K] | undefined {
    if (!this.#lifecycle.isOpen) return this.#first('byKey', kind, key);
    const name = keyName(kind, key);
    const records =
      this.#reader.cached(name) ?? this.#reader.refill(name, { name: 'byKey', kind, params: key });
    if (records instanceof Promise) return records.then((found) => found[0] as RecordTypes[K] | undefined);
    return records[0] as RecordTypes[K] | undefined;
  }

  async #first<K extends RecordKind>(
    name: 'byKey' | 'latestManifest',
    kind: K,
    params: readonly string[],
  ): Promise<RecordTypes[K] | undefined> {
    if (!this.#lifecycle.isOpen) await this.open();
    return (await this.#reader.read({ name, kind, params }))[0] as RecordTypes[K] | undefined;
  }

  async #all<K extends RecordKind>(
    name: 'manifestVersions' | 'hookManifests' | 'transformersBetween',
    kind: K,
    params: readonly string[],
  ): Promise<RecordTypes[K][]> {
    if (!this.#lifecycle.isOpen) await this.open();
    return [...(await this.#reader.read({ name, kind, params }))] as RecordTypes[K][];
  }

  async #startOfWatch(after: Revision | undefined): Promise<Revision> {
    if (!this.#lifecycle.isOpen) await this.open();
    // The driver may not yet have heard of what others have committed.
    return after ?? (await this.#askForState()).revision;
  }
}
