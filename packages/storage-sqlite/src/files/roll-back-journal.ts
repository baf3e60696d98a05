import { StorageError } from '@gati-framework/manifest-store';

const MAGIC = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
const HEADER = 28;
/** Instead of a number of pages: as many as there are. */
const ALL_PAGES = 0xffffffff;

/**
 * The database as SQLite would find it: without the transaction that a process
 * left unfinished when it was killed. The layout is SQLite's documented file
 * format, section 3.
 *
 * @throws `STORAGE_UNAVAILABLE` for what is no journal, or that of a
 * transaction over several databases: only SQLite can tell what became of it.
 */
export function rollBackJournal(database: Uint8Array, journal: Uint8Array, location: string): Uint8Array {
  // SQLite writes the first bytes last, before it touches the database, and zeros again once the transaction has ended.
  if (journal[0] === 0) return database;
  if (!hasMagic(journal, 0) || namesSuperJournal(journal) || journal.length < HEADER)
    throw leftToSqlite(location);
  const view = new DataView(journal.buffer, journal.byteOffset, journal.byteLength);
  const first = readHeader(view, 0);
  if (!isPlausible(first)) throw leftToSqlite(location);
  const size = first.pageCount * first.pageSize;
  const restored = new Uint8Array(size);
  restored.set(database.subarray(0, size));
  let start = 0;
  while (start + HEADER <= journal.length && hasMagic(journal, start)) {
    const end = restorePages(restored, journal, view, start, first);
    if (end === undefined) break;
    // Each further part begins in a sector of its own.
    start = Math.ceil(end / first.sectorSize) * first.sectorSize;
  }
  return restored;
}

interface JournalHeader {
  /** Of the database before the transaction. */
  readonly pageCount: number;
  readonly pageSize: number;
  readonly sectorSize: number;
}

function readHeader(view: DataView, start: number): JournalHeader {
  return {
    pageCount: view.getUint32(start + 16),
    sectorSize: view.getUint32(start + 20),
    pageSize: view.getUint32(start + 24),
  };
}

function isPlausible({ pageCount, pageSize, sectorSize }: JournalHeader): boolean {
  const isPowerOfTwo = (size: number): boolean => (size & (size - 1)) === 0;
  const areSizes = pageSize >= 512 && pageSize <= 65_536 && sectorSize >= 32 && sectorSize <= 65_536;
  return areSizes && isPowerOfTwo(pageSize) && isPowerOfTwo(sectorSize) && pageCount < 2 ** 31;
}

/** Writes the pages of one part of the journal back. Yields where it ends, or nothing where it was cut short. */
function restorePages(
  database: Uint8Array,
  journal: Uint8Array,
  view: DataView,
  start: number,
  { pageSize, sectorSize }: JournalHeader,
): number | undefined {
  const stored = view.getUint32(start + 8);
  const seed = view.getUint32(start + 12);
  const length = pageSize + 8;
  let offset = start + sectorSize;
  for (let n = 0; stored === ALL_PAGES || n < stored; n++, offset += length) {
    if (offset + length > journal.length) return undefined;
    const page = journal.subarray(offset + 4, offset + 4 + pageSize);
    if (view.getUint32(offset + 4 + pageSize) !== checksum(page, seed)) return undefined;
    const position = (view.getUint32(offset) - 1) * pageSize;
    if (position >= 0 && position < database.length) database.set(page, position);
  }
  return offset;
}

/** SQLite's: every 200th byte, from the end. */
function checksum(page: Uint8Array, seed: number): number {
  let sum = seed;
  for (let i = page.length - 200; i > 0; i -= 200) sum = (sum + (page[i] ?? 0)) >>> 0;
  return sum;
}

function namesSuperJournal(journal: Uint8Array): boolean {
  return journal.length > HEADER + 16 && hasMagic(journal, journal.length - MAGIC.length);
}

function hasMagic(journal: Uint8Array, start: number): boolean {
  return MAGIC.every((byte, i) => journal[start + i] === byte);
}

function leftToSqlite(journal: string): StorageError {
  return new StorageError(
    'STORAGE_UNAVAILABLE',
    `${journal} is an unfinished transaction of another program. Open the file once with SQLite, which undoes it: ` +
      `sqlite3 ${journal.replace(/-journal$/, '')} .tables`,
  );
}
