import type { Revision, StorageCapabilities } from '@gati-framework/manifest-store';
import { StorageError } from '@gati-framework/manifest-store';
import { closed } from '@gati-framework/manifest-store/backend';
import type {
  CommitOutcome,
  DriverListener,
  EncodedCommit,
  LoggedCommit,
  MaybePromise,
  RecordDriver,
  RecordQuery,
  ScanFilter,
  StoredRecord,
  StoreState,
} from '@gati-framework/storage-kit';
import { applyCommits } from './apply-commits.js';
import { asStorageError, guard, guardAsync } from './as-storage-error.js';
import { type CommitLog, type LogEntry, parseLog } from './commit-log.js';
import { migrate } from './migrate.js';
import { changedKeys, readHistory } from './read-history.js';
import { replayLog } from './replay-log.js';
import { retryWhileLocked } from './retry.js';
import { ScanRegistry } from './scan.js';
import type { SqliteDatabase, SqliteHost } from './sqlite-database.js';
import { prepareStatements, type Statements } from './statements.js';
import { copyHead, readHead, type StoreHead, toStoreState } from './store-head.js';
import { toStoredRecord } from './stored-record.js';
import { Transactions } from './transaction.js';
import { trimHistory } from './trim-history.js';

export interface SqliteRecordDriverOptions {
  /** How many changes the history keeps. */
  readonly historyLimit: number;
  /** How long to wait for another writer, in milliseconds. */
  readonly busyTimeout: number;
}

const VERIFY_INTERVAL = 100;

/** The records of a store in a SQLite database, whichever driver reads it. */
export class SqliteRecordDriver implements RecordDriver {
  readonly name: string;
  readonly capabilities: StorageCapabilities;
  readonly #host: SqliteHost;
  readonly #options: SqliteRecordDriverOptions;
  readonly #scans: ScanRegistry;
  #connection: Connection | undefined;
  #listener: DriverListener | undefined;
  /** While the connection is not to be used: its transaction waits for commits to be safe, or it is opened anew. */
  #settling: Promise<void> | undefined;
  #verifiedAt = Number.NEGATIVE_INFINITY;

  constructor(host: SqliteHost, options: SqliteRecordDriverOptions) {
    this.name = host.name;
    this.capabilities = host.capabilities;
    this.#host = host;
    this.#options = options;
    this.#scans = new ScanRegistry(host);
  }

  async open(listener: DriverListener): Promise<StoreState> {
    this.#connection = await retryWhileLocked(this.#options.busyTimeout, () => this.#connect(listener));
    this.#listener = listener;
    return toStoreState(this.#connection.head);
  }

  async close(): Promise<void> {
    this.#scans.close();
    this.#listener = undefined;
    while (this.#settling !== undefined) await this.#settling;
    if (this.#connection === undefined) return;
    const { database } = this.#connection;
    this.#connection = undefined;
    await guardAsync(this.#host, () => this.#host.close(database));
  }

  /** Work on the database itself, between transactions. It must leave the store as it is. */
  async use<T>(work: (database: SqliteDatabase) => MaybePromise<T>): Promise<T> {
    for (let wait = this.#unready(); wait !== undefined; wait = this.#unready()) await wait;
    return guardAsync(this.#host, () => work(this.#connected.database));
  }

  /**
   * True while there is a connection, after the listener has heard of what
   * others committed. On the path of every read: asking SQLite costs about 1.5
   * microseconds.
   */
  isCacheFresh(): boolean {
    try {
      this.#verifyFileNowAndThen();
      if (this.#connection === undefined) return false;
      if (this.#othersCommitted()) this.#connected.transactions.read(() => this.#catchUp());
    } catch (error) {
      throw asStorageError(this.#host, error);
    }
    return true;
  }

  read(query: RecordQuery): MaybePromise<StoredRecord[]> {
    const wait = this.#unsettled();
    if (wait !== undefined) return wait.then(() => this.read(query));
    const { name, kind, params } = query;
    try {
      this.#verifyFileNowAndThen();
      const { statements } = this.#connected;
      if (name !== 'byKey')
        return statements.queries[name].all(...params).map((row) => toStoredRecord(kind, row));
      const row = statements.records[kind].select.get(...params);
      return row === undefined ? [] : [toStoredRecord(kind, row, params)];
    } catch (error) {
      throw asStorageError(this.#host, error);
    }
  }

  async commit(
    commits: readonly EncodedCommit[],
  ): Promise<{ outcomes: readonly CommitOutcome[]; state: StoreState }> {
    if (this.#host.readOnly) throw this.#readOnly();
    return retryWhileLocked(this.#options.busyTimeout, () =>
      guardAsync(this.#host, () => this.#commit(commits)),
    );
  }

  async *scan(filter: ScanFilter): AsyncIterableIterator<readonly StoredRecord[]> {
    for (let wait = this.#unsettled(); wait !== undefined; wait = this.#unsettled()) await wait;
    yield* this.#scans.scan(this.#connected.database, filter);
  }

  history(after: Revision, limit: number): MaybePromise<LoggedCommit[]> {
    const wait = this.#unsettled();
    if (wait !== undefined) return wait.then(() => this.history(after, limit));
    return guard(this.#host, () => {
      this.#host.verifyFile?.();
      return this.#connected.transactions.read(() => {
        const { statements } = this.#connected;
        return readHistory(statements, readHead(statements.selectLastCommit.get()), after, limit);
      });
    });
  }

  state(): MaybePromise<StoreState> {
    const wait = this.#unsettled();
    if (wait !== undefined) return wait.then(() => this.state());
    return guard(this.#host, () => {
      this.#host.verifyFile?.();
      return toStoreState(readHead(this.#connected.statements.selectLastCommit.get()));
    });
  }

  get #connected(): Connection {
    if (this.#connection === undefined) throw closed();
    return this.#connection;
  }

  /** What to wait for before the connection may be used, if anything; after it, ask again. */
  #unsettled(): Promise<void> | undefined {
    if (this.#settling !== undefined) return this.#settling;
    const isLost = this.#connection === undefined && this.#listener !== undefined;
    return isLost ? this.#holding(() => this.#reopen()) : undefined;
  }

  /** As {@link #unsettled}, for what may not happen while the host keeps what there is. */
  #unready(): MaybePromise<void> {
    return this.#unsettled() ?? this.#host.beforeWriting?.();
  }

  /** Runs work during which nobody else may use the connection. */
  async #holding<T>(work: () => Promise<T>): Promise<T> {
    let release = () => {};
    this.#settling = new Promise((resolve) => {
      release = resolve;
    });
    try {
      return await work();
    } finally {
      this.#settling = undefined;
      release();
    }
  }

  async #reopen(): Promise<void> {
    const listener = this.#listener as DriverListener;
    this.#connection = await this.#connect(listener);
    listener.changed(toStoreState(this.#connection.head), 'all');
  }

  async #connect(listener: DriverListener): Promise<Connection> {
    const host = this.#host;
    const database = await guardAsync(host, () => host.open());
    try {
      return await guardAsync(host, async () => {
        migrate(database, host);
        const statements = prepareStatements(database);
        const transactions = new Transactions(database);
        const log = this.#replayLog(statements, transactions);
        const readDataVersion = host.prepareDataVersion?.(database);
        const dataVersion = readDataVersion?.() ?? 0;
        const head = readHead(statements.selectLastCommit.get());
        const firstChange = (statements.selectFirstCommit.get()?.[0] as number | undefined) ?? 1;
        const opened = host.opened?.({ database, head, log });
        if (opened !== undefined) await opened;
        return {
          database,
          statements,
          transactions,
          head,
          firstChange,
          readDataVersion,
          dataVersion,
          listener,
        };
      });
    } catch (error) {
      await host.close(database);
      throw error;
    }
  }

  /** Brings into the database what only the log beside it holds. */
  #replayLog(statements: Statements, transactions: Transactions): CommitLog | undefined {
    const found = this.#host.readLog?.();
    const log = found && parseLog(found.content, found.location);
    if (found === undefined || log === undefined) return undefined;
    const locations = { database: this.#host.location, log: found.location };
    transactions.write(() =>
      replayLog(statements, readHead(statements.selectLastCommit.get()), log, locations),
    );
    return log;
  }

  async #commit(
    commits: readonly EncodedCommit[],
  ): Promise<{ outcomes: readonly CommitOutcome[]; state: StoreState }> {
    for (let wait = this.#unready(); wait !== undefined; wait = this.#unready()) await wait;
    const connection = this.#connected;
    const { transactions } = connection;
    transactions.beginWriting();
    let applied: Applied;
    let safe: MaybePromise<void>;
    try {
      applied = this.#apply(connection, commits);
      safe = applied.entries.length > 0 ? this.#host.beforeCommit?.(applied.entries) : undefined;
      if (safe === undefined) transactions.commit();
    } catch (error) {
      transactions.rollBack();
      throw error;
    }
    if (safe !== undefined) await this.#holding(() => commitWhenSafe(transactions, safe as Promise<void>));
    const { outcomes, head, firstChange } = applied;
    connection.head = head;
    connection.firstChange = firstChange;
    const kept = applied.entries.length > 0 ? this.#host.afterCommit?.(head) : undefined;
    if (kept !== undefined) await this.#holding(() => this.#reopenUnlessKept(kept));
    const state = toStoreState(head);
    try {
      // Before the promise resolves: a write to a file that is gone must not be acknowledged. A log has looked itself.
      if (this.#host.beforeCommit === undefined || applied.entries.length === 0) this.#host.verifyFile?.();
    } catch (error) {
      connection.listener.changed(state, 'all'); // it was written all the same, should the file come back
      throw error;
    }
    return { outcomes, state };
  }

  #apply(connection: Connection, commits: readonly EncodedCommit[]): Applied {
    const { statements } = connection;
    if (this.#othersCommitted()) this.#catchUp();
    const head = copyHead(connection.head);
    const entries: LogEntry[] = [];
    const outcomes = applyCommits(statements, head, commits, entries);
    const { historyLimit } = this.#options;
    const firstChange = trimHistory(statements, connection.firstChange, head.nextChange, historyLimit);
    return { outcomes, entries, head, firstChange };
  }

  async #reopenUnlessKept(kept: Promise<void>): Promise<void> {
    try {
      await kept;
    } catch (error) {
      // What is in memory is ahead of what is safe, so the next call begins with the latter.
      const { database } = this.#connected;
      this.#connection = undefined;
      await this.#host.close(database);
      throw error;
    }
  }

  #othersCommitted(): boolean {
    const { readDataVersion, dataVersion } = this.#connected;
    return readDataVersion !== undefined && readDataVersion() !== dataVersion;
  }

  /** Takes note of what other connections have committed; inside a transaction, so that it is of one moment. */
  #catchUp(): void {
    const connection = this.#connected;
    const { statements, head: known, listener, readDataVersion } = connection;
    connection.dataVersion = readDataVersion?.() as number;
    connection.head = readHead(statements.selectLastCommit.get());
    listener.changed(toStoreState(connection.head), changedKeys(statements, known, connection.head));
  }

  /** Reads notice a replaced file within VERIFY_INTERVAL milliseconds; asking the file system each time would double their cost. */
  #verifyFileNowAndThen(): void {
    const now = performance.now();
    if (now - this.#verifiedAt < VERIFY_INTERVAL) return;
    this.#host.verifyFile?.();
    this.#verifiedAt = now;
  }

  #readOnly(): StorageError {
    return new StorageError(
      'STORAGE_READONLY',
      `${this.#host.location} was opened read-only; open it without readOnly to write.`,
    );
  }
}

async function commitWhenSafe(transactions: Transactions, safe: Promise<void>): Promise<void> {
  try {
    await safe;
  } catch (error) {
    transactions.rollBack();
    throw error;
  }
  transactions.commit();
}

/** What became of a group of commits, inside their transaction. */
interface Applied {
  readonly outcomes: readonly CommitOutcome[];
  readonly entries: readonly LogEntry[];
  readonly head: StoreHead;
  readonly firstChange: number;
}

interface Connection {
  readonly database: SqliteDatabase;
  readonly statements: Statements;
  readonly transactions: Transactions;
  readonly listener: DriverListener;
  /** As this process last saw it. */
  head: StoreHead;
  /** Where the history begins, or began when this process last looked. */
  firstChange: number;
  readonly readDataVersion: (() => number) | undefined;
  dataVersion: number;
}
