import type { StorageCapabilities, StorageError, StorageMessage } from '@gati-framework/manifest-store';
import type { MaybePromise } from '@gati-framework/storage-kit';
import type { LogBase, LogEntry } from './log/commit-log.js';
import type { SqliteDatabase } from './sqlite-database.js';

/**
 * Where the database comes from, and what its driver is like. This is all that
 * a database needs which nobody else can open and whose own transactions keep
 * it; a file that others use has a {@link SharedFile} beside it, and a database
 * in memory a {@link CommitKeeper} to outlive the process.
 */
export interface SqliteHost {
  /** `better-sqlite3`, ... */
  readonly name: string;
  /** The file, as error messages name it. */
  readonly location: string;
  readonly capabilities: StorageCapabilities;
  readonly readOnly: boolean;
  /** Set at each writable open: `WAL` where several connections share a file, `MEMORY` where there is no file. */
  readonly journalMode: 'WAL' | 'MEMORY';
  /** Only this process sees the database: also one that is only read may be brought to the current version. */
  readonly isCopy?: boolean;
  /**
   * The connection is the caller's, who may use it at any moment: so a transaction ends in the turn of the event
   * loop in which it begins, however long it is.
   */
  readonly isLent?: boolean;
  open(): MaybePromise<SqliteDatabase>;
  close(database: SqliteDatabase): MaybePromise<void>;
  /** The driver's error as a StorageError with the location and the remedy. */
  translate(error: unknown): StorageError;
  readonly sharedFile?: SharedFile | undefined;
  readonly keeper?: (CommitKeeper & StorePlace) | undefined;
}

/** What a host learns of the store that it opened. */
export interface OpenedStore {
  readonly database: SqliteDatabase;
  readonly head: LogBase;
  /** The log that was replayed: bytes that hold commits, and bytes of a write that was never finished. */
  readonly log: { readonly length: number; readonly torn: number } | undefined;
  /** Whether the opening has changed what no log tells of: the version of the schema, or how much of the past is kept. */
  readonly isAltered: boolean;
}

/** The place of a store, where other programs may have been and may come. */
export interface StorePlace {
  /** The commit log beside the database, whose commits may not be in the database yet. Asked after `open()`. */
  readLog(): { readonly content: Uint8Array; readonly location: string } | undefined;
  /** The store is there, and holds what the log held. */
  opened(store: OpenedStore): MaybePromise<void>;
  /** Throws `STORAGE_REPLACED` when what is there is no longer what was opened. */
  verify(): void;
}

/** A file that several connections use at once, those of other processes among them. */
export interface SharedFile extends StorePlace {
  /**
   * Prepares the reading of `PRAGMA data_version`, which changes when another
   * connection commits. It is read before every cached answer, so it deserves
   * the driver's fastest way.
   */
  prepareDataVersion(database: SqliteDatabase): () => number;
  /** A second connection, for reading one moment of the store while writes go on. */
  openReader(): Reader;
  /** A further connection, for one long write of which others see nothing until it is committed. */
  openWriter(): Reader;
  /** A transaction goes on in further turns: what it writes should go to the file as it is written, not all at its end. */
  beginLongWrite(database: SqliteDatabase): void;
  /** All of it is written, and the transaction is to end: what has to reach the disk should have, without blocking. */
  endLongWrite(database: SqliteDatabase): MaybePromise<void>;
}

/** A connection beside the one that `open()` has made. */
export interface Reader {
  readonly database: SqliteDatabase;
  close(): void;
}

/** Keeps the commits of a database that cannot make them durable itself. */
export interface CommitKeeper {
  /** What a write has to wait for, if anything: what is kept is just being put in order. */
  whenReady(): MaybePromise<void>;
  /**
   * Makes commits safe before the transaction that holds them is committed.
   * Whoever reads waits for the promise. When it rejects, they are not in the
   * log, or what is appended next takes their place.
   *
   * @returns Whether they are in a log now that an opening replays: from here on they are committed, whatever fails.
   */
  keep(entries: readonly LogEntry[]): MaybePromise<boolean>;
  /**
   * The transaction is committed. When this fails, the store is opened anew,
   * so that it holds what is kept and nothing else; that tells also whether
   * the commits are.
   */
  committed(head: LogBase): MaybePromise<void>;
  /** Closes a database that is not what is kept: nothing of it may be saved. */
  discard(database: SqliteDatabase): MaybePromise<void>;
}

/** Of a store that is nowhere but in its connection. */
const NOWHERE: StorePlace = {
  readLog: () => undefined,
  opened: () => {},
  verify: () => {},
};

/** As messages of the tracing channels name a store. */
export function nameOf({
  name,
  location,
  capabilities,
}: Pick<SqliteHost, 'name' | 'location' | 'capabilities'>): Pick<StorageMessage, 'backend' | 'store'> {
  return { backend: name, store: capabilities.persistent ? location : undefined };
}

export function placeOf({ sharedFile, keeper }: SqliteHost): StorePlace {
  return sharedFile ?? keeper ?? NOWHERE;
}

/** Of a host whose database keeps its commits itself, a keeper that has nothing to do. */
export function keeperOf(host: SqliteHost): CommitKeeper {
  if (host.keeper !== undefined) return host.keeper;
  return {
    whenReady: () => {},
    keep: () => false,
    committed: () => {},
    discard: (database) => host.close(database),
  };
}
