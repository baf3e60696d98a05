import { withoutPrototype } from '../platform/plain-objects.js';

/**
 * What went wrong, as a name that does not change inside a major version;
 * messages may.
 */
export type StorageErrorCode =
  /** A record or key that cannot be stored; `path` names the place. */
  | 'INVALID_RECORD'
  /** An option, filter or argument that makes no sense; `path` names it. */
  | 'INVALID_OPTIONS'
  /** A document to import is not what it should be; `path` names the place. */
  | 'INVALID_DOCUMENT'
  /** An expectation of a commit did not hold: somebody else wrote first. Nothing was changed. */
  | 'STORAGE_CONFLICT'
  /** The wanted history is no longer kept (or never was): read everything again, then watch from there. */
  | 'STORAGE_COMPACTED'
  /** `close()` was called. */
  | 'STORAGE_CLOSED'
  /** A synchronous answer was wanted before the storage was opened. */
  | 'STORAGE_NOT_OPEN'
  /** Somebody else holds the store and did not let go in time. */
  | 'STORAGE_LOCKED'
  /** No room left: nothing of the refused commit was stored. */
  | 'STORAGE_FULL'
  /** What is stored is damaged. Nothing was overwritten. */
  | 'STORAGE_CORRUPT'
  /** A stored record holds something that this runtime cannot represent; it is not damaged. */
  | 'STORAGE_UNSUPPORTED'
  /** A write to a store that can only be read. */
  | 'STORAGE_READONLY'
  /** The store was written by a newer version of this library. */
  | 'STORAGE_SCHEMA_TOO_NEW'
  /** The file or database belongs to another application. */
  | 'STORAGE_FOREIGN'
  /** The file was deleted or replaced while it was open. */
  | 'STORAGE_REPLACED'
  /** The store cannot be reached or opened. Nothing was changed. */
  | 'STORAGE_UNAVAILABLE'
  /** The store does not let this user in, or not do this. */
  | 'STORAGE_FORBIDDEN'
  /** The store was lost while it was committing, and could not be asked in time whether it did. Read before you write again. */
  | 'STORAGE_IN_DOUBT'
  /** An optional package is missing or does not run here. */
  | 'STORAGE_DRIVER_MISSING'
  /** The backend failed in a way that has no better name; `cause` says more. */
  | 'STORAGE_FAILED';

export interface StorageErrorOptions {
  /** Place in the caller's input, e.g. `manifest.policies.check`. */
  path?: string;
  /** Facts for programs, e.g. the actual revision of a conflict. */
  details?: Readonly<Record<string, unknown>>;
  /** The error underneath. */
  cause?: unknown;
}

/** Shared by all copies of this package that a process may hold. */
const BRAND = Symbol.for('gati.StorageError');

/**
 * The only error that a storage throws or rejects with. Decide by `code`; show
 * `message`. `instanceof` is true for those of another copy of this package, too.
 */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: StorageErrorCode;
  readonly path: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: StorageErrorCode, message: string, options: StorageErrorOptions = {}) {
    // What others gave Object.prototype is no fact about this error.
    const { cause, path, details } = withoutPrototype(options);
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.path = path;
    this.details = details;
  }
}

Object.defineProperty(StorageError.prototype, BRAND, { value: true });
Object.defineProperty(StorageError, Symbol.hasInstance, {
  value(this: unknown, value: unknown): boolean {
    // Classes derived from it inherit this method, and are told apart by their prototypes.
    return this === StorageError
      ? isBranded(value)
      : Function.prototype[Symbol.hasInstance].call(this, value);
  },
});

function isBranded(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  try {
    return BRAND in value;
  } catch {
    return false; // a revoked proxy
  }
}
