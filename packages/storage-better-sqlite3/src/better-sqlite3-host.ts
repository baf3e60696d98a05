import { existsSync } from 'node:fs';
import { type StorageCapabilities, StorageError } from '@gati-framework/manifest-store';
import {
  type OpenedStore,
  parseLog,
  type SqliteDatabase,
  type SqliteHost,
  type SqliteStatement,
  translateSqliteError,
} from '@gati-framework/storage-sqlite';
import {
  assertNoOwner,
  type FileClaim,
  fileError,
  logPathOf,
  placeToRead,
  placeToWrite,
  readLog,
  removeLog,
  shareFile,
} from '@gati-framework/storage-sqlite/files';
import type Database from 'better-sqlite3';
import { accessForReading, type FileAccess } from './file-access.js';
import { loadDriver, withoutBinary } from './load-driver.js';
import type { ResolvedOptions } from './options.js';
import { contentStates, logState, WatchedFile } from './watched-file.js';

/** Milliseconds that SQLite itself waits for a lock: it blocks the event loop meanwhile, so longer waits are ours. */
const BLOCKING_BUSY_TIMEOUT = 5;
/** Before it, SQLite could damage a database in WAL mode when two connections checkpoint at once. */
const OLDEST_SQLITE: readonly number[] = [3, 51, 3];

/** better-sqlite3 as the host of a store: opens the file or takes the caller's connection. */
export class BetterSqlite3Host implements SqliteHost {
  readonly name = 'better-sqlite3';
  readonly journalMode = 'WAL';
  readonly location: string;
  readonly capabilities: StorageCapabilities;
  readonly readOnly: boolean;
  readonly prepareDataVersion?: NonNullable<SqliteHost['prepareDataVersion']>;
  readonly openReader?: NonNullable<SqliteHost['openReader']>;
  readonly #options: ResolvedOptions;
  /** Without links: what lies beside the file is found by this name. */
  #filename: string;
  #access: FileAccess;
  #claim: FileClaim | undefined;
  #file: WatchedFile | undefined;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.location = options.filename;
    this.#filename = options.filename;
    this.#access = options.filename;
    this.readOnly = options.readOnly;
    const isFile =
      options.database === undefined ? options.filename !== ':memory:' : !options.database.memory;
    this.capabilities = Object.freeze({
      commit: true,
      entries: true,
      watch: true,
      lifecycle: true,
      persistent: isFile,
      multiProcess: isFile,
    });
    if (!isFile) return;
    this.openReader = () => this.#openReader();
    this.prepareDataVersion = (database) => {
      const statement = asDriver(database).prepare('PRAGMA data_version').safeIntegers(false).pluck();
      return () => statement.get() as number;
    };
  }

  open(): SqliteDatabase {
    if (this.capabilities.persistent) this.#acquire();
    try {
      return this.#open();
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  close(database: SqliteDatabase): void {
    const { database: given } = this.#options;
    try {
      if (given === undefined) asDriver(database).close();
      else claimed.delete(given);
    } finally {
      this.#release();
    }
  }

  /** Commits that sql.js left beside the file; asked once SQLite's own lock tells sql.js that the file is in use. */
  readLog(): { content: Uint8Array; location: string } | undefined {
    if (!this.capabilities.persistent) return undefined;
    const filename = this.#filename;
    assertNoOwner(filename); // also of an older version, which looks for SQLite's lock and not for other claims
    const location = logPathOf(filename);
    const content = readLog(filename);
    if (content === undefined) return undefined;
    if (!this.readOnly) return { content, location };
    if ((parseLog(content, location)?.entries.length ?? 0) === 0) return undefined;
    throw new StorageError(
      'STORAGE_READONLY',
      `${location} holds commits that are not in ${filename} yet. Open it once for writing, or read it with ` +
        'storage-sqljs.',
    );
  }

  opened({ database }: OpenedStore): void {
    const isWritten = this.capabilities.persistent && !this.readOnly;
    // The database has its commits now, if there were any.
    if (isWritten && existsSync(logPathOf(this.#filename))) removeLog(this.#filename);
    database.exec(`PRAGMA synchronous = ${this.#options.synchronous}`);
    this.#file?.opened();
  }

  verifyFile(): void {
    this.#claim?.verify();
    this.#file?.verify();
  }

  translate(error: unknown): StorageError {
    const code = (error as { code?: unknown } | undefined)?.code;
    if (typeof code === 'string' && code.startsWith('SQLITE_')) {
      return translateSqliteError(code, this.location, error);
    }
    const missing = withoutBinary(error);
    if (missing !== undefined) return missing;
    const message = error instanceof Error ? error.message : String(error);
    return new StorageError('STORAGE_UNAVAILABLE', `${this.location} cannot be used: ${message}.`, {
      cause: error,
    });
  }

  /** Finds the file, anew at each opening, and lets sql.js know that it is used: before SQLite opens anything. */
  #acquire(): void {
    const { filename, database } = this.#options;
    this.#filename = this.readOnly ? placeToRead(filename) : placeToWrite(filename);
    try {
      if (this.readOnly) assertNoOwner(this.#filename);
      else this.#claim = shareFile(this.#filename);
      const isOurs = database === undefined && this.readOnly;
      this.#access = isOurs ? accessForReading(this.#filename) : this.#filename;
    } catch (error) {
      this.#release();
      throw fileError(error, this.#filename);
    }
  }

  #release(): void {
    this.#claim?.release();
    this.#claim = undefined;
  }

  #open(): SqliteDatabase {
    const { database: given } = this.#options;
    const database = given ?? this.#connect({ readonly: this.readOnly, fileMustExist: this.readOnly });
    if (given !== undefined) claim(given, this.location);
    try {
      assertSafeVersion(database);
      // FULL until a log is taken over: it must not be removed before the disk has its commits.
      database.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
      if (this.capabilities.persistent) this.#file = this.#watch(database);
      return new BetterSqlite3Database(database);
    } catch (error) {
      if (given === undefined) database.close();
      else claimed.delete(given);
      throw error;
    }
  }

  #watch(database: Database.Database): WatchedFile {
    const filename = this.#filename;
    const readPragma = (name: string) => database.prepare(`PRAGMA ${name}`).safeIntegers(false).pluck().get();
    if (typeof this.#access !== 'string') {
      return new WatchedFile(filename, readPragma, {
        opened: this.#access.state,
        now: () => contentStates(filename),
      });
    }
    if (!this.readOnly) return new WatchedFile(filename, readPragma);
    return new WatchedFile(filename, readPragma, {
      opened: logState(filename),
      now: () => logState(filename),
    });
  }

  #openReader(): { database: SqliteDatabase; close(): void } {
    const database = this.#connect({ readonly: true, fileMustExist: true });
    return { database: new BetterSqlite3Database(database), close: () => database.close() };
  }

  #connect(options: Database.Options): Database.Database {
    const Driver = loadDriver();
    const { content } = typeof this.#access === 'string' ? { content: this.#access } : this.#access;
    return new Driver(content, { ...options, timeout: BLOCKING_BUSY_TIMEOUT });
  }
}

/** Connections that a storage uses: two on one would not hear of each other's commits. */
const claimed = new WeakSet<Database.Database>();

function claim(database: Database.Database, location: string): void {
  if (claimed.has(database)) {
    throw new StorageError(
      'STORAGE_LOCKED',
      `The connection to ${location} is used by another storage of this process. Share that storage, or give each a connection of its own.`,
    );
  }
  claimed.add(database);
}

/** better-sqlite3 with rows as arrays. */
class BetterSqlite3Database implements SqliteDatabase {
  readonly driver: Database.Database;

  constructor(driver: Database.Database) {
    this.driver = driver;
  }

  exec(sql: string): void {
    this.driver.exec(sql);
  }

  prepare(sql: string): SqliteStatement {
    // A connection of the caller may be set to yield bigints.
    const statement = this.driver.prepare(sql).safeIntegers(false);
    return (statement.reader ? statement.raw() : statement) as unknown as SqliteStatement;
  }
}

function asDriver(database: SqliteDatabase): Database.Database {
  return (database as BetterSqlite3Database).driver;
}

function assertSafeVersion(database: Database.Database): void {
  const version = database.prepare('SELECT sqlite_version()').pluck().get() as string;
  const parts = version.split('.').map(Number);
  const difference = OLDEST_SQLITE.map((part, i) => (parts[i] ?? 0) - part).find((d) => d !== 0) ?? 0;
  if (difference >= 0) return;
  throw new StorageError(
    'STORAGE_DRIVER_MISSING',
    `This better-sqlite3 carries SQLite ${version}, which can damage a database that several connections use. ` +
      'Update it: npm install better-sqlite3@^12.11.1',
  );
}
