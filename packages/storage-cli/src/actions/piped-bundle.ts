import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Bundle, type ReadBundleOptions, readBundle } from '@gati-framework/storage-tools/deploy';
import type { Terminal } from '../terminal.js';

/** How a bundle from a pipe is called in messages and notes. */
export const PIPED = 'standard input';

/** Of a file, or of standard input for `-`: that is kept in a file until it was read, as an archive is larger than memory should hold. */
export async function bundleOf(
  path: string,
  { input, signal }: Terminal,
  options: Pick<ReadBundleOptions, 'onProgress'>,
): Promise<Bundle> {
  if (path !== '-') return await readBundle(path, options);
  const folder = await mkdtemp(join(tmpdir(), 'gati-deploy-'));
  try {
    const file = join(folder, 'bundle');
    await pipeline(input, createWriteStream(file, { mode: 0o600 }), { signal });
    return await readBundle(file, { ...options, name: PIPED });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
