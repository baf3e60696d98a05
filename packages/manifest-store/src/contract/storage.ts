import type {
  GType,
  HandlerManifest,
  HookManifest,
  TimescapeMetadata,
  Transformer,
  VersionGraph,
} from './records.js';
import type { StorageContract, StorageStats } from './storage-contract.js';
import type { StorageError } from './storage-error.js';
import type { StorageFigures } from './storage-figures.js';

/** The record type of each kind. */
export interface RecordTypes {
  manifest: HandlerManifest;
  hookManifest: HookManifest;
  gtype: GType;
  transformer: Transformer;
  versionGraph: VersionGraph;
  timescapeMetadata: TimescapeMetadata;
}

export type RecordKind = keyof RecordTypes;

/** The key fields of each kind. */
export interface RecordKeys {
  manifest: { readonly handlerId: string; readonly version: string };
  hookManifest: { readonly handlerId: string };
  gtype: { readonly ref: string };
  transformer: { readonly id: string };
  versionGraph: { readonly handlerId: string };
  timescapeMetadata: { readonly handlerId: string; readonly version: string };
}

/**
 * Number of a commit. The first commit of a store is 1 and each further one is
 * the next integer, in the order in which commits become visible; 0 is the empty store.
 */
export type Revision = number;

/** Which record: `{ kind: 'manifest', key: { handlerId: 'users', version: '1.0.0' } }`. */
export type RecordKey<K extends RecordKind = RecordKind> = {
  [P in K]: { readonly kind: P; readonly key: RecordKeys[P] };
}[K];

/** A record, its key, and the revision of the commit that last wrote it. */
export type Entry<K extends RecordKind = RecordKind> = {
  [P in K]: {
    readonly kind: P;
    readonly key: RecordKeys[P];
    readonly value: RecordTypes[P];
    readonly revision: Revision;
  };
}[K];

export type PutChange<K extends RecordKind = RecordKind> = {
  [P in K]: { readonly put: P; readonly value: RecordTypes[P] };
}[K];

export type DeleteChange<K extends RecordKind = RecordKind> = {
  [P in K]: { readonly delete: P; readonly key: RecordKeys[P] };
}[K];

/** Removes every record of every kind. */
export interface ClearChange {
  readonly clear: true;
}

/**
 * One step of a commit. Steps are applied in order. Deleting an absent record
 * is allowed; a record deleted and put again takes a new place in every order.
 */
export type Change = PutChange | DeleteChange | ClearChange;

/**
 * What must be true of a record for a commit to happen: that it was last
 * written by the commit `revision`, or, with `null`, that it is absent.
 * An {@link Entry} is a valid expectation: "nobody has written this since I read it".
 */
export type Expectation = RecordKey & { readonly revision: Revision | null };

export interface CommitOptions {
  /** Checked together with the commit, atomically; a miss is `STORAGE_CONFLICT` and nothing is changed. */
  expect?: readonly Expectation[];
  /**
   * The revision that the store must be at: nobody has committed anything since. Checked as `expect` is.
   * For storages with the capability `history`; others refuse it with `INVALID_OPTIONS`.
   */
  expectRevision?: Revision;
  /**
   * Who commits this and why, for those who read it in `watch` and `log`. At most 1 KiB of UTF-8. A commit
   * without changes keeps none. For storages with the capability `history`; others refuse it with `INVALID_OPTIONS`.
   */
  note?: string;
}

export interface ReadOptions {
  /**
   * As it was right after this commit. `STORAGE_COMPACTED` for a revision that the kept history does not reach
   * or that the store never had. For storages with the capability `history`; others refuse it with `INVALID_OPTIONS`.
   */
  at?: Revision;
}

/** One step of a commit as {@link Storage.watch} reports it. */
export type StorageChange =
  | {
      [P in RecordKind]: {
        readonly put: P;
        readonly key: RecordKeys[P];
        readonly value: RecordTypes[P];
      };
    }[RecordKind]
  | DeleteChange
  | ClearChange;

/** One commit, whole. */
export interface StorageEvent {
  readonly revision: Revision;
  /** Milliseconds since the epoch, by the clock of the process that committed. */
  readonly committedAt: number;
  /** What was given to {@link CommitOptions.note}. */
  readonly note?: string;
  /** In the order in which they were applied. */
  readonly changes: readonly StorageChange[];
}

/** One step of a commit as {@link Storage.log} tells it: which record, without its value. */
export type LoggedStep =
  | { [P in RecordKind]: { readonly put: P; readonly key: RecordKeys[P] } }[RecordKind]
  | DeleteChange
  | ClearChange;

/** A commit of the past, without values. */
export interface LogEntry {
  readonly revision: Revision;
  /** Milliseconds since the epoch, by the clock of the process that committed. */
  readonly committedAt: number;
  /** What was given to {@link CommitOptions.note}. */
  readonly note?: string;
  /** How many changes the commit made. */
  readonly changeCount: number;
  /** The first of them, in the order in which they were applied: at most {@link LogOptions.maxChanges}. */
  readonly changes: readonly LoggedStep[];
}

export interface LogOptions {
  /** Only commits after this revision; `STORAGE_COMPACTED` if some of them are no longer kept, or the store never had it. */
  after?: Revision;
  /** Only commits before this revision. */
  before?: Revision;
  /** At most so many commits. Default: all that are kept. */
  limit?: number;
  /** Newest first. Default: oldest first. */
  reverse?: boolean;
  /** Most changes that an entry lists, as a commit may have a million. Default: 1,000. */
  maxChanges?: number;
}

/** As much of an `AbortSignal` as is needed, so that no environment's types are. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface WatchOptions {
  /** Deliver every commit after this revision; absent: every commit after the call. `0` replays all history. */
  after?: Revision;
  /** Ends the iteration (it is done, it does not throw). */
  signal?: AbortSignalLike;
  /**
   * Called for each record that cannot be read: `STORAGE_UNSUPPORTED` when it holds what this
   * runtime cannot represent, `STORAGE_CORRUPT` when it is damaged; `details` tell kind, key and
   * revision. The change is left out then. Absent: the iteration throws that error.
   */
  onUnreadable?: (error: StorageError) => void;
}

export interface EntryFilter {
  /** Only these kinds. */
  kinds?: readonly RecordKind[];
  /** Only records of this handler. GTypes belong to no handler. */
  handlerId?: string;
  /** As they were right after this commit, see {@link ReadOptions.at}. Default: as they are now. */
  at?: Revision;
  /**
   * Called for each record that cannot be read: `STORAGE_UNSUPPORTED` when it holds what this
   * runtime cannot represent, `STORAGE_CORRUPT` when it is damaged; `details` tell kind, key and
   * revision. The record is left out then. Absent: the iteration throws that error.
   */
  onUnreadable?: (error: StorageError) => void;
}

/**
 * What a storage can do beyond {@link StorageContract}. The conformance suite
 * skips a group of cases only when the capability it needs is `false` here, so
 * this is also the documentation of what is missing. A storage without
 * `capabilities` promises the contract and no more.
 */
export interface StorageCapabilities {
  /** `commit`, `get` and `stats`: atomic batches, compare-and-set, revisions. */
  readonly commit: boolean;
  /** `entries`. */
  readonly entries: boolean;
  /** `watch`. */
  readonly watch: boolean;
  /** The past: `log`, `at` of `get` and `entries`, `note` and `expectRevision` of `commit`, `oldestRevision` of `stats`. Absent: no. */
  readonly history?: boolean;
  /** `open`, `close`, `health` and `Symbol.asyncDispose`. */
  readonly lifecycle: boolean;
  /** Records outlive the storage object and the process. */
  readonly persistent: boolean;
  /** Several processes may have the same store open at once. */
  readonly multiProcess: boolean;
}

export interface StorageHealth extends Omit<StorageFigures, 'bytes'> {
  readonly status: 'ok' | 'failed';
  /** Revision that the store answered with; absent when it did not answer. */
  readonly revision?: Revision;
  /** How long the answer took, in milliseconds. */
  readonly latency: number;
  /** Why `status` is `failed`. */
  readonly error?: StorageError;
}

/**
 * Everything that the storages of this project offer beyond the contract.
 *
 * Lifecycle: a factory returns at once and the storage opens on first use.
 * `open()` opens now, to fail early; a failed opening is tried again by the next
 * call. `close()` waits for every write that was accepted, may be called twice,
 * and afterwards every call rejects with `STORAGE_CLOSED`.
 */
export interface Storage extends StorageContract, AsyncDisposable {
  /** `memory`, `better-sqlite3`, ... */
  readonly name: string;
  readonly capabilities: StorageCapabilities;
  open(): Promise<void>;
  close(): Promise<void>;
  /**
   * Applies all changes or none, seen by readers whole or not at all, and
   * resolves with the revision of the commit (when durable, if the storage is
   * persistent). Without changes it only checks the expectations, and resolves
   * with the current revision.
   *
   * @param changes From an iterator they are taken as they come, and still are one commit: seen in one
   *   step, or not at all when the iterator or a change fails. For more than memory should hold; SQLite and PostgreSQL
   *   keep a few MiB of them at a time, others gather them first. Whoever else commits waits
   *   meanwhile, so an iterator that itself waits for a commit to the same store may wait for ever. `close()` waits for
   *   the iterator, or ends the commit with `STORAGE_CLOSED`. A watcher is not told a commit of more than 256 MiB: its
   *   iteration ends with `STORAGE_COMPACTED`.
   */
  commit(changes: readonly Change[] | AsyncIterable<Change>, options?: CommitOptions): Promise<Revision>;
  /** A record with its revision. */
  get<K extends RecordKind>(key: RecordKey<K>, options?: ReadOptions): Promise<Entry<K> | undefined>;
  /**
   * Every record, as of one moment: grouped by kind, within a kind in
   * first-stored order. Writes during the iteration are not seen.
   */
  entries(filter?: EntryFilter): AsyncIterableIterator<Entry>;
  /**
   * Commits, in order, none skipped, none twice. Ends with `STORAGE_COMPACTED`
   * when the next commit is no longer in the kept history, which also happens
   * to a consumer that is too slow. `abort` and `close()` end it without an error.
   */
  watch(options?: WatchOptions): AsyncIterableIterator<StorageEvent>;
  /**
   * The commits that are kept, without their values, oldest first unless asked otherwise, as of the moment of the
   * call. Where older ones leave the history meanwhile, an iteration that comes to them ends with
   * `STORAGE_COMPACTED`; newest first, it ends there.
   */
  log(options?: LogOptions): AsyncIterableIterator<LogEntry>;
  /**
   * Counts and revision, asked of the store itself. `oldestRevision` is the first that `at` and `after` can name; absent without
   * the capability `history`. The rest says how the storage does, as far as its backend tells.
   */
  stats(): Promise<StorageStats & StorageFigures & { revision: Revision; oldestRevision?: Revision }>;
  /** Whether the store answers. Rejects only after `close()`. */
  health(): Promise<StorageHealth>;
}
