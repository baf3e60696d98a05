import type { StorageCapabilities, StorageError } from '@gati-framework/manifest-store';

/** A value of a column, as drivers take and give it. */
export type SqliteValue = string | number | null;

/** A row: its values in the order of the columns. Naming them for each row would cost more than reading it. */
export type SqliteRow = readonly SqliteValue[];

/** A prepared statement. Parameters are bound by position. */
export interface SqliteStatement {
  run(...params: SqliteValue[]): unknown;
  get(...params: SqliteValue[]): SqliteRow | undefined;
  all(...params: SqliteValue[]): SqliteRow[];
  iterate(...params: SqliteValue[]): IterableIterator<SqliteRow>;
}

/** As much of a synchronous SQLite driver as the store needs. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
}

/** Where the database comes from, and what its driver and its file are like. */
export interface SqliteHost {
  /** `better-sqlite3`, ... */
  readonly name: string;
  /** The file, as error messages name it. */
  readonly location: string;
  readonly capabilities: StorageCapabilities;
  readonly readOnly: boolean;
  open(): SqliteDatabase;
  close(database: SqliteDatabase): void;
  /**
   * Prepares the reading of `PRAGMA data_version`, which changes when another
   * connection commits; absent when no other connection can. It is read before
   * every cached answer, so it deserves the driver's fastest way.
   */
  prepareDataVersion?(database: SqliteDatabase): () => number;
  /**
   * A second connection for reading one moment of the store while writes go
   * on; absent when there can be none.
   */
  openReader?(): { readonly database: SqliteDatabase; close(): void };
  /** Throws `STORAGE_REPLACED` when the file is no longer the one that was opened. */
  verifyFile?(): void;
  /** The driver's error as a StorageError with the location and the remedy. */
  translate(error: unknown): StorageError;
}
