import {
  type RecordKind,
  type RecordTypes,
  type Revision,
  StorageError,
} from '@gati-framework/manifest-store';
import {
  arePrototypesPolluted,
  describeKey,
  type KeyTuple,
  RECORD_KINDS,
} from '@gati-framework/manifest-store/backend';
import type { EncodedValue } from '../record-driver.js';
import { digestOf } from './digest.js';
import { deepFreeze, freezeJson } from './freeze.js';
import { revive } from './revive.js';
import { unsupportedType } from './unsupported-type.js';

/** A record read back. One that is not `frozen` holds Dates, Maps or the like and belongs to one reader. */
export interface DecodedRecord<K extends RecordKind = RecordKind> {
  readonly value: RecordTypes[K];
  readonly frozen: boolean;
  /** About how many bytes of heap it takes; 0 where it is not frozen, because nobody keeps it. */
  readonly weight: number;
}

/**
 * Reads a record back, frozen. Throws `STORAGE_CORRUPT` when the text is not what
 * was stored, or not at this key, `STORAGE_UNSUPPORTED` when it is but this runtime cannot represent it.
 *
 * @param revision Of the commit that wrote it, for the errors.
 */
export function decodeRecord<K extends RecordKind>(
  kind: K,
  key: KeyTuple,
  { encoding, text, digest }: EncodedValue,
  revision: Revision,
): DecodedRecord<K> {
  const record = { kind, key, revision };
  if (typeof text !== 'string') throw corrupt(record, 'its content is missing');
  if (digestOf(text) !== digest) throw corrupt(record, 'its content does not match its digest');
  if (encoding !== 'json' && encoding !== 'devalue') {
    throw corrupt(record, `its encoding ${JSON.stringify(encoding)} is unknown`);
  }
  const decoded = decode(record, encoding, text);
  if (!isOfKey(decoded.value, kind, key)) throw corrupt(record, 'its content is that of another key');
  return decoded as DecodedRecord<K>;
}

function decode(record: WrittenRecord, encoding: 'json' | 'devalue', text: string): Decoded {
  try {
    return encoding === 'json' ? parseJson(text) : reviveFrozen(text);
  } catch (cause) {
    const type = encoding === 'devalue' ? unsupportedType(text) : undefined;
    if (type !== undefined) throw unsupported(record, type, cause);
    throw corrupt(record, 'its content cannot be read', cause);
  }
}

/** The digest is of the text alone, and a key stands beside it in each table and in the log. */
function isOfKey(value: unknown, kind: RecordKind, key: KeyTuple): boolean {
  const fields = value as Readonly<Record<string, unknown>>;
  const [first, second] = RECORD_KINDS[kind].keyFields;
  return isSame(fields[first], key[0]) && (second === undefined || isSame(fields[second], key[1]));
}

/** sql.js leaves out a byte order mark at the beginning of what it reads of a column. */
function isSame(field: unknown, part: string | undefined): boolean {
  return field === part || (typeof field === 'string' && field === `\ufeff${part}`);
}

interface Decoded {
  readonly value: unknown;
  readonly frozen: boolean;
  readonly weight: number;
}

/** Bytes of heap that a character of JSON is at most, about: `[[],[],[]]`. */
const MAX_WEIGHT_OF_CHARACTER = 16;

function parseJson(text: string): Decoded {
  const value: object = JSON.parse(text);
  if (!arePrototypesPolluted()) return { value, frozen: true, weight: freezeJson(value) };
  deepFreeze(value);
  return { value, frozen: true, weight: text.length * MAX_WEIGHT_OF_CHARACTER };
}

function reviveFrozen(text: string): Decoded {
  const value = revive(text);
  deepFreeze(value);
  return { value, frozen: false, weight: 0 };
}

interface WrittenRecord {
  readonly kind: RecordKind;
  readonly key: KeyTuple;
  readonly revision: Revision;
}

function corrupt(record: WrittenRecord, reason: string, cause?: unknown): StorageError {
  return new StorageError(
    'STORAGE_CORRUPT',
    `${describeKey(record.kind, record.key)} is damaged: ${reason}. ` +
      'Restore the store from a backup, or store the record again.',
    { details: { ...record }, cause },
  );
}

function unsupported(record: WrittenRecord, type: string, cause: unknown): StorageError {
  return new StorageError(
    'STORAGE_UNSUPPORTED',
    `${describeKey(record.kind, record.key)} holds a ${type}, which this runtime cannot represent; it is not ` +
      'damaged. Read it with a runtime like the one that stored it, store it again without, or pass onUnreadable ' +
      'to entries() and watch() to go past it.',
    { details: { ...record, type }, cause },
  );
}
