import type { Revision, StorageCapabilities, StorageWaits } from '@gati-framework/manifest-store';
import { StorageError } from '@gati-framework/manifest-store';
import {
  type GivenRetention,
  replaced,
  timers,
  withoutPrototype,
} from '@gati-framework/manifest-store/backend';
import type {
  AskedState,
  CommitAnswer,
  DriverFigures,
  DriverListener,
  EncodedCommit,
  LoggedCommit,
  MaybePromise,
  RecordDriver,
  RecordPast,
  RecordQuery,
  ScanFilter,
  StoredRecord,
  StoreState,
} from '@gati-framework/storage-kit';
import { asStorageError, guard, guardAsync } from './as-storage-error.js';
import { Committer } from './commit/committer.js';
import { StreamCommitter } from './commit/stream-committer.js';
import type { Connection } from './connections/connection.js';
import { Connections } from './connections/connections.js';
import { atOnceOrRetry, isLocked, retryWhileLocked } from './connections/retry.js';
import { oldestReadable } from './feed/find-commits.js';
import { othersCommitted } from './feed/follow-others.js';
import { readCurrent } from './feed/read-current.js';
import { readHistory } from './feed/read-history.js';
import { SqlitePast } from './past/sqlite-past.js';
import { ScanRegistry } from './reads/scan.js';
import { readPragma } from './schema/migrate.js';
import { SCHEMA_STEPS } from './schema/schema.js';
import { toKeyedRecord, toStoredRecord } from './sql/rows.js';
import { type StoreHead, toStoreState } from './sql/store-head.js';
import type { SqliteDatabase } from './sqlite-database.js';
import { nameOf, placeOf, type SharedFile, type SqliteHost, type StorePlace } from './sqlite-host.js';

export interface SqliteRecordDriverOptions {
  /** How much of the past the store is to keep. Default: as the store has it. */
  readonly history?: GivenRetention;
  /** @deprecated The old form of `history: { changes }`. */
  readonly historyLimit?: number;
  /** How long to wait for another writer, in milliseconds. Default: 10,000. */
  readonly lockTimeout?: number;
  /** @deprecated The old name of `lockTimeout`. */
  readonly busyTimeout?: number;
  /** How long a scan waits for its consumer between two pages, in milliseconds. Default: 60,000. */
  readonly scanIdleTimeout?: number;
}

const VERIFY_INTERVAL = 100;

/** The records of a store in a SQLite database, whichever driver reads it. */
export class SqliteRecordDriver implements RecordDriver {
  readonly name: string;
  readonly location: string | undefined;
  readonly capabilities: StorageCapabilities;
  readonly past: RecordPast;
  /** Where the store is a file: what is nowhere but in memory is gathered in it just as well. */
  readonly commitStream?: NonNullable<RecordDriver['commitStream']>;
  readonly #host: SqliteHost;
  readonly #place: StorePlace;
  readonly #lockTimeout: number;
  readonly #connections: Connections;
  readonly #committer: Committer;
  readonly #scans: ScanRegistry;
  readonly #retention: GivenRetention;
  #verifiedAt = Number.NEGATIVE_INFINITY;

  /** @param steps Of the schema; another list in tests only. */
  constructor(host: SqliteHost, options: SqliteRecordDriverOptions, steps: readonly string[] = SCHEMA_STEPS) {
    this.name = host.name;
    this.location = nameOf(host).store;
    this.capabilities = host.capabilities;
    this.#host = host;
    this.#place = placeOf(host);
    const {
      historyLimit,
      history,
      busyTimeout = 10_000,
      lockTimeout = busyTimeout,
      scanIdleTimeout = 60_000,
    } = withoutPrototype(options);
    this.#lockTimeout = lockTimeout;
    this.#connections = new Connections(host, lockTimeout, steps);
    this.#scans = new ScanRegistry(host, this.#connections, { lockTimeout, idleTimeout: scanIdleTimeout });
    const { changes = historyLimit, age } = withoutPrototype(history ?? {});
    this.#retention = { changes, age };
    this.past = new SqlitePast(host, this.#connections, this.#scans, lockTimeout);
    this.#committer = new Committer(host, this.#connections, () => !this.#scans.holdsChanges);
    if (host.sharedFile !== undefined) this.commitStream = this.#streamInto(host.sharedFile, scanIdleTimeout);
  }

  #streamInto(file: SharedFile, idleTimeout: number): NonNullable<RecordDriver['commitStream']> {
    const committer = new StreamCommitter(this.#host, file, this.#lockTimeout, idleTimeout);
    return async (batches, terms, onCommitted = () => {}) => {
      if (this.#host.readOnly) throw this.#readOnly();
      for (let wait = this.#connections.unready(); wait !== undefined; wait = this.#connections.unready()) {
        await wait;
      }
      return committer.commit(batches, terms, this.#connections.listener, onCommitted);
    };
  }

  async open(listener: DriverListener): Promise<StoreState> {
    return (await this.#connections.open(listener, this.#retention)).head;
  }

  async close(): Promise<void> {
    this.#scans.close();
    await this.#connections.close();
  }

  /** Work on the database itself, between transactions. It must leave the store as it is. */
  async use<T>(work: (database: SqliteDatabase) => MaybePromise<T>): Promise<T> {
    for (let wait = this.#connections.unready(); wait !== undefined; wait = this.#connections.unready()) {
      await wait;
    }
    return guardAsync(this.#host, () => work(this.#connections.current.database));
  }

  /**
   * On the path of every read: asking SQLite costs about 1.5 microseconds. False while there is no connection, and
   * while somebody else holds a lock, which whoever asks the store then waits for.
   */
  catchUp(): boolean {
    try {
      this.#verifyFileNowAndThen();
      if (!this.#connections.isConnected) return false;
      if (othersCommitted(this.#connections.current)) this.#readCurrent(() => {});
    } catch (cause) {
      const error = asStorageError(this.#host, cause);
      if (isLocked(error)) return false;
      throw error;
    }
    return true;
  }

  read(query: RecordQuery, waited?: StorageWaits): MaybePromise<StoredRecord[]> {
    return atOnceOrRetry(this.#lockTimeout, () => this.#read(query), waited);
  }

  #read(query: RecordQuery): MaybePromise<StoredRecord[]> {
    const wait = this.#connections.unsettled();
    if (wait !== undefined) return wait.then(() => this.#read(query));
    const { name, kind, params } = query;
    try {
      this.#verifyFileNowAndThen();
      const { statements } = this.#connections.current;
      if (name !== 'byKey') return statements.queries[name](params).map((row) => toKeyedRecord(kind, row));
      const row = statements.records[kind].select.get(...params);
      return row === undefined ? [] : [toStoredRecord(kind, row, params)];
    } catch (error) {
      throw asStorageError(this.#host, error);
    }
  }

  async commit(
    commits: readonly EncodedCommit[],
    onCommitted: (answer: CommitAnswer) => void = () => {},
    waited?: StorageWaits,
  ): Promise<CommitAnswer> {
    if (this.#host.readOnly) throw this.#readOnly();
    return retryWhileLocked(this.#lockTimeout, () => this.#committer.commit(commits, onCommitted), waited);
  }

  scan(filter: ScanFilter): AsyncIterableIterator<readonly StoredRecord[]> {
    return this.#scans.scan(filter);
  }

  history(after: Revision, limit: number): MaybePromise<LoggedCommit[]> {
    return atOnceOrRetry(this.#lockTimeout, () => this.#history(after, limit));
  }

  #history(after: Revision, limit: number): MaybePromise<LoggedCommit[]> {
    const wait = this.#connections.unsettled();
    if (wait !== undefined) return wait.then(() => this.#history(after, limit));
    return guard(this.#host, () => {
      this.#place.verify();
      return this.#readCurrent((head, isSame) => {
        // Whoever asks knows the history that was there before.
        if (!isSame) throw replaced(head.revision);
        const { statements } = this.#connections.current;
        return readHistory(statements, head, after, limit, this.#host.location);
      });
    });
  }

  /** At once, also while a long commit is under way: whoever asks for the health of the store waits no longer. */
  state(): MaybePromise<AskedState> {
    return atOnceOrRetry(this.#lockTimeout, () => this.#state());
  }

  #state(): MaybePromise<AskedState> {
    const wait = this.#connections.unsettled();
    const { changing } = this.#connections;
    if (wait !== undefined && changing === undefined) return wait.then(() => this.#state());
    return guard(this.#host, () => {
      this.#place.verify();
      return changing === undefined
        ? this.#readCurrent(() => askedState(this.#connections.current))
        : askedState(changing);
    });
  }

  /** Where several processes share the file, each answer begins with looking for what others have committed. */
  figures(): DriverFigures {
    if (!this.capabilities.multiProcess) return {};
    return { feed: { state: this.#connections.isConnected ? 'following' : 'stopped', lag: 0 } };
  }

  /** Of the pages of the database; what a log beside it holds is not in it yet. */
  size(): number | undefined {
    if (!this.#connections.isConnected) return undefined;
    const { database } = this.#connections.current;
    return guard(this.#host, () => readPragma(database, 'page_count') * readPragma(database, 'page_size'));
  }

  #readCurrent<T>(work: (head: StoreHead, isSame: boolean) => T): T {
    return readCurrent(this.#connections, this.#host.location, work);
  }

  /** Reads notice a replaced file within VERIFY_INTERVAL milliseconds; asking the file system each time would double their cost. */
  #verifyFileNowAndThen(): void {
    const now = timers.now();
    if (now - this.#verifiedAt < VERIFY_INTERVAL) return;
    this.#place.verify();
    this.#verifiedAt = now;
  }

  #readOnly(): StorageError {
    return new StorageError(
      'STORAGE_READONLY',
      `${this.#host.location} was opened read-only; open it without readOnly to write.`,
    );
  }
}

/** While the connection changes the store, as it was before. */
function askedState({ statements, head, bounds }: Connection): AskedState {
  return { ...toStoreState(head), oldestRevision: oldestReadable(statements, bounds, head) };
}
