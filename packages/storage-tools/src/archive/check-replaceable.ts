import { open, stat } from 'node:fs/promises';
import { constants, gunzipSync } from 'node:zlib';
import { StorageError } from '@gati-framework/manifest-store';
import { ARCHIVE_FORMAT } from './archive-format.js';

const BEGINNING = Buffer.from(`{"format":"${ARCHIVE_FORMAT}"`);
const GZIP = Buffer.from([0x1f, 0x8b]);

/** More than the beginning of an archive takes, also compressed. */
const HEAD_BYTES = 512;

/**
 * An archive takes the place of an archive, or of an empty file, and of nothing
 * else: the name of the store itself is typed as easily.
 *
 * @throws StorageError `INVALID_OPTIONS` for any other file, and what is no file.
 */
export async function checkReplaceable(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return; // What cannot be looked at cannot be written either, and that is told then.
  if (!found.isFile()) throw refused(file, 'no file', 'Name another file.');
  if (found.size === 0 || isArchive(await headOf(file))) return;
  throw refused(
    file,
    'no archive, and nothing else is replaced',
    'Name another file, or delete this one first.',
  );
}

async function headOf(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function isArchive(head: Buffer): boolean {
  const plain = head.subarray(0, 2).equals(GZIP) ? unpacked(head) : head;
  return plain.subarray(0, BEGINNING.length).equals(BEGINNING);
}

/** As much as the beginning of a compressed file tells; nothing if it is damaged. */
function unpacked(head: Buffer): Buffer {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}

function refused(file: string, problem: string, remedy: string): StorageError {
  return new StorageError('INVALID_OPTIONS', `${file} is there and is ${problem}. ${remedy}`, {
    path: 'file',
  });
}
