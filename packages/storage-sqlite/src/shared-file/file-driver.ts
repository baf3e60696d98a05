import type { StorageError } from '@gati-framework/manifest-store';
import type { SqliteDatabase, SqliteRow, SqliteStatement, SqliteValue } from '../sqlite-database.js';

export interface ConnectOptions {
  /** Only read a file, which then has to be there. */
  readonly readOnly: boolean;
  /** How long SQLite itself may wait for a lock, in milliseconds. It blocks the event loop meanwhile. */
  readonly busyTimeout: number;
}

/** A synchronous SQLite driver that opens files: all in which the hosts of a shared file differ. */
export interface FileDriver {
  /** As in `storage.name`: `better-sqlite3`, ... */
  readonly name: string;
  /**
   * @param place The path of a file, `:memory:`, or what a database begins with that is this connection's alone.
   * @throws What the driver throws, or `STORAGE_DRIVER_MISSING`.
   */
  connect(place: string | Uint8Array, options: ConnectOptions): FileConnection;
  /** SQLite's result code by name, such as `SQLITE_BUSY`, of what a call of the driver threw; `undefined` when SQLite did not refuse it. */
  resultCode(error: unknown): string | undefined;
  /** What is wrong where it was not SQLite that refused, if that is known. */
  explain(error: unknown): StorageError | undefined;
  /** The error for a driver whose SQLite is too old to share a file, with what to install instead. */
  outdated(sqliteVersion: string): StorageError;
}

/** How far the copying of a database has come, in pages. */
export interface CopiedPages {
  readonly pages: number;
  readonly remaining: number;
}

/** A connection to a file, or to a database in memory. */
export abstract class FileConnection implements SqliteDatabase {
  /** What the driver calls a connection: the same object for each time that a caller lends it. */
  abstract readonly handle: object;
  abstract exec(sql: string): void;
  abstract prepare<Row extends SqliteRow = SqliteRow>(sql: string): SqliteStatement<Row>;
  /** The first value that a statement yields, such as a `PRAGMA`; read often, so in the driver's fastest way. */
  abstract prepareValue(sql: string): () => SqliteValue | undefined;
  /** Of a database that is this connection's alone, another one with the same content, only to read. */
  abstract openCopy(): FileConnection;
  /**
   * Copies the database page by page into a file that nobody else uses, in steps that leave turns of the event loop to others. In a
   * transaction that has read something the copy is of its moment, whatever other connections write.
   *
   * @param onStep Called after steps; what it throws ends the copying.
   */
  abstract backUp(path: string, onStep: (copied: CopiedPages) => void): Promise<void>;
  abstract close(): void;
}
