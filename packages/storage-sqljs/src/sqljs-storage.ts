import {
  type Change,
  type Entry,
  type Revision,
  type Storage,
  StorageError,
} from '@gati-framework/manifest-store';
import { type MaybePromise, RecordStorage } from '@gati-framework/storage-kit';
import { type SqliteDatabase, SqliteRecordDriver, type SqliteValue } from '@gati-framework/storage-sqlite';
import type { ResolvedOptions } from './options.js';
import { type QueryRow, queryReadOnly } from './read-only-query.js';
import { asDriver } from './sqljs-database.js';
import { SqlJsHost } from './sqljs-host.js';

/** A {@link Storage} with what only a database in memory can offer. */
export interface SqlJsStorage extends Storage {
  /**
   * Writes a snapshot of everything stored before this call. Only with
   * `autoSave: false` is anything lost without it; otherwise it just empties
   * the log.
   */
  save(): Promise<void>;
  /** The whole store as the bytes of a SQLite file, which `import()` and every SQLite tool can read. */
  export(): Promise<Uint8Array>;
  /**
   * Replaces the whole content by that of another store's bytes, in one
   * commit: the revision goes on from here, and whoever watches sees it.
   */
  import(database: Uint8Array): Promise<Revision>;
  /**
   * Runs one SQL statement that reads, on everything committed so far. The
   * tables are described in docs/sqlite-file.md of storage-sqlite. It runs on the calling thread:
   * a long query blocks it.
   *
   * @param params Values for `?` in order, or for `:name` by `':name'`.
   * @throws `INVALID_OPTIONS` for a statement that would write, and for what SQLite refuses.
   */
  query<Row extends object = QueryRow>(
    sql: string,
    params?: readonly SqliteValue[] | Readonly<Record<string, SqliteValue>>,
  ): Promise<Row[]>;
}

export class SqlJsRecordStorage extends RecordStorage implements SqlJsStorage {
  readonly #driver: SqliteRecordDriver;
  readonly #host: SqlJsHost;
  readonly #options: ResolvedOptions;

  constructor(options: ResolvedOptions) {
    const host = new SqlJsHost(options);
    const driver = new SqliteRecordDriver(host, options);
    super(driver, options);
    this.#driver = driver;
    this.#host = host;
    this.#options = options;
  }

  async save(): Promise<void> {
    if (this.#options.readOnly) {
      throw new StorageError('STORAGE_READONLY', `${this.#options.location} was opened read-only.`);
    }
    await this.#afterEarlierWrites();
    await this.#driver.use(() => this.#host.keeper.save());
  }

  async export(): Promise<Uint8Array> {
    await this.#afterEarlierWrites();
    return this.#driver.use((database) => asDriver(database).export());
  }

  async import(database: Uint8Array): Promise<Revision> {
    const changes: Change[] = [{ clear: true }];
    for await (const { kind, value } of readAll(database, this.#options))
      changes.push({ put: kind, value } as Change);
    return this.commit(changes);
  }

  async query<Row extends object>(
    sql: string,
    params: readonly SqliteValue[] | Readonly<Record<string, SqliteValue>> = [],
  ): Promise<Row[]> {
    await this.open();
    return this.#driver.use((database) => queryReadOnly(database, sql, params)) as Promise<Row[]>;
  }

  /** Where the store is; without links, once it is open. */
  get location(): string {
    return this.#options.persistence?.location ?? this.#options.location;
  }

  /** Reads from the database itself, for what only this package knows of. */
  async read<T>(work: (database: SqliteDatabase) => MaybePromise<T>): Promise<T> {
    await this.open();
    return await this.#driver.use(work);
  }

  async #afterEarlierWrites(): Promise<void> {
    await this.open();
    if (!this.#options.readOnly) await this.commit([]);
  }
}

async function* readAll(database: Uint8Array, options: ResolvedOptions): AsyncIterableIterator<Entry> {
  // Also one of another realm, as a test runner's sandbox makes them.
  if (!ArrayBuffer.isView(database) || Object.prototype.toString.call(database) !== '[object Uint8Array]') {
    throw new StorageError('INVALID_OPTIONS', 'database must be a Uint8Array, as export() yields it.', {
      path: 'database',
    });
  }
  const persistence = { location: 'The imported database', load: () => database, save: () => {} };
  const { location } = persistence;
  const source = new SqlJsRecordStorage({ ...options, persistence, location, readOnly: true });
  try {
    yield* source.entries();
  } finally {
    await source.close();
  }
}
