import type { Revision, StorageCapabilities } from '@gati-framework/manifest-store';
import { StorageError } from '@gati-framework/manifest-store';
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
import { applyCommits, trimHistory } from './apply-commits.js';
import { migrate } from './migrate.js';
import { changedKeys, readHistory } from './read-history.js';
import { retryWhileLocked } from './retry.js';
import { ScanRegistry } from './scan.js';
import type { SqliteDatabase, SqliteHost } from './sqlite-database.js';
import { prepareStatements, type Statements } from './statements.js';
import { copyStoreRow, readStoreRow, type StoreRow, storeRowValues, toStoreState } from './store-row.js';
import { toStoredRecord } from './stored-record.js';
import { inTransaction } from './transaction.js';

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
    return toStoreState(this.#connection.store);
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
    if (!this.#host.shared) return true;
    const connection = this.#connected;
    try {
      this.#verifyFileNowAndThen();
      const current = readDataVersion(connection.statements);
      if (current !== connection.dataVersion) {
        this.#catchUp();
        connection.dataVersion = current;
      }
    } catch (error) {
      throw this.#translate(error);
    }
    return true;
  }

  read({ name, kind, params }: RecordQuery): StoredRecord[] {
    return this.#guard(() => {
      const { statements } = this.#connected;
      if (name === 'byKey') {
        const row = statements.records[kind].select.get(...params);
        return row === undefined ? [] : [toStoredRecord(kind, row)];
      }
      return statements.queries[name].all(...params).map((row) => toStoredRecord(kind, row));
    });
  }

  commit(
    commits: readonly EncodedCommit[],
  ): Promise<{ outcomes: readonly CommitOutcome[]; state: StoreState }> {
    if (this.#host.readOnly) throw this.#readOnly();
    return retryWhileLocked(this.#options.busyTimeout, () => this.#guard(() => this.#commit(commits)));
  }

  scan(filter: ScanFilter): AsyncIterable<readonly StoredRecord[]> {
    return this.#scans.scan(this.#connected.database, filter);
  }

  history(after: Revision, limit: number): LoggedCommit[] {
    return this.#guard(() => {
      this.#host.verifyFile?.();
      return inTransaction(this.#connected.database, 'BEGIN', () => {
        const { statements } = this.#connected;
        return readHistory(statements, this.#readStore(), after, limit);
      });
    });
  }

  state(): StoreState {
    return this.#guard(() => {
      this.#host.verifyFile?.();
      return toStoreState(this.#readStore());
    });
  }

  get #connected(): Connection {
    if (this.#connection === undefined) throw new Error('the driver is not open');
    return this.#connection;
  }

  #connect(listener: DriverListener): Connection {
    const database = this.#guard(() => this.#host.open());
    try {
      return this.#guard(() => {
        migrate(database, this.#host);
        const statements = prepareStatements(database);
        const dataVersion = readDataVersion(statements);
        const store = readStoreRow(statements.selectStore.get());
        return { database, statements, store, dataVersion, listener };
      });
    } catch (error) {
      this.#host.close(database);
      throw error;
    }
  }

  #commit(commits: readonly EncodedCommit[]): { outcomes: readonly CommitOutcome[]; state: StoreState } {
    const { database, statements } = this.#connected;
    let store: StoreRow | undefined;
    const outcomes = inTransaction(database, 'BEGIN IMMEDIATE', () => {
      this.#catchUp();
      store = copyStoreRow(this.#connected.store);
      const { revision } = store;
      const applied = applyCommits(statements, store, commits);
      if (store.revision === revision) return applied;
      trimHistory(statements, store, this.#options.historyLimit);
      statements.updateStore.run(...storeRowValues(store));
      return applied;
    });
    // Before the promise resolves: a write to a file that is gone must not be acknowledged.
    this.#host.verifyFile?.();
    this.#connected.store = store as StoreRow;
    return { outcomes, state: toStoreState(this.#connected.store) };
  }

  /** Takes note of what others have committed since this connection last looked. */
  #catchUp(): void {
    const { statements, store: known, listener } = this.#connected;
    const store = this.#readStore();
    if (store.revision === known.revision) return;
    const keys = changedKeys(statements, store, known.revision);
    this.#connected.store = store;
    listener.changed(toStoreState(store), keys);
  }

  #readStore(): StoreRow {
    return readStoreRow(this.#connected.statements.selectStore.get());
  }

  /** Reads notice a replaced file within VERIFY_INTERVAL milliseconds; asking the file system each time would double their cost. */
  #verifyFileNowAndThen(): void {
    const now = performance.now();
    if (now - this.#verifiedAt < VERIFY_INTERVAL) return;
    this.#host.verifyFile?.();
    this.#verifiedAt = now;
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw this.#translate(error);
    }
  }

  #translate(error: unknown): StorageError {
    return error instanceof StorageError ? error : this.#host.translate(error);
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
  readonly listener: DriverListener;
  /** As this process last saw it. */
  store: StoreRow;
  dataVersion: number;
}

function readDataVersion(statements: Statements): number {
  return statements.dataVersion.get()?.data_version as number;
}
