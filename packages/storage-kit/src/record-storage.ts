import type {
  Change,
  CommitOptions,
  Entry,
  EntryFilter,
  LogEntry,
  LogOptions,
  ReadOptions,
  RecordKey,
  RecordKind,
  Revision,
  Storage,
  StorageCapabilities,
  StorageEvent,
  StorageFigures,
  StorageHealth,
  StorageStats,
  WatchOptions,
} from '@gati-framework/manifest-store';
import {
  BaseStorage,
  gatherChanges,
  type ListedFields,
  type ListedKind,
  prepareCommitOptions,
  prepareGiven,
  prepareRecordKey,
  readAt,
  readFilter,
  readLogRange,
  TimeSlice,
  withoutHistory,
  withoutPrototype,
} from '@gati-framework/manifest-store/backend';
import { ReadCache } from './cache/read-cache.js';
import { RecordReader } from './cache/record-reader.js';
import { CommitQueue } from './commit/commit-queue.js';
import { CommitStream } from './commit/commit-stream.js';
import { KnownState } from './feed/known-state.js';
import { logPages } from './feed/log-pages.js';
import { WatchFeed } from './feed/watch-feed.js';
import { Figures } from './figures/figures.js';
import { checkHealth } from './figures/health.js';
import { LastFailure } from './figures/last-failure.js';
import { ObservedDriver } from './figures/observed-driver.js';
import { Lifecycle } from './lifecycle.js';
import type {
  AskedState,
  CommitTerms,
  MaybePromise,
  RecordDriver,
  RecordPast,
  RecordQuery,
} from './record-driver.js';
import { toEntry, toStats } from './records/answers.js';
import { readOrReport } from './records/read-or-report.js';

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

const NO_TERMS: CommitTerms = Object.freeze({ expect: [], expectRevision: undefined, note: undefined });

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
  readonly #driver: ObservedDriver;
  readonly #maxRecordBytes: number | undefined;
  readonly #cache: ReadCache;
  readonly #reader: RecordReader;
  readonly #commits: CommitQueue;
  readonly #feed: WatchFeed;
  readonly #lifecycle: Lifecycle;
  readonly #known: KnownState;
  readonly #figures: Figures;

  constructor(given: RecordDriver, options: RecordStorageOptions = {}) {
    const { maxRecordBytes, cacheSize, watchInterval } = withoutPrototype(options);
    super({
      put: (record) => this.#commits.submit([record], NO_TERMS),
      peek: (kind, first, second) =>
        this.#lifecycle.isOpen ? this.#reader.cachedRecord(kind, first, second) : undefined,
      find: (kind, key) => this.#first({ name: 'byKey', kind, params: key }),
      latest: (handlerId) => this.#first({ name: 'latestManifest', kind: 'manifest', params: [handlerId] }),
      list: (kind, fields) => this.#all(LISTS[kind](fields)),
      count: (kind) => this.#known.counts[kind],
      clear: () => this.commit([{ clear: true }]),
      assertOpen: () => this.#lifecycle.assertNotClosed(),
      maxRecordBytes,
    });
    const failure = new LastFailure();
    const driver = new ObservedDriver(given, failure);
    this.name = driver.name;
    this.capabilities = driver.capabilities;
    this.#driver = driver;
    this.#maxRecordBytes = maxRecordBytes;
    this.#cache = new ReadCache(cacheSize ?? 64 * 1024 * 1024);
    this.#reader = new RecordReader(driver, this.#cache);
    this.#commits = new CommitQueue(
      driver,
      this.#cache,
      () => this.#unready(),
      (state) => this.#known.committed(state),
    );
    this.#feed = new WatchFeed(driver, () => this.#lifecycle.isOpen, watchInterval);
    this.#known = new KnownState(driver, this.#cache, this.#feed, failure);
    this.#figures = new Figures(driver, this.#cache, this.#reader, failure);
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

  async commit(
    changes: readonly Change[] | AsyncIterable<Change>,
    options: CommitOptions = {},
  ): Promise<Revision> {
    this.#lifecycle.assertNotClosed();
    const given = prepareGiven(changes, this.#maxRecordBytes);
    const terms = prepareCommitOptions(options);
    if (terms.expectRevision !== undefined) this.#pastFor('options.expectRevision');
    if (terms.note !== undefined) this.#pastFor('options.note');
    // Accepted: close() waits for it, even if the storage is still to be opened.
    if (Array.isArray(given)) return this.#commits.submit(given, terms);
    const { commitStream } = this.#driver;
    if (commitStream === undefined) {
      const gathered = await gatherChanges(given);
      this.#lifecycle.assertNotClosed();
      return this.#commits.submit(gathered, terms);
    }
    return this.#commits.submitStream(new CommitStream(commitStream, given, terms));
  }

  async get<K extends RecordKind>(
    recordKey: RecordKey<K>,
    options: ReadOptions = {},
  ): Promise<Entry<K> | undefined> {
    const { kind, key } = prepareRecordKey(recordKey);
    const at = readAt(options);
    const past = at === undefined ? undefined : this.#pastFor('options.at');
    if (!this.#lifecycle.isOpen) await this.open();
    const record =
      at === undefined || past === undefined
        ? (await this.#driver.read({ name: 'byKey', kind, params: key }))[0]
        : await past.read(kind, key, at);
    return record && toEntry(kind, record);
  }

  async *entries(filter: EntryFilter = {}): AsyncIterableIterator<Entry> {
    const { onUnreadable, at, ...scan } = readFilter(filter);
    const past = at === undefined ? undefined : this.#pastFor('filter.at');
    await this.open();
    const pages = at === undefined || past === undefined ? this.#driver.scan(scan) : past.scan(scan, at);
    const slice = new TimeSlice();
    for await (const page of pages) {
      for (const record of page) {
        // Where nothing is waited for, who goes through all records would hold the event loop until the last one.
        if (slice.isOver) await slice.next();
        this.#lifecycle.assertNotClosed();
        const entry = readOrReport(() => toEntry(record.kind, record), onUnreadable);
        if (entry !== undefined) yield entry;
      }
    }
  }

  async *log(options: LogOptions = {}): AsyncIterableIterator<LogEntry> {
    const range = readLogRange(options);
    const past = this.#pastFor('log()');
    await this.open();
    const { revision } = await this.#askForState();
    const slice = new TimeSlice();
    for await (const entry of logPages(past, range, revision)) {
      if (slice.isOver) await slice.next();
      this.#lifecycle.assertNotClosed();
      yield entry;
    }
  }

  watch(options: WatchOptions = {}): AsyncIterableIterator<StorageEvent> & AsyncDisposable {
    return this.#feed.watch((after) => this.#startOfWatch(after), options);
  }

  async stats(): Promise<StorageStats & StorageFigures & { revision: Revision; oldestRevision?: Revision }> {
    await this.open();
    const [asked, bytes] = await Promise.all([this.#askForState(), this.#driver.size()]);
    const { revision, oldestRevision, ...state } = asked;
    return {
      ...toStats(state),
      revision,
      ...(oldestRevision !== undefined && { oldestRevision }),
      ...this.#figures.of(asked),
      ...(bytes !== undefined && { bytes }),
    };
  }

  async health(): Promise<StorageHealth> {
    this.#lifecycle.assertNotClosed();
    return checkHealth(
      async () => {
        await this.open();
        return this.#askForState();
      },
      (answer) => this.#figures.of(answer),
    );
  }

  /** What commits have to wait for, if anything. */
  #unready(): MaybePromise<void> {
    if (this.#lifecycle.wasOpened) return this.#feed.starting();
    return this.#lifecycle.whenOpened().then(() => this.#feed.starting());
  }

  async #open(): Promise<void> {
    this.#known.opened(await this.#driver.open(this.#known.listener));
  }

  async #close(): Promise<void> {
    this.#feed.end();
    await this.#commits.drain();
    this.#cache.clear();
    if (this.#lifecycle.wasOpened) await this.#driver.close();
  }

  /** @param path What needs it. */
  #pastFor(path: string): RecordPast {
    const { past } = this.#driver;
    if (past === undefined) throw withoutHistory(path);
    return past;
  }

  #askForState(): Promise<AskedState> {
    return this.#known.ask(() => this.#driver.state());
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
