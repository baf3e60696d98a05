import { arePrototypesPolluted } from '../platform/plain-objects.js';
import { copyValue } from './copy-value.js';
import { type CopyWalk, tooLarge } from './copy-walk.js';
import { encodedSize } from './encoded-size.js';
import { Refusal } from './refusal.js';

/** Largest encoded record, in bytes, unless a storage is given another limit. */
export const DEFAULT_MAX_RECORD_BYTES: number = 16 * 1024 * 1024;

/** A unit of a walk is at most this much JSON: a number of 25 digits and signs. */
const MAX_BYTES_OF_UNIT = 25;

/** A deep copy that nobody else can reach. */
export interface Snapshot<T> {
  readonly value: T;
  /** Whether JSON text carries the value without loss. */
  readonly json: boolean;
  /**
   * Whether the copy is frozen through and through. Dates, Maps, typed arrays
   * and the like cannot be frozen: hand out a fresh copy on each read.
   */
  readonly frozen: boolean;
}

/**
 * Copies and freezes `source` in a single walk, refusing what a record cannot
 * hold with `INVALID_RECORD` naming the place.
 *
 * @param label Name of the value in error paths, e.g. `manifest`.
 * @param maxBytes Limit for the encoded size: the UTF-8 length of the JSON text.
 */
export function snapshot<T>(
  source: T,
  label: string,
  maxBytes: number = DEFAULT_MAX_RECORD_BYTES,
): Snapshot<T> {
  const walk: CopyWalk = {
    json: true,
    frozen: true,
    units: 0,
    containers: 0,
    inherits: arePrototypesPolluted(),
    maxBytes,
  };
  try {
    const value = copyValue(walk, source, 0) as T;
    if (isTooLarge(walk, value)) throw tooLarge(walk);
    return { value, json: walk.json, frozen: walk.frozen };
  } catch (thrown) {
    throw thrown instanceof Refusal ? thrown.toError(label) : thrown;
  }
}

/** Most records are so small that nobody need look twice. */
function isTooLarge({ units, maxBytes }: CopyWalk, value: unknown): boolean {
  return units > maxBytes || (units * MAX_BYTES_OF_UNIT > maxBytes && encodedSize(value) > maxBytes);
}
