import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { StorageError } from '@gati-framework/manifest-store';
import { fileError } from './file-error.js';
import { makeFolder } from './folder.js';
import { statIfThere } from './if-there.js';
import { assertOneName, locateFile } from './locate-file.js';
import { assertNotMountedAlone } from './mount-point.js';

/**
 * The one name of a file that is to be written, in a folder that is there now.
 * It opens nothing: to close the file again would be felt by SQLite.
 *
 * @throws `STORAGE_UNAVAILABLE` where no store can be kept, `STORAGE_READONLY`
 * where this process may not write.
 */
export function placeToWrite(filename: string): string {
  return inPlace(filename, () => {
    const path = locateFile(filename);
    makeFolder(dirname(path));
    assertPlainFile(path);
    assertOneName(path);
    if (statIfThere(path) === undefined) return path;
    assertNotMountedAlone(path);
    for (const needed of [path, dirname(path)]) assertWritable(needed);
    return path;
  });
}

/**
 * The one name of a file that is only to be read.
 *
 * @throws `STORAGE_UNAVAILABLE` when it does not exist.
 */
export function placeToRead(filename: string): string {
  return inPlace(filename, () => {
    const path = locateFile(filename);
    assertPlainFile(path);
    assertOneName(path);
    if (statIfThere(path) !== undefined) return path;
    throw new StorageError('STORAGE_UNAVAILABLE', `${path} does not exist, and is to be read only.`);
  });
}

/** Refuses a folder, which SQLite fails to read, and a pipe, on which reading would wait for good. */
function assertPlainFile(path: string): void {
  const found = statIfThere(path);
  if (found === undefined || found.isFile()) return;
  const what = found.isDirectory() ? 'a folder' : 'a pipe or a device';
  throw new StorageError('STORAGE_UNAVAILABLE', `${path} is ${what}. Give the name of a file.`);
}

function assertWritable(path: string): void {
  try {
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw fileError(error, path);
  }
}

function inPlace(filename: string, work: () => string): string {
  try {
    return work();
  } catch (error) {
    throw fileError(error, filename);
  }
}
