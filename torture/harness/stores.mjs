import { join } from 'node:path';
import { BACKENDS } from './backends.mjs';
import { placeOn, serverOf } from './servers.mjs';

/**
 * A place for a new store of a backend.
 *
 * @returns {Promise<{ place: string, server: Awaited<ReturnType<typeof serverOf>> }>}
 */
export async function storeFor(backend, folder) {
  const server = await serverOf(backend);
  if (server !== undefined) return { place: placeOn(server, backend), server };
  return { place: BACKENDS[backend].kind === 'file' ? join(folder, 'store.db') : '', server };
}
