import { join } from 'node:path';
import { BACKENDS } from './backends.mjs';
import { placeOn, serverOf } from './servers.mjs';

/** Stores that are removed before what a server keeps of them all the same is tidied up: it would fill that. */
const TIDIED_UP_AFTER = 20;
let removed = 0;

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

/** Removes a store that is on a server, of which there are many. */
export async function removeStore(backend, place) {
  if (BACKENDS[backend].kind !== 'server') return;
  await BACKENDS[backend].drop(place);
  removed += 1;
  if (removed % TIDIED_UP_AFTER > 0) return;
  const server = await serverOf(backend);
  await server.tidyUp?.();
}
