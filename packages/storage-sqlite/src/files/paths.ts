import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

/** Where the commit log of a database file lies. */
export function logPathOf(filename: string): string {
  return `${filename}-oplog`;
}

/** Removes the log, durably: its commits are in the database now. */
export function removeLog(filename: string): void {
  rmSync(logPathOf(filename), { force: true });
  syncFolder(dirname(filename));
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
