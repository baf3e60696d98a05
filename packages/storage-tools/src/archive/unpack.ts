import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { badArchive } from './archive-error.js';
import { isCompressed } from './is-archive.js';

/** The bytes of an archive, unpacked if they are compressed. */
export async function* unpackedIfNeeded(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  try {
    const head = await headOf(chunks);
    const bytes = withHead(head, chunks);
    yield* isCompressed(head) ? unpacked(bytes) : bytes;
  } finally {
    await chunks.return?.();
  }
}

/** Pipes give as little as a byte at a time. */
async function headOf(chunks: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const chunk = await chunks.next();
    if (chunk.done === true) break;
    head = Buffer.concat([head, chunk.value]);
  }
  return head;
}

async function* withHead(head: Buffer, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  for (let chunk = await chunks.next(); chunk.done !== true; chunk = await chunks.next()) yield chunk.value;
}

async function* unpacked(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
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
