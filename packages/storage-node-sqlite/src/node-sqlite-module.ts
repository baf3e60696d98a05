import type { SqliteValue } from '@gati-framework/storage-sqlite';

// What is used of `node:sqlite`, in types of its own: @types/node of Node.js 20 do not know it, and a program of
// Node.js 20 may still name this package.

/** A `StatementSync` of `node:sqlite`. */
export interface NodeSqliteStatement {
  run(...params: SqliteValue[]): unknown;
  get(...params: SqliteValue[]): unknown;
  all(...params: SqliteValue[]): unknown[];
  iterate(...params: SqliteValue[]): Iterator<unknown>;
  setReturnArrays(enabled: boolean): void;
  setReadBigInts(enabled: boolean): void;
}

/** A `DatabaseSync` of `node:sqlite`. */
export interface NodeSqliteDatabase {
  readonly isOpen: boolean;
  exec(sql: string): void;
  prepare(sql: string): NodeSqliteStatement;
  close(): void;
  location(): string | null;
}

/** What later versions can do beside that. */
export interface SerializableDatabase extends NodeSqliteDatabase {
  serialize(): Uint8Array;
  deserialize(content: Uint8Array): void;
}

export interface NodeSqliteOptions {
  readonly readOnly: boolean;
  /** Of SQLite's busy handler, in milliseconds. */
  readonly timeout: number;
  readonly allowExtension: false;
  /** Where Node.js knows it: whatever SQL is run, it cannot damage the file. */
  readonly defensive: true;
}

/** Copies a database into a file, step by step. */
export type BackupFunction = (
  source: NodeSqliteDatabase,
  path: string,
  options: {
    readonly rate: number;
    readonly progress: (copied: { readonly totalPages: number; readonly remainingPages: number }) => void;
  },
) => Promise<number>;

export interface NodeSqlite {
  /** Absent in other runtimes. */
  readonly backup?: BackupFunction;
  readonly DatabaseSync: new (path: string, options: NodeSqliteOptions) => NodeSqliteDatabase;
}

export function isSerializable(database: NodeSqliteDatabase): database is SerializableDatabase {
  return 'serialize' in database && 'deserialize' in database;
}
