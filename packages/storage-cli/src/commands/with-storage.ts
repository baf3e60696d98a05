import { existsSync } from 'node:fs';
import { createInMemoryStorage, type Storage } from '@gati-framework/manifest-store';
import { type OpenStorageOptions, openStorage, storageFile } from '../open-storage.js';
import type { Terminal } from '../terminal.js';

/** The store of a command without `--store`. */
export function defaultStore(terminal: Pick<Terminal, 'env'>): string {
  const { GATI_STORAGE: url } = terminal.env;
  return url === undefined || url === '' ? 'sqlite:./gati.db' : url;
}

/** Closes the storage whatever happens; on Ctrl-C at once, so that what is still to come is refused. */
export async function withStorage<T>(
  url: string,
  options: OpenStorageOptions,
  signal: AbortSignal,
  use: (storage: Storage) => Promise<T>,
): Promise<T> {
  await using storage = await openStorage(url, options);
  return await closedOnAbort(storage, signal, use);
}

/** A store to compare with: one that does not exist yet is empty, and is not created. */
export async function withStorageToCompare<T>(
  url: string,
  signal: AbortSignal,
  use: (storage: Storage) => Promise<T>,
): Promise<T> {
  const file = storageFile(url);
  if (file === undefined || existsSync(file)) return withStorage(url, { readOnly: true }, signal, use);
  await using storage = createInMemoryStorage();
  return await closedOnAbort(storage, signal, use);
}

async function closedOnAbort<T>(
  storage: Storage,
  signal: AbortSignal,
  use: (storage: Storage) => Promise<T>,
): Promise<T> {
  const close = (): void => {
    storage.close().catch(() => {}); // reported by the close that follows
  };
  signal.addEventListener('abort', close, { once: true });
  try {
    signal.throwIfAborted();
    return await use(storage);
  } finally {
    signal.removeEventListener('abort', close);
  }
}
