import type { MaybePromise } from '@gati-framework/storage-kit';

/** What was kept: a SQLite database, and the log of the commits since. */
export interface PersistedStore {
  readonly snapshot?: Uint8Array | undefined;
  readonly log?: Uint8Array | undefined;
}

/**
 * Where a store is kept when it is not kept in a file: a browser's storage, an
 * object store, a file system of your own. Calls come one at a time, and what
 * a promise resolves for must survive a crash.
 */
export interface SqlJsPersistence {
  /** How error messages call the place. Default: `persistence`. */
  readonly location?: string;
  /** Becomes the only owner of the place until `release()`; rejects when there is another. Not called for reading only. */
  acquire?(): MaybePromise<void>;
  /**
   * Puts away what the other calls opened, and lets go of the place. Not called by a storage that only reads while
   * another one of this process owns the place through this very object.
   */
  release?(): MaybePromise<void>;
  /** What was saved last; a database alone, or `undefined` when there is nothing yet. */
  load(): MaybePromise<PersistedStore | Uint8Array | undefined>;
  /**
   * Replaces the database and drops the log: both at once, or the database
   * first. Without `append()` there is never a log, and this is called for each
   * group of writes.
   *
   * @param snapshot A whole SQLite database.
   */
  save(snapshot: Uint8Array): MaybePromise<void>;
  /**
   * Adds to the log, so that a write costs what it writes and not what the
   * store holds. Whatever lies at `offset` and beyond, left by a call that
   * failed, is to be dropped.
   *
   * @param offset Bytes of the log that are to stay. It may have less, when a save() that rejected dropped it all the
   * same: then these bytes are its end.
   */
  append?(bytes: Uint8Array, offset: number): MaybePromise<void>;
  /** How error messages call the log. */
  readonly logLocation?: string;
  /**
   * Throws `STORAGE_REPLACED` when the place is no longer what was loaded. Asked
   * often: by reads up to ten times a second.
   */
  verify?(): void;
  /** What was loaded is a store: finishes what a killed process left beside it. Before anything is saved or appended. */
  takeOver?(): MaybePromise<void>;
}
