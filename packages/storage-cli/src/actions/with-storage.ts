import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInMemoryStorage, type Storage, StorageError } from '@gati-framework/manifest-store';
import { type OpenStorageOptions, openStorage, storageFile } from '@gati-framework/storage-tools';
import type { PastStorage } from '@gati-framework/storage-tools/history';
import type { ReadingProgress } from '../reading-progress.js';
import { asUsage } from '../usage-error.js';

/** Closes the storage whatever happens; on Ctrl-C at once, so that what is still to come is refused. */
export async function withStorage<T>(
  url: string,
  options: OpenStorageOptions,
  signal: AbortSignal,
  use: (storage: Storage) => Promise<T>,
): Promise<T> {
  await using storage = await asUsage(() => openStorage(url, options));
  if (options.readOnly) assertExists(url);
  return await closedOnAbort(storage, signal, use);
}

export interface StoreToRead {
  readonly store: string;
  /** Default: as it is now. */
  readonly at?: number;
}

/**
 * A store as it is, or as it was.
 *
 * @param progress Of what is read, if that is told.
 */
export async function withStorageAt<T>(
  { store, at }: StoreToRead,
  signal: AbortSignal,
  use: (storage: PastStorage) => Promise<T>,
  progress?: ReadingProgress,
): Promise<T> {
  return await withStorage(store, { readOnly: true }, signal, async (opened) => {
    const storage = progress === undefined ? opened : progress.of(opened);
    if (at === undefined) return await use(storage);
    const { storageAt } = await import('@gati-framework/storage-tools/history');
    return await use(storageAt(storage, at));
  });
}

/** A store that is there, opened to be written to only where something is to be done: a mistyped name makes none. */
export async function withExistingStorage<T>(
  url: string,
  { write, signal }: { readonly write: boolean; readonly signal: AbortSignal },
  use: (storage: Storage) => Promise<T>,
): Promise<T> {
  if (!write) return await withStorage(url, { readOnly: true }, signal, use);
  await asUsage(() => assertExists(url));
  return await withStorage(url, {}, signal, use);
}

/** A store to compare with: one that does not exist yet is empty, and is not created. */
export async function withStorageToCompare<T>(
  url: string,
  signal: AbortSignal,
  use: (storage: Storage) => Promise<T>,
): Promise<T> {
  const file = await asUsage(() => storageFile(url));
  if (file === undefined || existsSync(file)) {
    try {
      return await withStorage(url, { readOnly: true }, signal, use);
    } catch (error) {
      if (!isEmptyDatabase(error)) throw error;
    }
  }
  await using storage = createInMemoryStorage();
  return await closedOnAbort(storage, signal, use);
}

/** A server that has the database, and no store in it yet. */
function isEmptyDatabase(error: unknown): boolean {
  return error instanceof StorageError && error.code === 'STORAGE_UNAVAILABLE' && error.details?.found === 0;
}

/** @throws StorageError `STORAGE_UNAVAILABLE` when a file is named that is not there. */
export function assertExists(
  url: string,
  remedy: string = 'Name the store with --store or GATI_STORAGE, or create this one: ' +
    `gati-storage import <file> --store ${url}`,
): void {
  const file = storageFile(url);
  if (file === undefined || existsSync(file)) return;
  throw new StorageError('STORAGE_UNAVAILABLE', `${resolve(file)} does not exist. ${remedy}`);
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
