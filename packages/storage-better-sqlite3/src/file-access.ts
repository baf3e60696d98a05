import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StorageError } from '@gati-framework/manifest-store';

/** What SQLite is given to open: a path, or the content of a file that cannot be opened in place. */
export type FileAccess = string | Buffer;

/** Refuses a file that cannot be written although it should be, before SQLite opens it in a lesser way. */
export function accessForWriting(filename: string): FileAccess {
  for (const path of existsSync(filename) ? [filename, dirname(filename)] : []) {
    if (writeProblem(path) === undefined) continue;
    throw new StorageError(
      'STORAGE_READONLY',
      `${path} cannot be written. Make the file and its folder writable, or open it with readOnly: true.`,
    );
  }
  return filename;
}

/**
 * SQLite shares a file in WAL mode through two more files beside it, so it
 * cannot open one on a read-only file system. Such a file is read into memory.
 */
export function accessForReading(filename: string): FileAccess {
  const isFixed = existsSync(filename) && writeProblem(dirname(filename)) === 'EROFS' && !hasLog(filename);
  if (!isFixed) return filename;
  const content = readFileSync(filename);
  // The header's two format versions: 2 is WAL, which a database in memory cannot be in; 1 is not.
  if (content.length > 19) content.fill(1, 18, 20);
  return content;
}

/** Whether there are commits that are not in the database file yet. */
export function hasLog(filename: string): boolean {
  return (statSync(`${filename}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function writeProblem(path: string): string | undefined {
  try {
    accessSync(path, constants.W_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}
