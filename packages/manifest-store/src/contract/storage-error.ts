import { withoutPrototype } from '../platform/plain-objects.js';
import type { StorageErrorDetails } from './storage-error-details.js';

/**
 * What went wrong, as a name that does not change inside a major version;
 * messages may.
 */
export type StorageErrorCode = keyof StorageErrorDetails;

/** Shared by all copies of this package that a process may hold. */
const BRAND = Symbol.for('gati.StorageError');

/** Where the same call may succeed later though nobody has mended anything, and does no harm if it is made again. */
const RETRYABLE: ReadonlySet<string> = new Set<StorageErrorCode>(['STORAGE_LOCKED', 'STORAGE_UNAVAILABLE']);

interface GivenOptions<Details> {
  /** Place in the caller's input, e.g. `manifest.policies.check`. */
  path?: string;
  /** Facts for programs, e.g. the actual revision of a conflict. */
  details?: Details;
  /** The error underneath. */
  cause?: unknown;
}

export type StorageErrorOptions<C extends StorageErrorCode = StorageErrorCode> = GivenOptions<
  StorageErrorDetails[C]
>;

/**
 * What all errors of storages have in common. Packages that do more than store derive from it, with codes
 * of their own; everybody else makes a {@link StorageError}.
 */
export class StorageErrorBase<Code extends string, Details> extends Error {
  override readonly name = 'StorageError';
  readonly code: Code;
  /** Place in the caller's input, e.g. `manifest.policies.check`. */
  readonly path: string | undefined;
  readonly details: Details;
  /**
   * Whether the same call may succeed later though nobody has mended anything, and does no harm if it is
   * made again: wait a little, and try.
   */
  readonly retryable: boolean;

  constructor(code: Code, message: string, options: GivenOptions<Details> = {}) {
    // What others gave Object.prototype is no fact about this error.
    const { cause, path, details } = withoutPrototype(options);
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.path = path;
    this.details = details as Details; // absent only where Details allows it, see StorageErrorConstructor
    this.retryable = RETRYABLE.has(code);
  }
}

/**
 * The only error that a storage throws or rejects with. Decide by `code`, which says what `details` are;
 * show `message`. `instanceof` is true for those of another copy of this package, too.
 */
export type StorageError<C extends StorageErrorCode = StorageErrorCode> = {
  [P in C]: StorageErrorBase<P, StorageErrorDetails[P]>;
}[C];

/** Details must be given where every error of the code has them. */
type OptionsFor<C extends StorageErrorCode> = undefined extends StorageErrorDetails[C]
  ? [options?: StorageErrorOptions<C>]
  : [options: StorageErrorOptions<C> & { details: StorageErrorDetails[C] }];

interface StorageErrorConstructor {
  readonly prototype: StorageError;
  new <C extends StorageErrorCode>(code: C, message: string, ...options: OptionsFor<C>): StorageError<C>;
}

export const StorageError: StorageErrorConstructor = StorageErrorBase as StorageErrorConstructor;

Object.defineProperty(StorageErrorBase.prototype, BRAND, { value: true });
Object.defineProperty(StorageErrorBase, Symbol.hasInstance, {
  value(this: unknown, value: unknown): boolean {
    // Classes derived from it inherit this method, and are told apart by their prototypes.
    return this === StorageErrorBase
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
