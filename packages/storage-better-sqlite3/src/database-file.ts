import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { StorageError } from '@gati-framework/manifest-store';
import {
  APPLICATION_ID,
  MIGRATIONS,
  type OpenedStore,
  parseLog,
  type Reader,
  type SharedFile,
  type SqliteDatabase,
  tellOfRecovery,
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
import { asDriver, BetterSqlite3Database, prepareValue } from './better-sqlite3-database.js';
import { accessForReading, type FileAccess, type PrivateCopy, readPrivately } from './file-access.js';
import { loadDriver } from './load-driver.js';
import type { ResolvedOptions } from './options.js';
import { contentStates, logState, WatchedFile } from './watched-file.js';

/** Milliseconds that SQLite itself waits for a lock: it blocks the event loop meanwhile, so longer waits are ours. */
const BLOCKING_BUSY_TIMEOUT = 5;

/** Pages that a connection may hold, as SQLite counts them: KiB, negated. */
const CACHE = -16_000;
/** Pages that a long transaction has changed and that do not fit in here go to the write-ahead log at once. */
const LONG_WRITE_CACHE = -1_000;

const FOR_READING = { readonly: true, fileMustExist: true };

/** @param content A path, or what a database in memory begins with. */
export function connect(content: string | Buffer, options: Database.Options): Database.Database {
  const Driver = loadDriver();
  return new Driver(content, { ...options, timeout: BLOCKING_BUSY_TIMEOUT });
}

/** The file of a store, which other connections use too. Used by one connection after the other. */
export class DatabaseFile implements SharedFile {
  readonly #options: ResolvedOptions;
  /** Without links: what lies beside the file is found by this name. */
  #filename: string;
  #access: FileAccess;
  #claim: FileClaim | undefined;
  #watched: WatchedFile | undefined;
  #connection: Database.Database | undefined;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.#filename = options.filename;
    this.#access = options.filename;
  }

  /** Finds the file, anew at each opening, and lets sql.js know that it is used: before SQLite opens anything. */
  acquire(): void {
    const { filename, database, readOnly } = this.#options;
    this.#filename = readOnly ? placeToRead(filename) : placeToWrite(filename);
    try {
      if (readOnly) assertNoOwner(this.#filename);
      else this.#claim = shareFile(this.#filename);
      const isOurs = database === undefined && readOnly;
      this.#access = isOurs ? accessForReading(this.#filename) : this.#filename;
    } catch (error) {
      this.release();
      throw fileError(error, this.#filename);
    }
  }

  release(): void {
    this.#claim?.release();
    this.#claim = undefined;
  }

  /** Whether it is only a copy of the file that is used, which nobody else sees. */
  get isCopy(): boolean {
    return typeof this.#access !== 'string';
  }

  connect(): Database.Database {
    if (!this.#options.readOnly) return connect(this.#filename, {});
    if (typeof this.#access !== 'string') return connect(this.#access.content, {});
    const database = connect(this.#access, FOR_READING);
    if (!isOlder(database)) return database;
    // Who only reads must not bring the file to the current version, but may do so with a copy of it.
    database.close();
    const { content } = this.#copy();
    return connect(content, {});
  }

  #copy(): PrivateCopy {
    try {
      const copy = readPrivately(this.#filename);
      this.#access = copy;
      return copy;
    } catch (error) {
      throw fileError(error, this.#filename);
    }
  }

  /** From here on it is noticed when the file is not the one any more that this connection has open. */
  watch(database: Database.Database): void {
    const filename = this.#filename;
    this.#connection = database;
    const readPragma = (name: string) => prepareValue(database, `PRAGMA ${name}`)();
    const stateOf = typeof this.#access === 'string' ? logState : contentStates;
    const opened = typeof this.#access === 'string' ? logState(filename) : this.#access.state;
    const read = this.#options.readOnly ? { opened, now: () => stateOf(filename) } : undefined;
    this.#watched = new WatchedFile(filename, readPragma, read);
  }

  /** Commits that sql.js left beside the file; asked once SQLite's own lock tells sql.js that the file is in use. */
  readLog(): { content: Uint8Array; location: string } | undefined {
    const filename = this.#filename;
    assertNoOwner(filename); // also of an older version, which looks for SQLite's lock and not for other claims
    const location = logPathOf(filename);
    const content = readLog(filename);
    if (content === undefined) return undefined;
    if (!this.#options.readOnly) return { content, location };
    if ((parseLog(content, location)?.entries.length ?? 0) === 0) return undefined;
    throw new StorageError(
      'STORAGE_READONLY',
      `${location} holds commits that are not in ${filename} yet. Open it once for writing, or read it with ` +
        'storage-sqljs.',
    );
  }

  opened({ database, log }: OpenedStore): void {
    if (log !== undefined && log.torn > 0) {
      const location = logPathOf(this.#filename);
      tellOfRecovery(this.#options.log, { location, offset: log.length, bytes: log.torn });
    }
    // The database has its commits now, if there were any.
    if (!this.#options.readOnly && existsSync(logPathOf(this.#filename))) removeLog(this.#filename);
    database.exec(`PRAGMA synchronous = ${this.#options.durability === 'machine-crash' ? 'FULL' : 'NORMAL'}`);
    this.#watched?.opened();
  }

  verify(): void {
    this.#claim?.verify();
    this.#watched?.verify();
  }

  prepareDataVersion(database: SqliteDatabase): () => number {
    const statement = asDriver(database)
      .prepare<[], number>('PRAGMA data_version')
      .safeIntegers(false)
      .pluck();
    return () => statement.get() ?? 0;
  }

  openReader(): Reader {
    const content = typeof this.#access === 'string' ? this.#access : this.#connection?.serialize();
    const database = connect(content ?? this.#filename, FOR_READING);
    return { database: new BetterSqlite3Database(database), close: () => database.close() };
  }

  beginLongWrite(database: SqliteDatabase): void {
    database.exec(`PRAGMA cache_size = ${LONG_WRITE_CACHE}`);
  }

  async endLongWrite(database: SqliteDatabase): Promise<void> {
    database.exec(`PRAGMA cache_size = ${CACHE}`);
    await syncIfThere(`${this.#filename}-wal`);
  }
}

/**
 * Lets the disk have what a file holds so far, without blocking: the sync of
 * SQLite that follows has little left to do. It is that one which counts, so a
 * failure says nothing here. (SQLite holds no locks on its log, which closing it would drop.)
 */
async function syncIfThere(path: string): Promise<void> {
  try {
    const file = await open(path, 'r');
    try {
      await file.datasync();
    } finally {
      await file.close();
    }
  } catch {
    // SQLite meets what is wrong with it, and tells.
  }
}

/** Whether it holds a store of an earlier version. A database that cannot be asked is closed. */
function isOlder(database: Database.Database): boolean {
  try {
    if (prepareValue(database, 'PRAGMA application_id')() !== APPLICATION_ID) return false;
    const version = Number(prepareValue(database, 'PRAGMA user_version')());
    return version > 0 && version < MIGRATIONS.length;
  } catch (error) {
    database.close();
    throw error;
  }
}
