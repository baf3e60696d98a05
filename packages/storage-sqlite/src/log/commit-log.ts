import { type RecordKind, type Revision, StorageError } from '@gati-framework/manifest-store';
import type { KeyTuple } from '@gati-framework/manifest-store/backend';
import type { EncodedChange, EncodedValue } from '@gati-framework/storage-kit';
import { knownKind } from '../sql/known-kind.js';
import { crc32 } from './crc32.js';

/** A commit as the log holds it. */
export interface LogEntry {
  readonly revision: Revision;
  readonly committedAt: number;
  readonly note?: string | undefined;
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

export const FORMAT = 'gati-oplog';
export const VERSION = 1;
/** Length of the payload, CRC-32 of that length, CRC-32 of the payload: 32 bits each, little-endian. */
export const FRAME_HEADER = 12;
/** Smallest unit that a disk writes at once: what a write did not reach stays zero in steps of it. */
const SECTOR = 512;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

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
    const { line, values } = splitPayload(next.payload, offset, location);
    base ??= readBase(line, location);
    entries.push(...readEntries(line, values, location));
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

interface Frame {
  readonly payload: Uint8Array;
  readonly end: number;
}

/** The frame at an offset; `undefined` where the log ends, be it in the middle of an unfinished write. */
function readFrame(bytes: Uint8Array, offset: number, location: string): Frame | undefined {
  const start = offset + FRAME_HEADER;
  if (start > bytes.length) return undefined;
  const end = endOfFrame(bytes, offset);
  if (end === undefined) {
    if (isLastAndUnfinished(bytes, offset, start, start)) return undefined;
    throw damagedLog(location, offset, 'the length of a commit does not match its checksum');
  }
  if (end > bytes.length) return undefined;
  const payload = bytes.subarray(start, end);
  if (crc32(payload) === viewOf(bytes).getUint32(offset + 8, true)) return { payload, end };
  if (isLastAndUnfinished(bytes, start, end, end)) return undefined;
  throw damagedLog(location, offset, 'a commit does not match its checksum');
}

/** Where the frame at an offset ends by its header, if that is intact. */
function endOfFrame(bytes: Uint8Array, offset: number): number | undefined {
  const view = viewOf(bytes);
  if (crc32(bytes, offset, offset + 4) !== view.getUint32(offset + 4, true)) return undefined;
  return offset + FRAME_HEADER + view.getUint32(offset, true);
}

/**
 * Whether what is wrong between `start` and `end` is a write that a power
 * failure left unfinished: a disk may write its sectors in any order, so that
 * one is missing. Only the last write can be; after `next` there is no frame.
 */
function isLastAndUnfinished(bytes: Uint8Array, start: number, end: number, next: number): boolean {
  if (!hasUnwrittenSector(bytes, start, end)) return false;
  for (let offset = next; offset + FRAME_HEADER < bytes.length; offset++) {
    const found = endOfFrame(bytes, offset);
    if (found === undefined || found > bytes.length || found === offset + FRAME_HEADER) continue;
    if (crc32(bytes, offset + FRAME_HEADER, found) === viewOf(bytes).getUint32(offset + 8, true))
      return false;
  }
  return true;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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

/** The JSON line of a payload, and the values behind it. */
function splitPayload(
  payload: Uint8Array,
  offset: number,
  location: string,
): { line: LogLine; values: string } {
  const lineEnd = payload.indexOf(10);
  try {
    const line: LogLine = JSON.parse(decoder.decode(payload.subarray(0, Math.max(lineEnd, 0))));
    return { line, values: decoder.decode(payload.subarray(lineEnd + 1)) };
  } catch (cause) {
    throw damagedLog(location, offset, 'a commit cannot be read', cause);
  }
}

/** Of the first frame. */
function readBase({ format, version, base }: LogLine, location: string): LogBase {
  if (format !== FORMAT || version === undefined || base === undefined) {
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
  return base;
}

interface LogLine {
  readonly format?: string;
  readonly version?: number;
  readonly base?: LogBase;
  readonly commits: readonly {
    readonly revision: Revision;
    readonly committedAt: number;
    readonly note?: string;
    readonly changes: readonly DescribedChange[];
  }[];
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

function readEntries({ commits }: LogLine, values: string, location: string): LogEntry[] {
  let position = 0;
  return commits.map(({ revision, committedAt, note, changes }) => ({
    revision,
    committedAt,
    ...(note !== undefined && { note }),
    changes: changes.map((change): EncodedChange => {
      if (change.op !== 'clear') knownKind(change.kind, location);
      if (change.op !== 'put') return change;
      const { op, kind, key, columns, encoding, digest, length } = change;
      const text = values.slice(position, position + length);
      position += length;
      const { lookup, createdAt } = columns;
      return { op, kind, key, columns: { lookup, createdAt }, encoding, text, digest };
    }),
  }));
}
