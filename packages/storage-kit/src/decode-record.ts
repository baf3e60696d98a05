import { type RecordKind, type RecordTypes, StorageError } from '@gati-framework/manifest-store';
import { arePrototypesPolluted, describeKey, type KeyTuple } from '@gati-framework/manifest-store/backend';
import { digestOf } from './digest.js';
import { deepFreeze, freezeJson } from './freeze.js';
import type { EncodedValue } from './record-driver.js';
import { revive } from './revive.js';

/** A record read back. One that is not `frozen` holds Dates, Maps or the like and belongs to one reader. */
export interface DecodedRecord<K extends RecordKind = RecordKind> {
  readonly value: RecordTypes[K];
  readonly frozen: boolean;
}

/** Reads a record back, frozen. Throws `STORAGE_CORRUPT` when the text is not what was stored. */
export function decodeRecord<K extends RecordKind>(
  kind: K,
  key: KeyTuple,
  { encoding, text, digest }: EncodedValue,
): DecodedRecord<K> {
  if (typeof text !== 'string') throw corrupt(kind, key, 'its content is missing');
  if (digestOf(text) !== digest) throw corrupt(kind, key, 'its content does not match its digest');
  if (encoding !== 'json' && encoding !== 'devalue') {
    throw corrupt(kind, key, `its encoding ${JSON.stringify(encoding)} is unknown`);
  }
  try {
    const value = encoding === 'json' ? parseJson(text) : reviveFrozen(text);
    return { value: value as RecordTypes[K], frozen: encoding === 'json' };
  } catch (cause) {
    throw corrupt(kind, key, 'its content cannot be read', cause);
  }
}

function parseJson(text: string): object {
  const value = JSON.parse(text) as object;
  if (arePrototypesPolluted()) deepFreeze(value);
  else freezeJson(value);
  return value;
}

function reviveFrozen(text: string): unknown {
  const value = revive(text);
  deepFreeze(value);
  return value;
}

function corrupt(kind: RecordKind, key: KeyTuple, reason: string, cause?: unknown): StorageError {
  return new StorageError(
    'STORAGE_CORRUPT',
    `${describeKey(kind, key)} is damaged: ${reason}. Restore the store from a backup, or store the record again.`,
    { details: { kind, key }, cause },
  );
}
