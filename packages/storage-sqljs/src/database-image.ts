import { StorageError } from '@gati-framework/manifest-store';

const HEADER = 100;
const MAGIC = 'SQLite format 3\0';

/**
 * The bytes of a database, made ready for a database in memory. Refuses what
 * is cut short or no database at all; a log of its own it cannot have there.
 *
 * The layout is SQLite's documented file format, section 1.3.
 */
export function prepareImage(bytes: Uint8Array, location: string): Uint8Array {
  if (bytes.length === 0) return bytes;
  if (bytes.length < HEADER || !hasMagic(bytes)) {
    throw new StorageError(
      'STORAGE_FOREIGN',
      `${location} is not a SQLite database, or its first page is damaged; nothing was changed. ` +
        'Give the store a file of its own, or restore it from a backup.',
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const storedPageSize = view.getUint16(16);
  const size = view.getUint32(28) * (storedPageSize === 1 ? 65_536 : storedPageSize);
  // SQLite sets both counters together with the number of pages; else the number means nothing.
  const isSizeKnown = view.getUint32(24) === view.getUint32(92);
  if (isSizeKnown && bytes.length < size) {
    throw new StorageError(
      'STORAGE_CORRUPT',
      `${location} ends at byte ${bytes.length} of ${size}; nothing was changed. Restore it from a backup.`,
      { details: { location, offset: bytes.length, size } },
    );
  }
  // Versions for writing and reading: 2 is WAL, which a database in memory cannot be in; 1 is not.
  if (bytes[18] === 1 && bytes[19] === 1) return bytes;
  const image = new Uint8Array(bytes); // a slice of a Buffer would be no copy
  image.fill(1, 18, 20);
  return image;
}

function hasMagic(bytes: Uint8Array): boolean {
  for (let i = 0; i < MAGIC.length; i++) if (bytes[i] !== MAGIC.charCodeAt(i)) return false;
  return true;
}
