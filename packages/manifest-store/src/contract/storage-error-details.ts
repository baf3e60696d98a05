import type { KeyTuple } from './record-kinds.js';
import type { RecordKind, Revision } from './storage.js';

/** What the database itself said, where it said something. */
export interface DatabaseDetails {
  /** SQLite's result code by name, e.g. `SQLITE_BUSY`. */
  readonly resultCode?: string;
  /** PostgreSQL's SQLSTATE, or the code of a system error, e.g. `53100`, `ECONNREFUSED`. */
  readonly code?: string;
}

/**
 * Every code with what its errors tell programs in `details`: `undefined` where that is nothing. A field
 * that is not always there is optional.
 */
export interface StorageErrorDetails {
  /** A record or key that cannot be stored; `path` names the place. */
  INVALID_RECORD: undefined;
  /** An option, filter or argument that makes no sense; `path` names it. */
  INVALID_OPTIONS:
    | { /** Methods or capabilities that a storage lacks. */ readonly missing: readonly string[] }
    | undefined;
  /** An expectation of a commit did not hold: somebody else wrote first. Nothing was changed. */
  STORAGE_CONFLICT: {
    /** The record; absent where the revision of the store itself was expected. */
    readonly kind?: RecordKind;
    readonly key?: KeyTuple;
    /**
     * Revision of the commit that was expected to have written the record last, `null`: that there is none; or
     * where the store was expected to be.
     */
    readonly expected: Revision | null;
    /** What is the case instead; absent where it is not known any more. */
    readonly actual?: Revision | null;
  };
  /** The wanted history is no longer kept (or never was): read everything again, then watch from there. */
  STORAGE_COMPACTED: {
    /** Where the store is now. */
    readonly current: Revision;
    /** What was to be read: the commits after this one. */
    readonly after?: Revision;
    /** What was to be read: the store as it was then. */
    readonly at?: Revision;
    /** The history begins after this one: the first that can be read. */
    readonly oldest?: Revision;
  };
  /** `close()` was called. */
  STORAGE_CLOSED: undefined;
  /** A synchronous answer was wanted before the storage was opened. */
  STORAGE_NOT_OPEN: undefined;
  /** Somebody else holds the store and did not let go in time. */
  STORAGE_LOCKED:
    | (DatabaseDetails & {
        /** The process that owns the file, where that is known. */
        readonly pid?: number;
        readonly host?: string;
        /** Since when. */
        readonly since?: string;
      })
    | undefined;
  /** No room left: nothing of the refused commit was stored. */
  STORAGE_FULL:
    | (DatabaseDetails & {
        /** Size of a commit that is larger than the store takes at once, and how much that is. */
        readonly bytes?: number;
        readonly limit?: number;
      })
    | undefined;
  /** What is stored is damaged. Nothing was overwritten. */
  STORAGE_CORRUPT:
    | (DatabaseDetails & {
        /** The record that cannot be read, and the commit that wrote it. */
        readonly kind?: RecordKind;
        readonly key?: KeyTuple;
        readonly revision?: Revision;
        /** The file that cannot be read, the byte at which that shows, and the size it should have. */
        readonly location?: string;
        readonly offset?: number;
        readonly size?: number;
        /** A log that goes on from here does not belong to a database at `revision`. */
        readonly logBegins?: Revision;
      })
    | undefined;
  /** A stored record holds something that this runtime cannot represent; it is not damaged. */
  STORAGE_UNSUPPORTED: {
    readonly kind: RecordKind;
    readonly key: KeyTuple;
    /** Of the commit that wrote it. */
    readonly revision: Revision;
    /** e.g. `Float16Array`. */
    readonly type: string;
  };
  /** A write to a store that can only be read. */
  STORAGE_READONLY: DatabaseDetails | undefined;
  /** The store was written by a newer version of this library. */
  STORAGE_SCHEMA_TOO_NEW:
    | {
        /** Version of what is stored, the newest that this library knows, and the oldest that could write to it. */
        readonly found?: number;
        readonly supported?: number;
        readonly compatibleFrom?: number;
        /** A kind of records that this library does not know. */
        readonly kind?: unknown;
      }
    | undefined;
  /** The file or database belongs to another application. */
  STORAGE_FOREIGN:
    | (DatabaseDetails & { /** Step of the schema that others have made. */ readonly version?: number })
    | undefined;
  /** The file was deleted or replaced while it was open. */
  STORAGE_REPLACED: DatabaseDetails | undefined;
  /** The store cannot be reached or opened. Nothing was changed. */
  STORAGE_UNAVAILABLE:
    | (DatabaseDetails & {
        /** Version of the tables that are there (0: none), and the one that is needed. */
        readonly found?: number;
        readonly wanted?: number;
        /** How many names a file has that may have one. */
        readonly names?: number;
        /** Where a link leads to nothing. */
        readonly target?: string;
        /** The option that ended an iteration, in milliseconds. */
        readonly scanIdleTimeout?: number;
        /** Connections of the pool, and how many of them iterations may hold. */
        readonly poolSize?: number;
        readonly iterations?: number;
      })
    | undefined;
  /** The store does not let this user in, or not do this. */
  STORAGE_FORBIDDEN: DatabaseDetails | undefined;
  /** The store was lost while it was committing, and could not be asked in time whether it did. Read before you write again. */
  STORAGE_IN_DOUBT:
    | (DatabaseDetails & {
        /** Id of the commit in the log of a PostgreSQL store. */
        readonly operation?: string;
        /** Code of the failure that keeps a file from being asked. */
        readonly failure?: string;
      })
    | undefined;
  /** An optional package is missing or does not run here. */
  STORAGE_DRIVER_MISSING: undefined;
  /** The backend failed in a way that has no better name; `cause` says more. */
  STORAGE_FAILED: DatabaseDetails | undefined;
}
