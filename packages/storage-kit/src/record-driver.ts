import type {
  RecordKind,
  Revision,
  StorageCapabilities,
  StorageError,
  StorageFigures,
  StorageWaits,
} from '@gati-framework/manifest-store';
import type {
  KeyTuple,
  LogRange,
  MaybePromise,
  PreparedExpectation,
} from '@gati-framework/manifest-store/backend';

export type { LogRange, MaybePromise };

/**
 * Bound for the text of a page that a driver reads, of history or of a scan, in
 * UTF-16 code units. A page may hold less, and holds more only when its one
 * commit or record does.
 */
export const PAGE_BYTES: number = 4 * 1024 * 1024;

/** A commit with more text than this is told to no watcher, who would have to hold all of it, in UTF-16 code units. */
export const LARGEST_TOLD_COMMIT: number = 256 * 1024 * 1024;

/** A record as text, the way a database holds it. */
export interface EncodedValue {
  /** `json`: plain JSON. `devalue`: the lossless format of the devalue library, for what JSON cannot carry. */
  readonly encoding: 'json' | 'devalue';
  readonly text: string;
  /** Of `text`; tells at read time whether the database still holds what was stored. */
  readonly digest: number;
}

export interface StoredRecord extends EncodedValue {
  readonly kind: RecordKind;
  readonly key: KeyTuple;
  readonly revision: Revision;
}

export interface EncodedPut extends EncodedValue {
  readonly op: 'put';
  readonly kind: RecordKind;
  readonly key: KeyTuple;
  /** Columns that records are found and ordered by, from the record itself. */
  readonly columns: EncodedColumns;
}

/** Values of the lookup fields of the kind, and its `createdAt` when it has one. */
export interface EncodedColumns {
  readonly lookup: readonly string[];
  readonly createdAt: number | undefined;
}

export type EncodedChange =
  | EncodedPut
  | { readonly op: 'delete'; readonly kind: RecordKind; readonly key: KeyTuple }
  | { readonly op: 'clear' };

/** What a commit comes with beside its changes. */
export interface CommitTerms {
  readonly expect: readonly PreparedExpectation[];
  /** The revision that the store must be at; only for a driver with {@link RecordDriver.past}. */
  readonly expectRevision?: Revision | undefined;
  /** At most 1 KiB of UTF-8; only for a driver with {@link RecordDriver.past}. */
  readonly note?: string | undefined;
}

export interface EncodedCommit extends CommitTerms {
  readonly changes: readonly EncodedChange[];
}

/** A commit became a revision, or was refused alone: `STORAGE_CONFLICT`. */
export type CommitOutcome =
  | { readonly revision: Revision; readonly error?: undefined }
  | { readonly revision?: undefined; readonly error: StorageError };

/** What a store knows about itself. */
export interface StoreState {
  readonly revision: Revision;
  readonly counts: Readonly<Record<RecordKind, number>>;
}

/** What became of a group of commits, and the store after it. */
export interface CommitAnswer {
  /** One for each commit, in order. */
  readonly outcomes: readonly CommitOutcome[];
  readonly state: StoreState;
}

/** What the change log holds about one change; a cleared store is logged as one change. */
export type LoggedChange =
  | ({ readonly op: 'put'; readonly kind: RecordKind; readonly key: KeyTuple } & EncodedValue)
  | { readonly op: 'delete'; readonly kind: RecordKind; readonly key: KeyTuple }
  | { readonly op: 'clear' };

export interface LoggedCommit {
  readonly revision: Revision;
  readonly committedAt: number;
  readonly note?: string | undefined;
  readonly changes: readonly LoggedChange[];
}

/** A commit as the log tells it: {@link LoggedCommit} without values, and perhaps without some of its changes. */
export interface LoggedSummary {
  readonly revision: Revision;
  readonly committedAt: number;
  readonly note?: string | undefined;
  /** Of the whole commit. */
  readonly changeCount: number;
  /** The first of them. */
  readonly changes: readonly LoggedKey[];
}

/** Which record a change put or deleted. */
export type LoggedKey =
  | { readonly op: 'put' | 'delete'; readonly kind: RecordKind; readonly key: KeyTuple }
  | { readonly op: 'clear' };

/** What a driver tells of the past: everything from {@link AskedState.oldestRevision} on. */
export interface RecordPast {
  /** The record as it was right after the commit `at`. Throws `STORAGE_COMPACTED` (see `notKept`). */
  read(kind: RecordKind, key: KeyTuple, at: Revision): MaybePromise<StoredRecord | undefined>;
  /** As {@link RecordDriver.scan}, of the store as it was right after the commit `at`. Throws as `read` does. */
  scan(filter: ScanFilter, at: Revision): AsyncIterable<readonly StoredRecord[]>;
  /**
   * At most `limit` commits of a range, in the order that it asks for; none only when there are none. A page is
   * bounded as that of {@link RecordDriver.history}, by its keys. Throws `STORAGE_COMPACTED` for an `after`
   * as `history` does.
   */
  log(range: LogRange): MaybePromise<readonly LoggedSummary[]>;
}

/** What a store says when it is asked. */
export interface AskedState extends StoreState {
  /** The first revision that the past can be read at; absent where the driver has no {@link RecordDriver.past}. */
  readonly oldestRevision?: Revision;
}

/** The lookups of the contract. `params` are validated keys. */
export type QueryName =
  /** The record of `kind` whose key is `params`. */
  | 'byKey'
  /** The last of `manifestVersions`. */
  | 'latestManifest'
  /** Manifests of handler `params[0]`, ascending by (createdAt, first stored). */
  | 'manifestVersions'
  /** All hook manifests, in first-stored order. */
  | 'hookManifests'
  /** Transformers of (handlerId, fromVersion, toVersion), in first-stored order. */
  | 'transformersBetween';

export type RecordQuery =
  | { readonly name: 'byKey'; readonly kind: RecordKind; readonly params: KeyTuple }
  | {
      readonly name: Exclude<QueryName, 'byKey'>;
      readonly kind: RecordKind;
      readonly params: readonly string[];
    };

export interface ScanFilter {
  readonly kinds: readonly RecordKind[];
  readonly handlerId: string | undefined;
}

/** How a driver tells what others have committed. */
export interface DriverListener {
  /** `keys` are the records that may have changed, or `all`. */
  changed(state: StoreState, keys: readonly { kind: RecordKind; key: KeyTuple }[] | 'all'): void;
  /** The store was restored from a backup or exchanged: `state` does not follow from what was told before. */
  replaced(state: StoreState): void;
  /** Something failed that is no error of any call, such as what follows the commits of others. */
  failed?(error: unknown): void;
}

/** How a driver does, told without asking its database. */
export type DriverFigures = Pick<StorageFigures, 'feed' | 'connections'>;

/**
 * What differs between databases. A driver sees only validated, encoded input,
 * throws only StorageErrors, and keeps no records of its own: RecordStorage
 * does the caching, grouping, decoding and watching over it.
 */
export interface RecordDriver {
  readonly name: string;
  /**
   * Which store, as messages of the tracing channels name it: the path of its file, or its database and schema. No URL,
   * user or password. Absent where it is nowhere but in memory.
   */
  readonly location?: string | undefined;
  readonly capabilities: StorageCapabilities;
  open(listener: DriverListener): MaybePromise<StoreState>;
  /** Called once, after the last commit was answered. */
  close(): MaybePromise<void>;
  /**
   * Tells the listener what others have committed, where that can be found without waiting.
   * Called before each answer that comes from the cache.
   *
   * @returns Whether what is cached may be served now.
   */
  catchUp(): boolean;
  /** @param waited Given where somebody is told what was waited for: the driver adds to it, in milliseconds. */
  read(query: RecordQuery, waited?: StorageWaits): MaybePromise<readonly StoredRecord[]>;
  /**
   * Applies the commits in order in one transaction and makes them durable.
   * A commit whose expectations do not hold is left out and reported; any other
   * failure throws, and none of them happened.
   *
   * @param onCommitted For a driver whose other answers show the commits before this one arrives, as a promise
   *   does some steps later: called with the answer in the step in which they begin to, so that nobody finds what is
   *   cached older than what was read.
   * @param waited As that of {@link read}.
   */
  commit(
    commits: readonly EncodedCommit[],
    onCommitted?: (answer: CommitAnswer) => void,
    waited?: StorageWaits,
  ): MaybePromise<CommitAnswer>;
  /**
   * Pages of records as of one moment: by kind, within a kind in first-stored
   * order. The text of a page is bounded by {@link PAGE_BYTES}, or is that of
   * one record.
   */
  scan(filter: ScanFilter): AsyncIterable<readonly StoredRecord[]>;
  /**
   * At most `limit` commits after `after`, oldest first; none only when there
   * are none. Their text is bounded by {@link PAGE_BYTES}, or is that of one
   * commit: fewer commits than `limit` do not mean that no more follow. Throws
   * `STORAGE_COMPACTED`.
   */
  history(after: Revision, limit: number): MaybePromise<readonly LoggedCommit[]>;
  /** Asks the database, not the process. */
  state(): MaybePromise<AskedState>;
  /** Called at any time, also before it is open and after it was closed. */
  figures?(): DriverFigures;
  /** What the store takes in its database, in bytes; nothing where that cannot be told. */
  size?(): MaybePromise<number | undefined>;
  /** Present where `capabilities.history` is. */
  readonly past?: RecordPast;
  /**
   * Applies one commit, as {@link commit} does, from changes that come in batches of a few MiB, in memory that is bounded by them.
   * Whoever else commits waits until it is done; `terms` are checked before the first batch is taken, and hold until then. When
   * `batches` throws, nothing has happened. Without any change it is a commit without changes. Absent: they are gathered for `commit`.
   */
  commitStream?(
    batches: AsyncIterable<readonly EncodedChange[]>,
    terms: CommitTerms,
    onCommitted?: (answer: CommitAnswer) => void,
  ): Promise<CommitAnswer>;
}
