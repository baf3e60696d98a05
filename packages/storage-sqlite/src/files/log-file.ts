import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from './folder.js';
import { readIfThere } from './if-there.js';

/** Where the commit log of a database file lies. */
export function logPathOf(filename: string): string {
  return `${filename}-oplog`;
}

/** The content of the log, if there is any. */
export function readLog(filename: string): Uint8Array | undefined {
  const content = readIfThere(logPathOf(filename));
  return content?.length === 0 ? undefined : content;
}

/** Removes the log, durably: its commits are in the database now. */
export function removeLog(filename: string): void {
  rmSync(logPathOf(filename), { force: true });
  syncFolder(dirname(filename));
}
