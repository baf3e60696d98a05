import { type StorageCapabilities, StorageError } from '@gati-framework/manifest-store';
import { type SqliteDatabase, type SqliteHost, translateSqliteError } from '@gati-framework/storage-sqlite';
import { errorCode } from '@gati-framework/storage-sqlite/files';
import {
  asDriver,
  assertSafeVersion,
  BetterSqlite3Database,
  claim,
  unclaim,
} from './better-sqlite3-database.js';
import { connect, DatabaseFile } from './database-file.js';
import { withoutBinary } from './load-driver.js';
import type { ResolvedOptions } from './options.js';

/** better-sqlite3 as the host of a store: opens the file or takes the caller's connection. */
export class BetterSqlite3Host implements SqliteHost {
  readonly name = 'better-sqlite3';
  readonly journalMode = 'WAL';
  readonly location: string;
  readonly capabilities: StorageCapabilities;
  readonly readOnly: boolean;
  readonly isLent: boolean;
  /** Absent for a database in memory. */
  readonly sharedFile: DatabaseFile | undefined;
  readonly #options: ResolvedOptions;

  constructor(options: ResolvedOptions) {
    const { filename, readOnly, database } = options;
    this.#options = options;
    this.location = filename;
    this.readOnly = readOnly;
    this.isLent = database !== undefined;
    const isFile = database === undefined ? filename !== ':memory:' : !database.memory;
    this.sharedFile = isFile ? new DatabaseFile(options) : undefined;
    this.capabilities = Object.freeze({
      commit: true,
      entries: true,
      watch: true,
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
      this.#letGo(asDriver(database));
    } finally {
      this.sharedFile?.release();
    }
  }

  translate(error: unknown): StorageError {
    const code = errorCode(error);
    if (code?.startsWith('SQLITE_')) return translateSqliteError(code, this.location, error);
    const missing = withoutBinary(error);
    if (missing !== undefined) return missing;
    const message = error instanceof Error ? error.message : String(error);
    return new StorageError('STORAGE_UNAVAILABLE', `${this.location} cannot be used: ${message}.`, {
      cause: error,
    });
  }

  #open(): SqliteDatabase {
    const { database: given, readOnly } = this.#options;
    if (given !== undefined) claim(given, this.location);
    const database =
      given ??
      this.sharedFile?.connect() ??
      connect(this.location, { readonly: readOnly, fileMustExist: readOnly });
    try {
      assertSafeVersion(database);
      // FULL until a log is taken over: it must not be removed before the disk has its commits.
      database.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
      this.sharedFile?.watch(database);
      return new BetterSqlite3Database(database);
    } catch (error) {
      this.#letGo(database);
      throw error;
    }
  }

  /** Closes a connection, unless it is the caller's. */
  #letGo(database: Parameters<typeof claim>[0]): void {
    if (database === this.#options.database) unclaim(database);
    else database.close();
  }
}
