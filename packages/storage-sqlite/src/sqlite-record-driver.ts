import type { Revision, StorageCapabilities } from '@gati-framework/manifest-store';
import { StorageError } from '@gati-framework/manifest-store';
import { closed } from '@gati-framework/manifest-store/backend';
import type {
  CommitOutcome,
  DriverListener,
  EncodedCommit,
  LoggedCommit,
  RecordDriver,
  RecordQuery,
  ScanFilter,
  StoredRecord,
  StoreState,
} from '@gati-framework/storage-kit';
import { applyCommits } from './apply-commits.js';
import { asStorageError, guard } from './as-storage-error.js';
import { migrate } from './migrate.js';
import { changedKeys, readHistory } from './read-history.js';
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
    return toStoreState(this.#connection.head);
  }

  close(): void {
    this.#scans.close();
    this.#host.close(this.#connected.database);
    this.#connection = undefined;
  }

  /**
   * Always true, after the listener has heard of what others committed. On the
   * path of every read: asking SQLite costs about 1.5 microseconds.
   */
  isCacheFresh(): boolean {
    try {
      this.#verifyFileNowAndThen();
      if (this.#othersCommitted()) this.#connected.transactions.read(() => this.#catchUp());
    } catch (error) {
      throw asStorageError(this.#host, error);
    }
    return true;
  }

  read({ name, kind, params }: RecordQuery): StoredRecord[] {
    try {
      this.#verifyFileNowAndThen();
      const { statements } = this.#connected;
      if (name !== 'byKey')
        return statements.queries[name].all(...params).map((row) => toStoredRecord(kind, row));
      const row = statements.records[kind].select.get(...params);
      return row === undefined ? [] : [toStoredRecord(kind, row)];
    } catch (error) {
      throw asStorageError(this.#host, error);
    }
  }

  commit(
    commits: readonly EncodedCommit[],
  ): Promise<{ outcomes: readonly CommitOutcome[]; state: StoreState }> {
    if (this.#host.readOnly) throw this.#readOnly();
    return retryWhileLocked(this.#options.busyTimeout, () => guard(this.#host, () => this.#commit(commits)));
  }

  scan(filter: ScanFilter): AsyncIterable<readonly StoredRecord[]> {
    return this.#scans.scan(this.#connected.database, filter);
  }

  history(after: Revision, limit: number): LoggedCommit[] {
    return guard(this.#host, () => {
      this.#host.verifyFile?.();
      return this.#connected.transactions.read(() => {
        const { statements } = this.#connected;
        return readHistory(statements, readHead(statements.selectLastCommit.get()), after, limit);
      });
    });
  }

  state(): StoreState {
    return guard(this.#host, () => {
      this.#host.verifyFile?.();
      return toStoreState(readHead(this.#connected.statements.selectLastCommit.get()));
    });
  }

  get #connected(): Connection {
    if (this.#connection === undefined) throw closed();
    return this.#connection;
  }

  #connect(listener: DriverListener): Connection {
    const database = guard(this.#host, () => this.#host.open());
    try {
      return guard(this.#host, () => {
        migrate(database, this.#host);
        const statements = prepareStatements(database);
        const readDataVersion = this.#host.prepareDataVersion?.(database);
        const dataVersion = readDataVersion?.() ?? 0;
        const head = readHead(statements.selectLastCommit.get());
        const firstChange = (statements.selectFirstCommit.get()?.[0] as number | undefined) ?? 1;
        const transactions = new Transactions(database);
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
      this.#host.close(database);
      throw error;
    }
  }

  #commit(commits: readonly EncodedCommit[]): { outcomes: readonly CommitOutcome[]; state: StoreState } {
    const connection = this.#connected;
    const { statements, transactions } = connection;
    let { head, firstChange } = connection;
    const outcomes = transactions.write(() => {
      if (this.#othersCommitted()) this.#catchUp();
      head = copyHead(connection.head);
      const applied = applyCommits(statements, head, commits);
      firstChange = trimHistory(statements, firstChange, head.nextChange, this.#options.historyLimit);
      return applied;
    });
    connection.head = head;
    connection.firstChange = firstChange;
    const state = toStoreState(head);
    try {
      // Before the promise resolves: a write to a file that is gone must not be acknowledged.
      this.#host.verifyFile?.();
    } catch (error) {
      connection.listener.changed(state, 'all'); // it was written all the same, should the file come back
      throw error;
    }
    return { outcomes, state };
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
