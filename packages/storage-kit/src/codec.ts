import { type RecordKind, type RecordTypes, StorageError } from '@gati-framework/manifest-store';
import {
  describeKey,
  type KeyTuple,
  type PreparedChange,
  type PreparedPut,
  RECORD_KINDS,
} from '@gati-framework/manifest-store/backend';
import { parse, stringify } from 'devalue';
import type { EncodedChange, EncodedPut, EncodedValue } from './record-driver.js';

/** A record read back. One that is not `frozen` holds Dates, Maps or the like and belongs to one reader. */
export interface DecodedRecord<K extends RecordKind = RecordKind> {
  readonly value: RecordTypes[K];
  readonly frozen: boolean;
}

export function encodeChange(change: PreparedChange): EncodedChange {
  return change.op === 'put' ? encodePut(change) : change;
}

function encodePut({ kind, key, value, json }: PreparedPut): EncodedPut {
  const text = json ? JSON.stringify(value) : stringify(value);
  const fields = value as unknown as Record<string, unknown>;
  const { lookupFields, createdAt } = RECORD_KINDS[kind];
  return {
    op: 'put',
    kind,
    key,
    columns: {
      lookup: lookupFields.map((field) => fields[field] as string),
      createdAt: createdAt ? (fields.createdAt as number) : undefined,
    },
    encoding: json ? 'json' : 'devalue',
    text,
    digest: digestOf(text),
  };
}

/** Reads a record back, frozen. Throws `STORAGE_CORRUPT` when the text is not what was stored. */
export function decodeRecord<K extends RecordKind>(
  kind: K,
  key: KeyTuple,
  { encoding, text, digest }: EncodedValue,
): DecodedRecord<K> {
  if (typeof text !== 'string') throw corrupt(kind, key, 'its content is missing');
  if (digestOf(text) !== digest) throw corrupt(kind, key, 'its content does not match its digest');
  try {
    if (encoding === 'json')
      return { value: freezeJson(JSON.parse(text) as object) as RecordTypes[K], frozen: true };
    if (encoding === 'devalue') return { value: deepFreeze(parse(text)) as RecordTypes[K], frozen: false };
  } catch (cause) {
    throw corrupt(kind, key, 'its content cannot be read', cause);
  }
  throw corrupt(kind, key, `its encoding ${JSON.stringify(encoding)} is unknown`);
}

function corrupt(kind: RecordKind, key: KeyTuple, reason: string, cause?: unknown): StorageError {
  return new StorageError(
    'STORAGE_CORRUPT',
    `${describeKey(kind, key)} is damaged: ${reason}. Restore the store from a backup, or store the record again.`,
    { details: { kind, key }, cause },
  );
}

/**
 * FNV-1a over pairs of UTF-16 code units, 32 bits. Any change of a single pair
 * changes it, and it runs wherever JavaScript does at a nanosecond a unit or
 * so; it guards against damage, not against an attacker.
 */
export function digestOf(text: string): number {
  const { length } = text;
  let hash = 0x811c9dc5 ^ length;
  let i = 0;
  for (; i + 1 < length; i += 2) {
    hash = Math.imul(hash ^ (text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16)), 0x01000193);
  }
  if (i < length) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** As {@link deepFreeze}, for what JSON.parse yields: objects and arrays, and nothing inherited. */
function freezeJson(value: object): object {
  for (const name in value) {
    const field = (value as Record<string, unknown>)[name];
    if (typeof field === 'object' && field !== null) freezeJson(field);
  }
  return Object.freeze(value);
}

function deepFreeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (value instanceof Map) {
    for (const [key, item] of value) {
      deepFreeze(key);
      deepFreeze(item);
    }
    return value;
  }
  if (value instanceof Set) {
    for (const item of value) deepFreeze(item);
    return value;
  }
  if (!Array.isArray(value) && !isPlainObject(value)) return value; // a frozen RegExp could not be used
  // Snapshots hold no accessors and inherit nothing; and a sparse array costs only what it holds.
  for (const name in value) {
    const field = (value as Record<string, unknown>)[name];
    if (typeof field === 'object') deepFreeze(field);
  }
  return Object.freeze(value);
}

function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
