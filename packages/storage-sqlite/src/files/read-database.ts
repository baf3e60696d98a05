import { closeSync, fstatSync, openSync } from 'node:fs';
import { StorageError } from '@gati-framework/manifest-store';
import { exactStatIfThere, readIfThere, readUpTo } from './if-there.js';
import { claimsOn } from './sharing/claim-files.js';
import { lockedInodes } from './sharing/open-connections.js';
import { isThisProcess } from './sharing/this-process.js';

/**
 * The content of a database file, if there is one, or its beginning.
 *
 * On POSIX, a process that closes a file loses every lock that it has on it,
 * whichever descriptor they were taken through. Other processes would then take
 * SQLite's connections of this process for closed, and do away with the log that
 * they write to. So a file that may be locked from here stays open.
 *
 * @param most Bytes that are read at most. Default: all of them.
 * @throws `STORAGE_LOCKED` in a worker thread, with which everything is closed
 * that it has opened, when the process has locks on the file.
 */
export function readDatabase(
  filename: string,
  most: number = Number.POSITIVE_INFINITY,
): Uint8Array | undefined {
  const inode = exactStatIfThere(filename);
  if (inode === undefined) return undefined;
  if (process.platform === 'win32' || !mayBeLockedHere(filename, String(inode.ino)))
    return readIfThere(filename, most);
  if (isWorker() && isLockedHere(filename, String(inode.ino))) throw notFromWorker(filename);
  return readUpTo(most, keepOpen(filename, `${inode.dev}:${inode.ino}`));
}

/** Asked of the process, as an import would load threads and streams at the start of each. */
function isWorker(): boolean {
  return !process.getBuiltinModule('node:worker_threads').isMainThread;
}

function mayBeLockedHere(filename: string, inode: string): boolean {
  return lockedInodes()?.has(inode) ?? isSharedHere(filename);
}

function isLockedHere(filename: string, inode: string): boolean {
  return lockedInodes(process.pid)?.has(inode) ?? isSharedHere(filename);
}

function isSharedHere(filename: string): boolean {
  return claimsOn(filename).some(({ form, user }) => form === 'sharer' && user && isThisProcess(user));
}

/** By device and inode. One for all copies of this module, of which an application may load several. */
const REGISTRY = Symbol.for('@gati-framework/storage-sqlite/kept-open');

function keepOpen(filename: string, key: string): number {
  const registry = globalThis as { [REGISTRY]?: Map<string, number> };
  registry[REGISTRY] ??= new Map();
  const kept = registry[REGISTRY];
  closeUnlocked(kept, key);
  const known = kept.get(key);
  if (known !== undefined) return known;
  const descriptor = openSync(filename, 'r');
  const { dev, ino } = fstatSync(descriptor, { bigint: true });
  kept.set(`${dev}:${ino}`, descriptor);
  return descriptor;
}

/** Files that were replaced since, or closed by SQLite. */
function closeUnlocked(kept: Map<string, number>, wanted: string): void {
  const locked = lockedInodes();
  for (const [key, descriptor] of kept) {
    if (key === wanted || locked === undefined || locked.has(key.split(':')[1] ?? '')) continue;
    kept.delete(key);
    closeSync(descriptor);
  }
}

function notFromWorker(filename: string): StorageError {
  return new StorageError(
    'STORAGE_LOCKED',
    `${filename} is open through SQLite in this process, which would lose its locks on it when this worker thread ends. ` +
      'Read it in the main thread, or with the package that has it open.',
  );
}
