import type { RecordKind, Revision } from '../contract/storage.js';

/**
 * What every message tells. A piece of work has one message, which goes through all of its events and is filled in
 * on the way. No message holds a record, a key, a note or a secret.
 */
export interface StorageMessage {
  /** The name of the storage: `memory`, `better-sqlite3`, `postgres`, ... */
  readonly backend: string;
  /** Which store: the path of its file, or its database and schema (`shop|gati`). Absent where it is nowhere but in memory. */
  readonly store?: string | undefined;
  /** How long it took, in milliseconds: set before its last event and never earlier, so that it tells which one is the last. */
  duration?: number;
  /** Why it failed, from the event `error` on: a StorageError, but for what an iterator of the caller's threw. */
  error?: unknown;
}

/** What was waited for, in milliseconds, as far as it took any and the backend can tell it from the work itself. */
export interface StorageWaits {
  /** For the end of the turn and of the group before, which others share as well. */
  group?: number;
  /** For another writer. */
  lock?: number;
  /** For a connection of the pool, which may have had to be made. */
  connection?: number;
}

/**
 * What was looked up. `get`: a record by its key. `latest`: the latest manifest of a handler. `versions`: all of them.
 * `list`: every record of a kind. `between`: the transformers between two versions. The others read a page each:
 * `scan` of `entries()`, `log` of `log()`, `history` of what watchers follow. `state`: the revision and the counts.
 */
export type ReadOperation =
  | 'get'
  | 'latest'
  | 'versions'
  | 'list'
  | 'between'
  | 'scan'
  | 'log'
  | 'history'
  | 'state';

/** A look-up, or one page of a longer reading. */
export interface StorageReadMessage extends StorageMessage {
  readonly operation: ReadOperation;
  /** Absent where it is not about one kind. */
  readonly kind?: RecordKind | undefined;
  /** Whether the database was not asked. Absent where nothing is cached: in memory, and for pages. */
  readonly cacheHit?: boolean | undefined;
  readonly waited: StorageWaits;
  /** How many records were found, or commits where commits are read. */
  rows?: number;
  /** Of their text in the database, in UTF-16 code units; absent where none was read. */
  bytes?: number;
}

/** A commit as its caller sees it: from the call until it is answered. What cannot be stored is refused before, and is none. */
export interface StorageCommitMessage extends StorageMessage {
  /** Where all changes are of one. */
  readonly kind?: RecordKind | undefined;
  /** How many changes it makes; absent while they are taken from an iterator. */
  readonly batchSize?: number | undefined;
  readonly waited: StorageWaits;
  /** Of the text of the records, in UTF-16 code units; absent in memory and from an iterator. */
  bytes?: number;
  /** Which one it became. */
  revision?: Revision;
}

/** One transaction, in which all commits are made that arrived together. There are none in memory. */
export interface StorageGroupMessage extends StorageMessage {
  /** What is told of its commits: of those that began while somebody listened. */
  readonly commits: readonly StorageCommitMessage[];
  /** How many commits it makes. */
  readonly batchSize: number;
  /** How many changes they make; absent while they are taken from an iterator. */
  readonly changes?: number | undefined;
  readonly waited: StorageWaits;
}

/** The opening of a store, with what it needs: migrations, taking over a log, finding the server. There is none in memory. */
export interface StorageOpenMessage extends StorageMessage {
  /** Where the store is. */
  revision?: Revision;
}

/**
 * What others have committed. `ask`: the database is asked for it, again and again, which tells also where that fails (in
 * PostgreSQL). `hear`: something was found, and what it made outdated is forgotten.
 */
export interface StorageFeedMessage extends StorageMessage {
  readonly operation: 'ask' | 'hear';
  /** Up to where it is known now. */
  revision?: Revision;
  /** How many records others have changed; `all` where that is not told one by one. */
  changes?: number | 'all';
  /** The store was restored or exchanged. */
  isReplaced?: boolean;
}

/** A log of commits becomes a new snapshot (sql.js). */
export interface StorageFoldMessage extends StorageMessage {
  /** Of the snapshot. */
  readonly bytes: number;
}

/** Old commits are forgotten. */
export interface StorageTrimMessage extends StorageMessage {
  /** How many changes went. */
  changes?: number;
}

/** The tables are brought to the version of this library; a new store comes from version 0. */
export interface StorageMigrateMessage extends StorageMessage {
  readonly from: number;
  readonly to: number;
}

/** The message of each tracing channel, by its name for `tracingChannel()` of `node:diagnostics_channel`. */
export interface StorageMessages {
  'gati:storage:read': StorageReadMessage;
  'gati:storage:commit': StorageCommitMessage;
  'gati:storage:group': StorageGroupMessage;
  'gati:storage:open': StorageOpenMessage;
  'gati:storage:feed': StorageFeedMessage;
  'gati:storage:fold': StorageFoldMessage;
  'gati:storage:trim': StorageTrimMessage;
  'gati:storage:migrate': StorageMigrateMessage;
}
