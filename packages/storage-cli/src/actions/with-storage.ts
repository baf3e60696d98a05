import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInMemoryStorage, type Storage, StorageError } from '@gati-framework/manifest-store';
import { type OpenStorageOptions, openStorage, storageFile } from '@gati-framework/storage-tools';
import type { PastStorage } from '@gati-framework/storage-tools/history';
import type { ReadingProgress } from '../reading-progress.js';
import { tellOfWaiting } from '../tell-of-waiting.js';
import type { OpeningTerminal } from '../terminal.js';
import { asUsage } from '../usage-error.js';

/** Opens a storage, and closes it whatever happens; on Ctrl-C at once, so that what is still to come is refused. */
export async function withStorage<T>(
  url: string,
  options: OpenStorageOptions,
  terminal: OpeningTerminal,
  use: (storage: Storage) => Promise<T>,
): Promise<T> {
  await using storage = await asUsage(() => openStorage(url, options));
  if (options.readOnly) assertExists(url);
  return await closedOnAbort(storage, terminal.signal, async () => {
    await tellOfWaiting(terminal, { store: url }, async () => {
      // A store that is still to be made is made by what is written, so that what comes to nothing makes none.
      if (options.readOnly || (await isThere(url))) await storage.open();
    });
    return await use(storage);
  });
}

async function isThere(url: string): Promise<boolean> {
  const file = storageFile(url);
  if (file !== undefined) return existsSync(file);
  const { inspectStore } = await import('@gati-framework/storage-tools/schema');
  const { schemaVersion } = await inspectStore(url);
  return schemaVersion !== 0;
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
  terminal: OpeningTerminal,
  use: (storage: PastStorage) => Promise<T>,
  progress?: ReadingProgress,
): Promise<T> {
  return await withStorage(store, { readOnly: true }, terminal, async (opened) => {
    const storage = progress === undefined ? opened : progress.of(opened);
    if (at === undefined) return await use(storage);
    const { storageAt } = await import('@gati-framework/storage-tools/history');
    return await use(storageAt(storage, at));
  });
}

/** A store that is there, opened to be written to only where something is to be done: a mistyped name makes none. */
export async function withExistingStorage<T>(
  url: string,
  { write, terminal }: { readonly write: boolean; readonly terminal: OpeningTerminal },
  use: (storage: Storage) => Promise<T>,
): Promise<T> {
  if (!write) return await withStorage(url, { readOnly: true }, terminal, use);
  await asUsage(() => assertExists(url));
  return await withStorage(url, {}, terminal, use);
}

/** A store to compare with: one that does not exist yet is empty, and is not created. */
export async function withStorageToCompare<T>(
  url: string,
  terminal: OpeningTerminal,
  use: (storage: Storage) => Promise<T>,
): Promise<T> {
  const file = await asUsage(() => storageFile(url));
  if (file === undefined || existsSync(file)) {
    try {
      return await withStorage(url, { readOnly: true }, terminal, use);
    } catch (error) {
      if (!isEmptyDatabase(error)) throw error;
    }
  }
  await using storage = createInMemoryStorage();
  return await closedOnAbort(storage, terminal.signal, () => use(storage));
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

async function closedOnAbort<T>(storage: Storage, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const close = (): void => {
    storage.close().catch(() => {}); // reported by the close that follows
  };
  signal.addEventListener('abort', close, { once: true });
  try {
    signal.throwIfAborted();
    return await work();
  } finally {
    signal.removeEventListener('abort', close);
  }
}
