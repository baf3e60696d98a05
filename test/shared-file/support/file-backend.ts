import type { Storage } from '@gati-framework/manifest-store';
import type { BackupOptions, BackupReport } from '@gati-framework/manifest-store/backend';
import type { FileDriver, FileOptions, TuningOptions } from '@gati-framework/storage-sqlite/shared-file';

/** The driver's own connection, which looks at a file or changes it behind a storage's back. */
export interface RawConnection {
  /** As the option `database` takes it. */
  readonly handle: object;
  readonly isOpen: boolean;
  readonly isInTransaction: boolean;
  exec(sql: string): void;
  /** As objects. */
  rows(sql: string, ...params: string[]): object[];
  /** The first column of the first row. */
  value(sql: string): unknown;
  /** Copies the database into another file, over what is there. */
  backup(filename: string): Promise<void>;
  close(): void;
}

export interface ConnectionOptions {
  readonly readOnly?: boolean;
  /** Yields bigints and objects unless told otherwise. */
  readonly bigInts?: boolean;
  /** In milliseconds. Default: 5,000. */
  readonly busyTimeout?: number;
}

interface LendingOptions extends TuningOptions {
  readonly connection: RawConnection;
}

/** A package that keeps a store in a SQLite file which several connections share. */
export interface FileBackend {
  /** As in `storage.name`. */
  readonly name: string;
  readonly package: string;
  /** The factory that the package exports. */
  readonly factory: string;
  create(options: FileOptions): Storage;
  /** A storage on a connection of the caller. */
  createOn(options: LendingOptions): Storage;
  /** Of what no type allows. */
  createUnchecked(options: unknown): Storage;
  connect(filename: string, options?: ConnectionOptions): RawConnection;
  backUp(filename: string, target: string, options?: BackupOptions): Promise<BackupReport>;
  /** What the package gives to the host of a shared file. */
  readonly driver: FileDriver;
  /** The prototype of the driver's statements, for faults. */
  readonly statements: FaultyStatements;
}

export interface FaultyStatements {
  readonly prototype: Record<'get' | 'all' | 'run', (...params: unknown[]) => unknown>;
  /** The text of a statement. */
  source(statement: object): string;
  /** What the driver throws for a result code of SQLite. */
  error(code: string): Error;
}
