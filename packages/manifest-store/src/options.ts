import { assertKeyField, describeType } from './key-rules.js';
import { RECORD_KIND_NAMES, RECORD_KINDS } from './record-kinds.js';
import type { EntryFilter, RecordKind } from './storage.js';
import { StorageError } from './storage-error.js';

/** Refuses anything that is not an object of known options. */
export function assertOptions(options: unknown, known: readonly string[], label = 'options'): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalid(label, `must be an object, not ${describeType(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) throw invalid(`${label}.${name}`, `is unknown; known are ${known.join(', ')}`);
  }
}

/** A positive integer option, or its default. */
export function readCount(value: unknown, path: string, fallback: number): number {
  if (value === undefined) return fallback;
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
  throw invalid(path, `must be a positive integer, not ${String(value)}`);
}

/** The kinds and handler that a filter selects. */
export function readFilter(filter: EntryFilter): {
  kinds: readonly RecordKind[];
  handlerId: string | undefined;
} {
  assertOptions(filter, ['kinds', 'handlerId'], 'filter');
  const { kinds, handlerId } = filter;
  if (handlerId !== undefined) assertKeyField(handlerId, 'filter.handlerId');
  if (kinds === undefined) return { kinds: RECORD_KIND_NAMES, handlerId };
  if (!Array.isArray(kinds)) throw invalid('filter.kinds', `must be an array, not ${describeType(kinds)}`);
  for (const kind of kinds) {
    if (typeof kind !== 'string' || !Object.hasOwn(RECORD_KINDS, kind)) {
      throw invalid('filter.kinds', `must hold only ${RECORD_KIND_NAMES.join(', ')}`);
    }
  }
  return { kinds: RECORD_KIND_NAMES.filter((kind) => kinds.includes(kind)), handlerId };
}

function invalid(path: string, problem: string): StorageError {
  return new StorageError('INVALID_OPTIONS', `${path} ${problem}.`, { path });
}
