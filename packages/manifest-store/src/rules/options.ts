import { RECORD_KIND_NAMES, RECORD_KINDS } from '../contract/record-kinds.js';
import type { EntryFilter, ReadOptions, RecordKind, Revision } from '../contract/storage.js';
import { StorageError } from '../contract/storage-error.js';
import { describeType, guardInput, readField } from './input.js';
import { assertKeyField } from './key-rules.js';
import { readRevision } from './revision.js';

/** Refuses anything that is not an object of known options. */
export function assertOptions(options: unknown, known: readonly string[], label = 'options'): void {
  readOptions(options, known, label);
}

/**
 * A copy of an object of known options, each of them read once; it inherits
 * nothing. Anything else is refused with `INVALID_OPTIONS`.
 */
export function readOptions<T>(options: T, known: readonly string[], label = 'options'): T {
  return guardInput(label, 'INVALID_OPTIONS', () => {
    if (typeof options !== 'object' || options === null || Array.isArray(options)) {
      throw invalid(label, `must be an object, not ${describeType(options)}`);
    }
    for (const name of Object.keys(options)) {
      if (!known.includes(name))
        throw invalid(`${label}.${name}`, `is unknown; known are ${known.join(', ')}`);
    }
    const copy: Record<string, unknown> = Object.create(null);
    for (const name of known) copy[name] = readField(options, name);
    return copy as T;
  });
}

/** A positive integer option, or its default. */
export function readCount(value: unknown, path: string, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw invalid(
    path,
    `must be a positive integer, not ${typeof value === 'number' ? value : describeType(value)}`,
  );
}

/** A non-empty text option, or its default. */
export function readText(value: unknown, path: string, fallback: string): string {
  if (value === undefined) return fallback;
  if (typeof value === 'string' && value !== '') return value;
  throw invalid(
    path,
    `must be a non-empty string, not ${value === '' ? 'an empty one' : describeType(value)}`,
  );
}

/** A function, or nothing. */
export function readFunction<F>(value: F, path: string): F {
  if (value !== undefined && typeof value !== 'function') {
    throw invalid(path, `must be a function, not ${describeType(value)}`);
  }
  return value;
}

/** {@link ReadOptions.at}. Throws `INVALID_OPTIONS`. */
export function readAt(options: ReadOptions): Revision | undefined {
  return readRevision(readOptions(options, ['at']).at, 'options.at');
}

/** What a filter selects, and who is told of what cannot be read. */
export function readFilter(filter: EntryFilter): {
  kinds: readonly RecordKind[];
  handlerId: string | undefined;
  at: Revision | undefined;
  onUnreadable: EntryFilter['onUnreadable'];
} {
  const given = readOptions(filter, ['kinds', 'handlerId', 'at', 'onUnreadable'], 'filter');
  const { kinds, handlerId } = given;
  const at = readRevision(given.at, 'filter.at');
  if (handlerId !== undefined) assertKeyField(handlerId, 'filter.handlerId');
  const onUnreadable = readFunction(given.onUnreadable, 'filter.onUnreadable');
  if (kinds === undefined) return { kinds: RECORD_KIND_NAMES, handlerId, at, onUnreadable };
  const read = guardInput('filter.kinds', 'INVALID_OPTIONS', () => readKinds(kinds));
  return { kinds: read, handlerId, at, onUnreadable };
}

function readKinds(kinds: readonly RecordKind[]): readonly RecordKind[] {
  if (!Array.isArray(kinds)) throw invalid('filter.kinds', `must be an array, not ${describeType(kinds)}`);
  const wanted = new Set<unknown>();
  // Each is looked at as it comes: a list may be billions long, and hold nothing.
  for (const kind of kinds as Iterable<unknown>) {
    if (typeof kind !== 'string' || !Object.hasOwn(RECORD_KINDS, kind)) {
      throw invalid('filter.kinds', `must hold only ${RECORD_KIND_NAMES.join(', ')}`);
    }
    wanted.add(kind);
  }
  return RECORD_KIND_NAMES.filter((kind) => wanted.has(kind));
}

function invalid(path: string, problem: string): StorageError {
  return new StorageError('INVALID_OPTIONS', `${path} ${problem}.`, { path });
}
