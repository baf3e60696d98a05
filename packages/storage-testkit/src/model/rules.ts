import type { RecordKind } from '@gati-framework/manifest-store';
import { probes, valuesOf } from '../record-probe.js';
import { fieldOf } from '../untyped.js';
import { ModelError } from './model-error.js';

/** A key is a non-empty, well-formed string without NUL of at most 512 bytes. */
export function isKey(value: unknown): boolean {
  return isText(value, 512);
}

function isText(value: unknown, maxBytes: number): boolean {
  if (typeof value !== 'string' || value === '' || value.includes('\0')) return false;
  const bytes = new TextEncoder().encode(value);
  // What is not well-formed does not survive the way through UTF-8.
  return bytes.length <= maxBytes && new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) === value;
}

export function assertKeys(...values: readonly unknown[]): void {
  if (!values.every(isKey)) throw new ModelError('INVALID_RECORD');
}

/** Refuses a record that cannot be stored. The commands make no worse records than these checks find. */
export function assertRecord(kind: unknown, record: unknown): asserts kind is RecordKind {
  assertKind(kind);
  if (typeof record !== 'object' || record === null || Array.isArray(record) || holdsFunction(record)) {
    throw new ModelError('INVALID_RECORD');
  }
  const { identifiers, hasCreatedAt } = probes[kind];
  assertKeys(...valuesOf(record, identifiers));
  if (hasCreatedAt && !Number.isFinite(fieldOf(record, 'createdAt'))) throw new ModelError('INVALID_RECORD');
}

export function assertKind(kind: unknown): asserts kind is RecordKind {
  if (!isKind(kind)) throw new ModelError('INVALID_OPTIONS');
}

export function isKind(kind: unknown): kind is RecordKind {
  return typeof kind === 'string' && Object.keys(probes).includes(kind);
}

/** A note is such a text as a key is, and may be longer. */
export function assertNote(note: unknown): void {
  if (note !== undefined && !isText(note, 1_024)) throw new ModelError('INVALID_OPTIONS');
}

function holdsFunction(value: unknown): boolean {
  if (typeof value === 'function') return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsFunction);
}
