import { StorageError } from '@gati-framework/manifest-store';

const HEADER = 32;
const FRAME_HEADER = 24;
const LITTLE_ENDIAN = 0x377f0682;
const BIG_ENDIAN = 0x377f0683;

/**
 * The database as SQLite would find it: with the committed pages of the
 * write-ahead log that a process left behind when it was killed. The layout is
 * SQLite's documented file format, section 4.
 */
export function mergeWal(database: Uint8Array, wal: Uint8Array, location: string): Uint8Array {
  if (wal.length < HEADER) return database;
  const view = new DataView(wal.buffer, wal.byteOffset, wal.byteLength);
  const magic = view.getUint32(0);
  if (magic !== LITTLE_ENDIAN && magic !== BIG_ENDIAN) {
    throw new StorageError(
      'STORAGE_CORRUPT',
      `${location} is damaged at byte 0: it is not a write-ahead log of SQLite. Nothing was changed. ` +
        'Restore it and the database beside it from a backup.',
      { details: { location, offset: 0 } },
    );
  }
  const checksum = new WalChecksum(view, magic === LITTLE_ENDIAN);
  checksum.add(0, 24);
  // A header that was never finished begins a log without content.
  if (!checksum.matches(24)) return database;
  const pageSize = view.getUint32(8);
  let pending = new Map<number, number>();
  let merged = database;
  for (let frame = HEADER; frame + FRAME_HEADER + pageSize <= wal.length; frame += FRAME_HEADER + pageSize) {
    // What follows is of an earlier use of the file, or was never finished.
    if (view.getBigUint64(frame + 8) !== view.getBigUint64(16)) break;
    checksum.add(frame, 8);
    checksum.add(frame + FRAME_HEADER, pageSize);
    if (!checksum.matches(frame + 16)) break;
    pending.set(view.getUint32(frame), frame + FRAME_HEADER);
    const pagesAfterCommit = view.getUint32(frame + 4);
    if (pagesAfterCommit === 0) continue;
    merged = withPages(merged, wal, pending, pageSize, pagesAfterCommit);
    pending = new Map();
  }
  return merged;
}

function withPages(
  database: Uint8Array,
  wal: Uint8Array,
  pages: ReadonlyMap<number, number>,
  pageSize: number,
  pageCount: number,
): Uint8Array {
  const size = pageCount * pageSize;
  let merged = database;
  if (database.length !== size) {
    merged = new Uint8Array(size);
    merged.set(database.subarray(0, size));
  }
  for (const [number, offset] of pages) {
    if (number <= pageCount) merged.set(wal.subarray(offset, offset + pageSize), (number - 1) * pageSize);
  }
  return merged;
}

/** SQLite's running checksum over pairs of 32-bit words. */
class WalChecksum {
  readonly #view: DataView;
  readonly #littleEndian: boolean;
  #first = 0;
  #second = 0;

  constructor(view: DataView, littleEndian: boolean) {
    this.#view = view;
    this.#littleEndian = littleEndian;
  }

  add(start: number, length: number): void {
    for (let i = start; i < start + length; i += 8) {
      this.#first = (this.#first + this.#view.getUint32(i, this.#littleEndian) + this.#second) >>> 0;
      this.#second = (this.#second + this.#view.getUint32(i + 4, this.#littleEndian) + this.#first) >>> 0;
    }
  }

  /** Stored in big-endian order in any case. */
  matches(offset: number): boolean {
    return this.#view.getUint32(offset) === this.#first && this.#view.getUint32(offset + 4) === this.#second;
  }
}
