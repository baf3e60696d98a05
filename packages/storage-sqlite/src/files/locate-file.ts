import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { StorageError } from '@gati-framework/manifest-store';
import { errorCode } from './error-code.js';
import { readLinkIfThere, statIfThere } from './if-there.js';

/** Absolute, so that a later change of the working directory changes nothing; what `..` means is left to the file system. */
export function absolutePath(filename: string): string {
  if (process.platform === 'win32') return resolve(filename);
  const path = isAbsolute(filename) ? filename : `${process.cwd()}${sep}${filename}`;
  return path.replace(/\/(?:\.\/)+/g, '/').replace(/(?<=.)\/+$/, '');
}

/**
 * The one name of a file, however it is reached: without links in it, so that
 * all who use the file put what lies beside it in the same place. The file and
 * its folders may be missing.
 *
 * @throws `STORAGE_UNAVAILABLE` for a link into a folder that does not exist:
 * a volume that is not mounted, perhaps, whose place must not be taken.
 */
export function locateFile(filename: string): string {
  const found = realPath(filename);
  if (found !== undefined) return found;
  const target = readLinkIfThere(filename);
  if (target === undefined) return join(locateFolder(dirname(filename)), basename(filename));
  const path = besides(filename, target);
  if (!existsSync(dirname(path))) throw leadsNowhere(filename, path);
  return locateFile(path);
}

/**
 * Refuses a file with several names: to each belong other files beside it, so
 * that those who use one would not see those who use another.
 *
 * @throws `STORAGE_UNAVAILABLE`
 */
export function assertOneName(filename: string): void {
  const names = statIfThere(filename)?.nlink ?? 1;
  if (names <= 1) return;
  throw new StorageError(
    'STORAGE_UNAVAILABLE',
    `${filename} has ${names} names (hard links), and a store has one: what lies beside it is found by its name. ` +
      'Remove the other names, or copy the file and open the copy. A symbolic link does no harm.',
    { details: { names } },
  );
}

function locateFolder(folder: string): string {
  const found = realPath(folder);
  if (found !== undefined) return found;
  const target = readLinkIfThere(folder);
  if (target !== undefined) throw leadsNowhere(folder, besides(folder, target));
  return join(locateFolder(dirname(folder)), basename(folder));
}

/** By the system's own function: Node's would take `..` for the folder before, also behind a link. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function besides(link: string, target: string): string {
  return isAbsolute(target) ? target : `${dirname(link)}${sep}${target}`;
}

function leadsNowhere(link: string, target: string): StorageError {
  return new StorageError(
    'STORAGE_UNAVAILABLE',
    `${link} is a symbolic link to ${target}, which does not exist. Mount or make what it should lead to.`,
    { details: { target } },
  );
}
