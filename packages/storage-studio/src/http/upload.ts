import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LIMITS } from '../api/index.js';
import { tooLarge } from './too-large.js';

/** A file of the body of a request, in a folder that nobody else may read and that is gone afterwards. It may be so long and no longer. */
export async function withUpload<T>(
  request: IncomingMessage,
  use: (upload: { readonly path: string }) => Promise<T>,
): Promise<T> {
  if (Number(request.headers['content-length'] ?? 0) > LIMITS.upload) throw tooLarge(LIMITS.upload);
  const folder = await mkdtemp(join(tmpdir(), 'gati-studio-'));
  try {
    const path = join(folder, 'upload');
    await pipeline(bounded(request), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    return await use({ path });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* bounded(request: IncomingMessage): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > LIMITS.upload) throw tooLarge(LIMITS.upload);
    yield chunk;
  }
}
