import { type StorageCapabilities, StorageError } from '@gati-framework/manifest-store';
import type { SqliteDatabase } from '../sqlite-database.js';
import type { SqliteHost } from '../sqlite-host.js';
import { translateSqliteError } from '../translate-error.js';
import { BLOCKING_BUSY_TIMEOUT, CACHE, DatabaseFile } from './database-file.js';
import { FileConnection, type FileDriver } from './file-driver.js';
import { claimConnection, unclaimConnection } from './lent-connections.js';
import type { ResolvedFileOptions } from './options.js';
import { assertSafeVersion } from './safe-version.js';

/** The host of a store in a file that others may use: opens the file through a driver, or takes the caller's connection. */
export class SharedFileHost implements SqliteHost {
  readonly name: string;
  readonly journalMode = 'WAL';
  readonly location: string;
  readonly capabilities: StorageCapabilities;
  readonly readOnly: boolean;
  readonly isLent: boolean;
  /** Absent for a database in memory. */
  readonly sharedFile: DatabaseFile | undefined;
  readonly #driver: FileDriver;
  readonly #lent: FileConnection | undefined;

  constructor(driver: FileDriver, options: ResolvedFileOptions) {
    const { filename, isFile, readOnly, lent } = options;
    this.#driver = driver;
    this.#lent = lent;
    this.name = driver.name;
    this.location = filename;
    this.readOnly = readOnly;
    this.isLent = lent !== undefined;
    this.sharedFile = isFile ? new DatabaseFile(driver, options) : undefined;
    this.capabilities = Object.freeze({
      commit: true,
      entries: true,
      watch: true,
      history: true,
      lifecycle: true,
      persistent: isFile,
      multiProcess: isFile,
    });
  }

  get isCopy(): boolean {
    return this.sharedFile?.isCopy ?? false;
  }

  open(): SqliteDatabase {
    this.sharedFile?.acquire();
    try {
      return this.#open();
    } catch (error) {
      this.sharedFile?.release();
      throw error;
    }
  }

  close(database: SqliteDatabase): void {
    try {
      if (database instanceof FileConnection) this.#letGo(database);
    } finally {
      this.sharedFile?.release();
    }
  }

  translate(error: unknown): StorageError {
    const code = this.#driver.resultCode(error);
    if (code !== undefined) return translateSqliteError(code, this.location, error);
    const known = this.#driver.explain(error);
    if (known !== undefined) return known;
    const message = error instanceof Error ? error.message : String(error);
    return new StorageError('STORAGE_UNAVAILABLE', `${this.location} cannot be used: ${message}.`, {
      cause: error,
    });
  }

  #open(): SqliteDatabase {
    const lent = this.#lent;
    if (lent !== undefined) claimConnection(lent.handle, this.location);
    const connection = lent ?? this.sharedFile?.connect() ?? this.#connectToMemory();
    try {
      assertSafeVersion(this.#driver, connection);
      // FULL until a log is taken over: it must not be removed before the disk has its commits.
      connection.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
      // Drivers are built with different ones.
      if (lent === undefined) connection.exec(`PRAGMA cache_size = ${CACHE}`);
      this.sharedFile?.watch(connection);
      return connection;
    } catch (error) {
      this.#letGo(connection);
      throw error;
    }
  }

  #connectToMemory(): FileConnection {
    const { readOnly } = this;
    return this.#driver.connect(this.location, { readOnly, busyTimeout: BLOCKING_BUSY_TIMEOUT });
  }

  /** Closes a connection, unless it is the caller's. */
  #letGo(connection: FileConnection): void {
    if (connection === this.#lent) unclaimConnection(connection.handle);
    else connection.close();
  }
}
