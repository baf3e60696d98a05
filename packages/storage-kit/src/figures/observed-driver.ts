import type {
  ReadOperation,
  RecordKind,
  Revision,
  StorageCapabilities,
  StorageReadMessage,
  StorageWaits,
} from '@gati-framework/manifest-store';
import { channels, type KeyTuple } from '@gati-framework/manifest-store/backend';
import type {
  AskedState,
  CommitAnswer,
  DriverFigures,
  DriverListener,
  EncodedCommit,
  LoggedCommit,
  LogRange,
  MaybePromise,
  QueryName,
  RecordDriver,
  RecordPast,
  RecordQuery,
  ScanFilter,
  StoredRecord,
  StoreState,
} from '../record-driver.js';
import type { LastFailure } from './last-failure.js';
import { ofCommits, ofNothing, ofPage, ofRecord, ofRecords, ofSummaries, type SizeOf } from './read-sizes.js';

type Pages = AsyncIterable<readonly StoredRecord[]>;

const { read: reads } = channels;

/** How messages name the look-ups of the contract. */
export const OPERATIONS: Readonly<Record<QueryName, ReadOperation>> = {
  byKey: 'get',
  latestManifest: 'latest',
  manifestVersions: 'versions',
  hookManifests: 'list',
  transformersBetween: 'between',
};

/** A driver, all of whose answers are told to whoever listens, and whose failures are remembered. */
export class ObservedDriver {
  readonly name: string;
  readonly location: string | undefined;
  readonly capabilities: StorageCapabilities;
  readonly past: RecordPast | undefined;
  readonly commitStream: RecordDriver['commitStream'];
  readonly #driver: RecordDriver;
  readonly #failure: LastFailure;
  readonly #note = (error: unknown): void => this.#failure.note(error);

  constructor(driver: RecordDriver, failure: LastFailure) {
    this.name = driver.name;
    this.location = driver.location;
    this.capabilities = driver.capabilities;
    this.#driver = driver;
    this.#failure = failure;
    this.past = driver.past && this.#observedPast(driver.past);
    const { commitStream } = driver;
    this.commitStream =
      commitStream && (async (...given) => this.#watched(() => commitStream.apply(driver, given)));
  }

  open(listener: DriverListener): Promise<StoreState> {
    const open = async (): Promise<StoreState> => await this.#watched(() => this.#driver.open(listener));
    if (!channels.open.hasSubscribers) return open();
    const message = { backend: this.name, store: this.location, revision: 0 };
    return channels.open.trace(message, async () => {
      const state = await open();
      message.revision = state.revision;
      return state;
    });
  }

  close(): MaybePromise<void> {
    return this.#driver.close();
  }

  /** On the path of every read. */
  catchUp(): boolean {
    try {
      return this.#driver.catchUp();
    } catch (error) {
      this.#note(error);
      throw error;
    }
  }

  /** Of what the cache does not hold. */
  lookUp(query: RecordQuery): MaybePromise<readonly StoredRecord[]> {
    return this.read(query, false);
  }

  /** @param cacheHit As the message tells it. */
  read(query: RecordQuery, cacheHit?: boolean): MaybePromise<readonly StoredRecord[]> {
    if (reads.hasSubscribers) {
      const { name, kind } = query;
      const read = (waited: StorageWaits) => this.#driver.read(query, waited);
      return this.#told(OPERATIONS[name], read, ofRecords, kind, cacheHit);
    }
    try {
      const found = this.#driver.read(query);
      if (found instanceof Promise) found.catch(this.#note);
      return found;
    } catch (error) {
      this.#note(error);
      throw error;
    }
  }

  commit(
    commits: readonly EncodedCommit[],
    onCommitted: (answer: CommitAnswer) => void,
    waited?: StorageWaits,
  ): MaybePromise<CommitAnswer> {
    return this.#watched(() => this.#driver.commit(commits, onCommitted, waited));
  }

  scan(filter: ScanFilter): Pages {
    return this.#observedPages(this.#driver.scan(filter));
  }

  history(after: Revision, limit: number): MaybePromise<readonly LoggedCommit[]> {
    return this.#told('history', () => this.#driver.history(after, limit), ofCommits);
  }

  state(): MaybePromise<AskedState> {
    return this.#told('state', () => this.#driver.state(), ofNothing);
  }

  figures(): DriverFigures {
    return this.#driver.figures?.() ?? {};
  }

  /** Nothing where it cannot be told now: no call fails for that. */
  async size(): Promise<number | undefined> {
    try {
      return await this.#driver.size?.();
    } catch {
      return undefined;
    }
  }

  #observedPast(past: RecordPast): RecordPast {
    return {
      read: (kind: RecordKind, key: KeyTuple, at: Revision) =>
        this.#told('get', () => past.read(kind, key, at), ofRecord, kind),
      scan: (filter: ScanFilter, at: Revision) => this.#observedPages(past.scan(filter, at)),
      log: (range: LogRange) => this.#told('log', () => past.log(range), ofSummaries),
    };
  }

  async *#observedPages(pages: Pages): AsyncGenerator<readonly StoredRecord[]> {
    const iterator = pages[Symbol.asyncIterator]();
    try {
      for (;;) {
        const { done, value } = await this.#told('scan', () => iterator.next(), ofPage);
        if (done === true) return;
        yield value;
      }
    } finally {
      await iterator.return?.();
    }
  }

  /** Tells of a reading where somebody listens. */
  #told<T>(
    operation: ReadOperation,
    read: (waited: StorageWaits) => MaybePromise<T>,
    sizeOf: SizeOf<T>,
    kind?: RecordKind,
    cacheHit?: boolean,
  ): MaybePromise<T> {
    if (!reads.hasSubscribers) return this.#watched(() => read({}));
    const waited: StorageWaits = {};
    const { name: backend, location: store } = this;
    const message: StorageReadMessage = { backend, store, operation, kind, cacheHit, waited };
    const measured = (found: T): T => {
      Object.assign(message, sizeOf(found));
      return found;
    };
    return reads.trace(message, () => {
      const found = this.#watched(() => read(waited));
      return found instanceof Promise ? found.then(measured) : measured(found);
    });
  }

  /** Remembers that work has failed. */
  #watched<T>(work: () => MaybePromise<T>): MaybePromise<T> {
    try {
      const result = work();
      if (result instanceof Promise) result.catch(this.#note);
      return result;
    } catch (error) {
      this.#note(error);
      throw error;
    }
  }
}
