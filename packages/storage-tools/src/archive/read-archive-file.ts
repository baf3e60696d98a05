import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { PutChange } from '@gati-framework/manifest-store';
import { badArchive } from './archive-error.js';
import { isCompressed } from './is-archive.js';
import { readArchive } from './read-archive.js';
import type { ArchiveSummary } from './write-archive.js';

/**
 * The records of an archive in a file, compressed or not, checked as {@link readArchive} does: store nothing before it
 * has ended, or in one commit. Memory does not grow with the file but for what notices a record that is there twice.
 *
 * @throws StorageError `INVALID_ARCHIVE`, with the line; the error of the file system when the file cannot be read.
 */
export async function* readArchiveFile(file: string): AsyncGenerator<PutChange, ArchiveSummary, undefined> {
  return yield* readArchive(bytesOf(file));
}

async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  const input = createReadStream(file);
  const chunks = input[Symbol.asyncIterator]();
  try {
    const first = await chunks.next();
    if (first.done === true) return;
    const head: Buffer = first.value;
    const rest = withHead(head, chunks);
    yield* isCompressed(head) ? unpacked(rest) : rest;
  } finally {
    input.destroy();
  }
}

async function* withHead(head: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  for (let chunk = await chunks.next(); chunk.done !== true; chunk = await chunks.next()) yield chunk.value;
}

async function* unpacked(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  // It destroys both ends when either fails, and the loop below throws what it failed of.
  const fed = pipeline(bytes, gunzip);
  fed.catch(() => {});
  try {
    for await (const chunk of gunzip) yield chunk;
    await fed;
  } catch (cause) {
    if (!isZlibError(cause)) throw cause;
    throw badArchive(undefined, 'cannot be unpacked: it is damaged, or its end is missing', undefined, cause);
  } finally {
    gunzip.destroy();
  }
}

function isZlibError(error: unknown): boolean {
  return /^Z_/.test(String(Object(error).code));
}
