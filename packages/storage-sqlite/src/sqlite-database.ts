import type { StorageCapabilities, StorageError } from '@gati-framework/manifest-store';
import type { MaybePromise } from '@gati-framework/storage-kit';
import type { LogBase, LogEntry } from './log/commit-log.js';

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

/** What a host learns of the store that it opened. */
export interface OpenedStore {
  readonly database: SqliteDatabase;
  readonly head: LogBase;
  /** The log that was replayed: bytes that hold commits, and bytes of a write that was never finished. */
  readonly log: { readonly length: number; readonly torn: number } | undefined;
}

/** Where the database comes from, and what its driver and its file are like. */
export interface SqliteHost {
  /** `better-sqlite3`, ... */
  readonly name: string;
  /** The file, as error messages name it. */
  readonly location: string;
  readonly capabilities: StorageCapabilities;
  readonly readOnly: boolean;
  /** Set at each writable open: `WAL` where several connections share a file, `MEMORY` where there is no file. */
  readonly journalMode: 'WAL' | 'MEMORY';
  open(): MaybePromise<SqliteDatabase>;
  close(database: SqliteDatabase): MaybePromise<void>;
  /** As close(), for a database that is not what is kept: nothing of it may be saved. Absent where close() saves nothing. */
  discard?(database: SqliteDatabase): MaybePromise<void>;
  /** The commit log beside the database, whose commits may not be in the database yet. Asked after open(). */
  readLog?(): { readonly content: Uint8Array; readonly location: string } | undefined;
  /** The store is there, and holds what the log held. */
  opened?(store: OpenedStore): MaybePromise<void>;
  /** A write is about to begin. */
  beforeWriting?(): MaybePromise<void>;
  /**
   * Makes commits safe before the transaction that holds them is committed, for
   * a database that cannot do that itself. Whoever reads waits for the promise.
   * When it rejects, they are not in the log, or what is appended next takes
   * their place.
   *
   * @returns Whether they are in a log now that an opening replays: from here on they are committed, whatever fails.
   */
  beforeCommit?(entries: readonly LogEntry[]): MaybePromise<boolean>;
  /**
   * The transaction is committed. When this fails, the store is opened anew,
   * so that it holds what is kept and nothing else; that tells also whether
   * the commits are.
   */
  afterCommit?(head: LogBase): MaybePromise<void>;
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
