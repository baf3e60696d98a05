import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { StorageError } from '@gati-framework/manifest-store';
import { statIfThere } from './if-there.js';

/** Makes a folder with all that it lies in, durably. */
export function makeFolder(folder: string): void {
  const found = statIfThere(folder);
  if (found?.isDirectory() === true) return;
  if (found !== undefined) {
    throw new StorageError(
      'STORAGE_UNAVAILABLE',
      `${folder} should be the folder of the store, and is a file.`,
    );
  }
  const first = mkdirSync(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) syncFolder(dirname(made));
}

/** Makes the creation, renaming and removal of files in a folder durable. */
export function syncFolder(folder: string): void {
  // Windows has no such thing, and keeps its folders safe by itself.
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
