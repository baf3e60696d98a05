import { stat } from 'node:fs/promises';
import { StorageError } from '@gati-framework/manifest-store';
import { isArchive } from './is-archive.js';

/**
 * An archive takes the place of an archive, or of an empty file, and of nothing
 * else: the name of the store itself is typed as easily.
 *
 * @throws StorageError `INVALID_OPTIONS` for any other file, and what is no file.
 */
export async function checkReplaceable(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return; // What cannot be looked at cannot be written either, and that is told then.
  if (!found.isFile()) throw refused(file, 'no file', 'Name another file.');
  if (found.size === 0 || (await isArchive(file))) return;
  throw refused(
    file,
    'no archive, and nothing else is replaced',
    'Name another file, or delete this one first.',
  );
}

function refused(file: string, problem: string, remedy: string): StorageError {
  return new StorageError('INVALID_OPTIONS', `${file} is there and is ${problem}. ${remedy}`, {
    path: 'file',
  });
}
