import { type RecordKind, type Revision, StorageError } from '@gati-framework/manifest-store';
import type { KeyTuple } from '@gati-framework/manifest-store/backend';
import type { EncodedChange, EncodedValue } from '@gati-framework/storage-kit';
import { crc32 } from './crc32.js';

/** A commit as the log holds it. */
export interface LogEntry {
  readonly revision: Revision;
  readonly committedAt: number;
  readonly changes: readonly EncodedChange[];
}

/** The commit after which a log begins; revision 0 is the empty store. */
export interface LogBase {
  readonly revision: Revision;
  readonly committedAt: number;
}

/** A log that was read back. */
export interface CommitLog {
  readonly base: LogBase;
  readonly entries: readonly LogEntry[];
  /** Bytes that hold `base` and `entries`. */
  readonly length: number;
  /** Bytes behind them of a write that was never finished. */
  readonly torn: number;
}

const FORMAT = 'gati-oplog';
const VERSION = 1;
/** Length of the payload, CRC-32 of that length, CRC-32 of the payload: 32 bits each, little-endian. */
const FRAME_HEADER = 12;
/** Smallest unit that a disk writes at once: what a write did not reach stays zero in steps of it. */
const SECTOR = 512;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The bytes that add commits to a log, oldest first.
 *
 * @param base For a log that is still empty: what it begins after.
 */
export function encodeLog(base: LogBase | undefined, entries: readonly LogEntry[]): Uint8Array {
  const frames = entries.map((entry) => frame(encodeEntry(entry)));
  if (base !== undefined) frames.unshift(frame(encodeBase(base)));
  if (frames.length === 1) return frames[0] as Uint8Array;
  const bytes = new Uint8Array(frames.reduce((length, { byteLength }) => length + byteLength, 0));
  let offset = 0;
  for (const one of frames) {
    bytes.set(one, offset);
    offset += one.byteLength;
  }
  return bytes;
}

/**
 * Reads a log back. A write that a crash cut short can only be the last one and
 * is left out: it was never acknowledged. Anything else that does not match its
 * checksum is damage.
 *
 * @param location How errors name the log.
 * @returns `undefined` for an empty log.
 */
export function parseLog(content: Uint8Array, location: string): CommitLog | undefined {
  const bytes = withoutRoom(content);
  const entries: LogEntry[] = [];
  let base: LogBase | undefined;
  let offset = 0;
  for (let next = readFrame(bytes, offset, location); next !== undefined; ) {
    if (base === undefined) base = parseBase(next.payload, location);
    else entries.push(decodeEntry(next.payload, offset, location));
    offset = next.end;
    next = readFrame(bytes, offset, location);
  }
  return base && { base, entries, length: offset, torn: bytes.length - offset };
}

export function damagedLog(location: string, offset: number, problem: string, cause?: unknown): StorageError {
  return new StorageError(
    'STORAGE_CORRUPT',
    `${location} is damaged at byte ${offset}: ${problem}. Nothing was changed. Restore it and the database beside it ` +
      'from a backup; without it, what was stored since the last snapshot is lost.',
    { details: { location, offset }, cause },
  );
}

function frame(text: string): Uint8Array {
  // Three bytes a code unit is the most that UTF-8 takes.
  const bytes = new Uint8Array(FRAME_HEADER + text.length * 3);
  const { written } = encoder.encodeInto(text, bytes.subarray(FRAME_HEADER));
  const end = FRAME_HEADER + written;
  const view = new DataView(bytes.buffer);
  view.setUint32(0, written, true);
  view.setUint32(4, crc32(bytes, 0, 4), true);
  view.setUint32(8, crc32(bytes, FRAME_HEADER, end), true);
  return bytes.subarray(0, end);
}

interface Frame {
  readonly payload: Uint8Array;
  readonly end: number;
}

/** The frame at an offset; `undefined` where the log ends, be it in the middle of an unfinished write. */
function readFrame(bytes: Uint8Array, offset: number, location: string): Frame | undefined {
  const start = offset + FRAME_HEADER;
  if (start > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(offset, true);
  if (crc32(bytes, offset, offset + 4) !== view.getUint32(offset + 4, true)) {
    throw damagedLog(location, offset, 'the length of a commit does not match its checksum');
  }
  const end = start + length;
  if (end > bytes.length) return undefined;
  if (crc32(bytes, start, end) !== view.getUint32(offset + 8, true)) {
    if (end === bytes.length && hasUnwrittenSector(bytes, start, end)) return undefined;
    throw damagedLog(location, offset, 'a commit does not match its checksum');
  }
  return { payload: bytes.subarray(start, end), end };
}

/** Zeros at the end are room for what is to come. No frame ends in one: payloads are text. */
function withoutRoom(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return bytes.subarray(0, end);
}

/** Payloads are text, so that a sector of zeros is one that never reached the disk. */
function hasUnwrittenSector(bytes: Uint8Array, start: number, end: number): boolean {
  for (let sector = start - (start % SECTOR); sector < end; sector += SECTOR) {
    if (isUnwritten(bytes, Math.max(sector, start), Math.min(sector + SECTOR, end))) return true;
  }
  return false;
}

function isUnwritten(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 0) return false;
  return true;
}

function encodeBase({ revision, committedAt }: LogBase): string {
  return JSON.stringify({ format: FORMAT, version: VERSION, base: { revision, committedAt } });
}

function parseBase(payload: Uint8Array, location: string): LogBase {
  const { format, version, base } = parseJson(payload, 0, location) as {
    format?: unknown;
    version?: number;
    base?: LogBase;
  };
  if (format !== FORMAT || typeof version !== 'number') {
    throw new StorageError(
      'STORAGE_FOREIGN',
      `${location} is not the commit log of a store; nothing was changed. Move it away, or give the store another file.`,
    );
  }
  if (version > VERSION) {
    throw new StorageError(
      'STORAGE_SCHEMA_TOO_NEW',
      `${location} was written by a newer version of this library (format ${version}, known is ${VERSION}); ` +
        'nothing was changed. Update the storage package.',
      { details: { found: version, supported: VERSION } },
    );
  }
  return base as LogBase;
}

/**
 * One line of JSON that tells what changed, and behind it the values, one after
 * the other: they are JSON already, and quoting them again would double the work.
 */
function encodeEntry({ revision, committedAt, changes }: LogEntry): string {
  let values = '';
  const described = changes.map((change) => {
    if (change.op !== 'put') return change;
    const { op, kind, key, columns, encoding, text, digest } = change;
    values += text;
    return { op, kind, key, columns, encoding, digest, length: text.length };
  });
  return `${JSON.stringify({ revision, committedAt, changes: described })}\n${values}`;
}

type DescribedChange =
  | {
      readonly op: 'put';
      readonly kind: RecordKind;
      readonly key: KeyTuple;
      readonly columns: { readonly lookup: readonly string[]; readonly createdAt?: number };
      readonly encoding: EncodedValue['encoding'];
      readonly digest: number;
      readonly length: number;
    }
  | Exclude<EncodedChange, { op: 'put' }>;

function decodeEntry(payload: Uint8Array, offset: number, location: string): LogEntry {
  const lineEnd = payload.indexOf(10);
  const { revision, committedAt, changes } = parseJson(payload.subarray(0, lineEnd), offset, location) as {
    revision: Revision;
    committedAt: number;
    changes: readonly DescribedChange[];
  };
  const values = decode(payload.subarray(lineEnd + 1), offset, location);
  let position = 0;
  return {
    revision,
    committedAt,
    changes: changes.map((change): EncodedChange => {
      if (change.op !== 'put') return change;
      const { op, kind, key, columns, encoding, digest, length } = change;
      const text = values.slice(position, position + length);
      position += length;
      const { lookup, createdAt } = columns;
      return { op, kind, key, columns: { lookup, createdAt }, encoding, text, digest };
    }),
  };
}

function parseJson(bytes: Uint8Array, offset: number, location: string): unknown {
  try {
    return JSON.parse(decode(bytes, offset, location));
  } catch (cause) {
    if (cause instanceof StorageError) throw cause;
    throw damagedLog(location, offset, 'a commit cannot be read', cause);
  }
}

function decode(bytes: Uint8Array, offset: number, location: string): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw damagedLog(location, offset, 'a commit is not valid UTF-8', cause);
  }
}
