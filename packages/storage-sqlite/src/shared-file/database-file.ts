import { existsSync } from 'node:fs';
import { StorageError } from '@gati-framework/manifest-store';
import { closed } from '@gati-framework/manifest-store/backend';
import { fileError } from '../files/file-error.js';
import { logPathOf, readLog, removeLog } from '../files/log-file.js';
import { placeToRead, placeToWrite } from '../files/place.js';
import { assertNoOwner, type FileClaim, shareFile } from '../files/sharing/file-claim.js';
import { tryToSync } from '../files/syncing.js';
import { parseLog } from '../log/commit-log.js';
import { tellOfRecovery } from '../log/recovery.js';
import { limitWal } from '../schema/migrate.js';
import { APPLICATION_ID, SCHEMA_STEPS } from '../schema/schema.js';
import type { SqliteDatabase } from '../sqlite-database.js';
import type { OpenedStore, Reader, SharedFile } from '../sqlite-host.js';
import { accessForReading, type FileAccess, type PrivateCopy, readPrivately } from './file-access.js';
import type { FileConnection, FileDriver } from './file-driver.js';
import { useLibrary } from './one-library.js';
import type { ResolvedFileOptions } from './options.js';
import { contentStates, logState, WatchedFile } from './watched-file.js';

/** Milliseconds that SQLite itself waits for a lock: it blocks the event loop meanwhile, so longer waits are ours. */
export const BLOCKING_BUSY_TIMEOUT = 5;

/** Pages that a connection may hold, as SQLite counts them: KiB, negated. */
export const CACHE = -16_000;
/** Pages that a long transaction has changed and that do not fit in here go to the write-ahead log at once. */
const LONG_WRITE_CACHE = -1_000;

const FOR_READING = { readOnly: true, busyTimeout: BLOCKING_BUSY_TIMEOUT };
const FOR_WRITING = { readOnly: false, busyTimeout: BLOCKING_BUSY_TIMEOUT };

/** The file of a store, which other connections use too. Used by one connection after the other. */
export class DatabaseFile implements SharedFile {
  readonly #driver: FileDriver;
  readonly #options: ResolvedFileOptions;
  /** Without links: what lies beside the file is found by this name. */
  #filename: string;
  #access: FileAccess;
  #claim: FileClaim | undefined;
  #endUse: (() => void) | undefined;
  #watched: WatchedFile | undefined;
  #connection: FileConnection | undefined;

  constructor(driver: FileDriver, options: ResolvedFileOptions) {
    this.#driver = driver;
    this.#options = options;
    this.#filename = options.filename;
    this.#access = options.filename;
  }

  /** Finds the file, anew at each opening, and lets sql.js know that it is used: before SQLite opens anything. */
  acquire(): void {
    const { filename, lent, readOnly } = this.#options;
    this.#filename = readOnly ? placeToRead(filename) : placeToWrite(filename);
    try {
      this.#endUse = useLibrary(this.#driver.name, this.#filename);
      if (readOnly) assertNoOwner(this.#filename);
      else this.#claim = shareFile(this.#filename);
      const isOurs = lent === undefined && readOnly;
      this.#access = isOurs ? accessForReading(this.#filename) : this.#filename;
    } catch (error) {
      this.release();
      throw fileError(error, this.#filename);
    }
  }

  release(): void {
    this.#endUse?.();
    this.#endUse = undefined;
    this.#claim?.release();
    this.#claim = undefined;
  }

  /** Without links, once it was found. */
  get filename(): string {
    return this.#filename;
  }

  /** Whether it is only a copy of the file that is used, which nobody else sees. */
  get isCopy(): boolean {
    return typeof this.#access !== 'string';
  }

  connect(): FileConnection {
    const connection = this.connectAsItIs();
    if (!this.#options.readOnly || this.isCopy || !isOlder(connection)) return connection;
    // Who only reads must not bring the file to the current version, but may do so with a copy of it.
    connection.close();
    const { content } = this.#copy();
    return this.#driver.connect(content, FOR_WRITING);
  }

  /** Also to read what an older version of the schema has made. */
  connectAsItIs(): FileConnection {
    if (!this.#options.readOnly) return this.#driver.connect(this.#filename, FOR_WRITING);
    if (typeof this.#access !== 'string') return this.#driver.connect(this.#access.content, FOR_WRITING);
    return this.#driver.connect(this.#access, FOR_READING);
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
  watch(connection: FileConnection): void {
    const filename = this.#filename;
    this.#connection = connection;
    const readPragma = (name: string) => connection.prepareValue(`PRAGMA ${name}`)();
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
      tellOfRecovery(this.#options.log, this.#driver.name, { location, offset: log.length, bytes: log.torn });
    }
    // The database has its commits now, if there were any.
    if (!this.#options.readOnly && existsSync(logPathOf(this.#filename))) removeLog(this.#filename);
    database.exec(`PRAGMA synchronous = ${this.#synchronous}`);
    this.#watched?.opened();
  }

  verify(): void {
    this.#claim?.verify();
    this.#watched?.verify();
  }

  prepareDataVersion(): () => number {
    const read = this.#connected.prepareValue('PRAGMA data_version');
    return () => Number(read());
  }

  openReader(): Reader {
    const database = this.isCopy
      ? this.#connected.openCopy()
      : this.#driver.connect(this.#filename, FOR_READING);
    return { database, close: () => database.close() };
  }

  openWriter(): Reader {
    this.verify(); // SQLite would make a file that is not there any more
    const database = this.#driver.connect(this.#filename, FOR_WRITING);
    try {
      database.exec(`PRAGMA synchronous = ${this.#synchronous}; PRAGMA foreign_keys = ON`);
      // Keys that come in no order change pages that were written already: fewer, the more of them stay.
      database.exec(`PRAGMA cache_size = ${CACHE}`);
      limitWal(database);
    } catch (error) {
      database.close();
      throw error;
    }
    return { database, close: () => database.close() };
  }

  beginLongWrite(database: SqliteDatabase): void {
    database.exec(`PRAGMA cache_size = ${LONG_WRITE_CACHE}`);
  }

  async endLongWrite(database: SqliteDatabase): Promise<void> {
    database.exec(`PRAGMA cache_size = ${CACHE}`);
    await tryToSync(`${this.#filename}-wal`); // SQLite holds no locks on it, which closing it would drop
  }

  /** What makes a commit as durable as asked for. */
  get #synchronous(): string {
    return this.#options.durability === 'machine-crash' ? 'FULL' : 'NORMAL';
  }

  get #connected(): FileConnection {
    if (this.#connection === undefined) throw closed();
    return this.#connection;
  }
}

/** Whether it holds a store of an earlier version. A connection that cannot be asked is closed. */
function isOlder(connection: FileConnection): boolean {
  try {
    if (connection.prepareValue('PRAGMA application_id')() !== APPLICATION_ID) return false;
    const version = Number(connection.prepareValue('PRAGMA user_version')());
    return version > 0 && version < SCHEMA_STEPS.length;
  } catch (error) {
    connection.close();
    throw error;
  }
}
