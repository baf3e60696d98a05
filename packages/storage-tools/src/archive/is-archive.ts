import { open } from 'node:fs/promises';
import { constants, gunzipSync } from 'node:zlib';
import { ARCHIVE_FORMAT } from './archive-format.js';

const BEGINNING = Buffer.from(`{"format":"${ARCHIVE_FORMAT}"`);
const GZIP = Buffer.from([0x1f, 0x8b]);

/** More than the beginning of an archive takes, also compressed. */
const HEAD_BYTES = 512;

/**
 * Whether a file begins as an archive does, compressed or not.
 *
 * @throws The error of the file system when it cannot be read.
 */
export async function isArchive(file: string): Promise<boolean> {
  const head = await headOf(file);
  const plain = isCompressed(head) ? unpacked(head) : head;
  return plain.subarray(0, BEGINNING.length).equals(BEGINNING);
}

export function isCompressed(head: Buffer): boolean {
  return head.subarray(0, GZIP.length).equals(GZIP);
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

/** As much as the beginning of a compressed file tells; nothing if it is damaged. */
function unpacked(head: Buffer): Buffer {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}
