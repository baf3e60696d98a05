import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { statIfThere } from '../files/if-there.js';
import { isOpenInSqlite } from '../files/sharing/open-connections.js';
import { readStoredFile } from '../files/stored-file.js';
import { contentStates } from './watched-file.js';

/** What SQLite is given to open: a path, or the content of a file that is not to be opened in place. */
export type FileAccess = string | PrivateCopy;

export interface PrivateCopy {
  readonly content: Buffer;
  /** What {@link contentStates} answered for it. */
  readonly state: string;
}

/**
 * SQLite shares a file in WAL mode through two more files beside it, and makes
 * them when nobody has it open. A reader that cannot do so, or to whom they
 * would belong instead of the owner of the store, reads the file into memory;
 * and so does one that finds an unfinished transaction, which it may not undo.
 */
export function accessForReading(filename: string): FileAccess {
  const isOpen = isOpenInSqlite(filename);
  const isUnfinished = (statIfThere(`${filename}-journal`)?.size ?? 0) > 0;
  if (isOpen ? canReach(filename) : canShare(filename) && !isUnfinished) return filename;
  return readPrivately(filename);
}

/** The content of a file at one moment, with what SQLite keeps beside it. */
export function readPrivately(filename: string): PrivateCopy {
  for (;;) {
    const state = contentStates(filename);
    const { content = new Uint8Array() } = readStoredFile(filename);
    if (contentStates(filename) !== state) continue; // somebody wrote to it meanwhile
    const copy = Buffer.from(content);
    // The header's two format versions: 2 is WAL, which a database in memory cannot be in; 1 is not.
    if (copy.length > 19) copy.fill(1, 18, 20);
    return { content: copy, state };
  }
}

/** Whether what others keep beside the file, who have it open, can be used too. */
function canReach(filename: string): boolean {
  return (
    canShare(filename) || ['-wal', '-shm'].every((suffix) => may(`${filename}${suffix}`, constants.R_OK))
  );
}

/** Whether SQLite can make what it needs beside the file, and it would be its owner's. As root, SQLite gives it to them. */
function canShare(filename: string): boolean {
  const user = process.geteuid?.();
  const isOwner = user === undefined || user === 0 || user === statIfThere(filename)?.uid;
  return isOwner && may(dirname(filename), constants.W_OK);
}

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
