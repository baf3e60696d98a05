import { crc32 } from 'node:zlib';
import { type PutChange, type RecordKind, StorageError } from '@gati-framework/manifest-store';
import {
  checkedPut,
  type KeyTuple,
  preparePut,
  RECORD_KIND_NAMES,
} from '@gati-framework/manifest-store/backend';
import { parse } from 'devalue';
import { badArchive } from './archive-error.js';
import { CHECKSUM_LENGTH, checksumOf } from './archive-format.js';

export interface ArchivedRecord {
  readonly put: PutChange;
  readonly key: KeyTuple;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads one line that should hold a record; `line` is its number, counted from 1. */
export function parseRecord(bytes: Buffer, line: number): ArchivedRecord {
  assertChecksum(bytes, line);
  const { n, kind, value, devalue } = parseLine(bytes, line);
  if (n !== line - 1) {
    throw badArchive(
      line,
      `holds record ${JSON.stringify(n)} where ${line - 1} should be: lines are missing, or there twice`,
    );
  }
  if (!isKind(kind)) throw badArchive(line, `holds a record of the unknown kind ${JSON.stringify(kind)}`);
  return prepare(kind, devalue === undefined ? value : reviveValue(devalue, line), line);
}

function assertChecksum(bytes: Buffer, line: number): void {
  const end = Math.max(bytes.length - CHECKSUM_LENGTH, 0);
  const expected = checksumOf(crc32(bytes.subarray(0, end)));
  if (bytes.toString('latin1', end) === expected) return;
  throw bytes[bytes.length - 1] === 0x0d
    ? badArchive(
        line,
        'ends with a carriage return',
        'Something converted its line ends: copy it as a binary file.',
      )
    : badArchive(line, 'is damaged: its checksum does not match');
}

function parseLine(bytes: Buffer, line: number): Record<string, unknown> {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (cause) {
    throw badArchive(line, 'is not JSON in UTF-8', undefined, cause);
  }
}

function reviveValue(text: unknown, line: number): unknown {
  try {
    return parse(String(text));
  } catch (cause) {
    throw badArchive(line, 'holds a value that cannot be read', undefined, cause);
  }
}

function isKind(kind: unknown): kind is RecordKind {
  return RECORD_KIND_NAMES.some((name) => name === kind);
}

/** By the rules of what may be stored, so that a bad record is refused here and not in the middle of storing. */
function prepare(kind: RecordKind, record: unknown, line: number): ArchivedRecord {
  try {
    const prepared = preparePut(kind, record as never, Number.POSITIVE_INFINITY);
    return { put: checkedPut(prepared), key: prepared.key };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    throw badArchive(line, `holds what cannot be stored: ${error.message}`, undefined, error);
  }
}
