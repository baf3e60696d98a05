import type { RecordKind } from '@gati-framework/manifest-store';
import { ModelError } from './model-error.js';

/** What the model needs to know of a kind. Written out, not taken from the library that is under test. */
interface ModelKind {
  readonly key: readonly string[];
  readonly lookup: readonly string[];
  readonly createdAt: boolean;
}

export const MODEL_KINDS: Readonly<Record<RecordKind, ModelKind>> = {
  manifest: { key: ['handlerId', 'version'], lookup: [], createdAt: true },
  hookManifest: { key: ['handlerId'], lookup: [], createdAt: true },
  gtype: { key: ['ref'], lookup: [], createdAt: false },
  transformer: { key: ['id'], lookup: ['handlerId', 'fromVersion', 'toVersion'], createdAt: true },
  versionGraph: { key: ['handlerId'], lookup: [], createdAt: false },
  timescapeMetadata: { key: ['handlerId', 'version'], lookup: [], createdAt: false },
};

/** A key is a non-empty, well-formed string without NUL of at most 512 bytes. */
export function isKey(value: unknown): boolean {
  if (typeof value !== 'string' || value === '' || value.includes('\0')) return false;
  const bytes = new TextEncoder().encode(value);
  // What is not well-formed does not survive the way through UTF-8.
  return bytes.length <= 512 && new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) === value;
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
  const fields = record as Readonly<Record<string, unknown>>;
  const { key, lookup, createdAt } = MODEL_KINDS[kind];
  assertKeys(...[...key, ...lookup].map((field) => fields[field]));
  if (createdAt && !Number.isFinite(fields.createdAt)) throw new ModelError('INVALID_RECORD');
}

export function assertKind(kind: unknown): asserts kind is RecordKind {
  if (typeof kind !== 'string' || !Object.keys(MODEL_KINDS).includes(kind)) {
    throw new ModelError('INVALID_RECORD');
  }
}

function holdsFunction(value: unknown): boolean {
  if (typeof value === 'function') return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsFunction);
}
