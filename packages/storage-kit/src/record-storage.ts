import type {
  Change,
  CommitOptions,
  Entry,
  EntryFilter,
  RecordKey,
  RecordKind,
  Revision,
  Storage,
  StorageCapabilities,
  StorageEvent,
  StorageHealth,
  StorageStats,
  WatchOptions,
} from '@gati-framework/manifest-store';
import {
  BaseStorage,
  byKind,
  type ListedFields,
  type ListedKind,
  prepareChanges,
  prepareExpectations,
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
import { ReadCache } from './read-cache.js';
import { readOrReport } from './read-or-report.js';
import type { RecordDriver, RecordQuery, StoreState } from './record-driver.js';
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

/** The queries behind the lists of the contract. */
const LISTS: { readonly [K in ListedKind]: (fields: ListedFields[K]) => RecordQuery } = {
  manifest: ({ handlerId }) => ({ name: 'manifestVersions', kind: 'manifest', params: [handlerId] }),
  hookManifest: () => ({ name: 'hookManifests', kind: 'hookManifest', params: [] }),
  transformer: ({ handlerId, fromVersion, toVersion }) => ({
    name: 'transformersBetween',
    kind: 'transformer',
    params: [handlerId, fromVersion, toVersion],
  }),
};

/** The whole {@link Storage} over a {@link RecordDriver}. */
export class RecordStorage extends BaseStorage implements Storage {
  readonly name: string;
  readonly capabilities: StorageCapabilities;
  readonly #driver: RecordDriver;
  readonly #maxRecordBytes: number | undefined;
  readonly #cache: ReadCache;
  readonly #reader: RecordReader;
  readonly #commits: CommitQueue;
  readonly #feed: WatchFeed;
  readonly #lifecycle: Lifecycle;
  /** As this process has heard of it. */
  #state: StoreState = { revision: 0, counts: byKind(() => 0) };
  /** Counts restored backups and the like: what was asked before tells nothing of what is there now. */
  #replacements = 0;

  constructor(driver: RecordDriver, options: RecordStorageOptions = {}) {
    const { maxRecordBytes, cacheSize, watchInterval } = withoutPrototype(options);
    super({
      put: (record) => this.#commits.submit([record], []),
      peek: (kind, first, second) =>
        this.#lifecycle.isOpen ? this.#reader.cachedRecord(kind, first, second) : undefined,
      find: (kind, key) => this.#first({ name: 'byKey', kind, params: key }),
      latest: (handlerId) => this.#first({ name: 'latestManifest', kind: 'manifest', params: [handlerId] }),
      list: (kind, fields) => this.#all(LISTS[kind](fields)),
      count: (kind) => this.#state.counts[kind],
      clear: () => this.commit([{ clear: true }]),
      assertOpen: () => this.#lifecycle.assertNotClosed(),
      maxRecordBytes,
    });
    this.name = driver.name;
    this.capabilities = driver.capabilities;
    this.#driver = driver;
    this.#maxRecordBytes = maxRecordBytes;
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
        if (state.revision >= this.#state.revision) this.#advance(state);
      },
    );
    this.#feed = new WatchFeed(driver, () => this.#lifecycle.isOpen, watchInterval);
    this.#lifecycle = new Lifecycle(
      () => this.#open(),
      () => this.#close(),
    );
  }

  override getStats(): StorageStats {
    this.#lifecycle.assertOpen();
    this.#driver.catchUp();
    return super.getStats();
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
    return record && toEntry(kind, record);
  }

  async *entries(filter: EntryFilter = {}): AsyncIterableIterator<Entry> {
    const { onUnreadable, ...scan } = readFilter(filter);
    await this.open();
    for await (const page of this.#driver.scan(scan)) {
      for (const record of page) {
        this.#lifecycle.assertNotClosed();
        const entry = readOrReport(() => toEntry(record.kind, record), onUnreadable);
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
        this.#advance(this.#state.revision > state.revision ? this.#state : state);
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
    const isNews = state.revision > this.#state.revision;
    if (isNews && replacements === this.#replacements) this.#advance(state);
    return state;
  }

  #advance(state: StoreState): void {
    this.#state = state;
    this.#feed.wake();
  }

  async #first(query: RecordQuery): Promise<object | undefined> {
    if (!this.#lifecycle.isOpen) await this.open();
    return (await this.#reader.read(query))[0];
  }

  async #all(query: RecordQuery): Promise<readonly object[]> {
    if (!this.#lifecycle.isOpen) await this.open();
    return this.#reader.read(query);
  }

  async #startOfWatch(after: Revision | undefined): Promise<Revision> {
    if (!this.#lifecycle.isOpen) await this.open();
    // The driver may not yet have heard of what others have committed.
    return after ?? (await this.#askForState()).revision;
  }
}
