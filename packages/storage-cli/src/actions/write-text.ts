import { writeFile } from 'node:fs/promises';
import { StorageError } from '@gati-framework/manifest-store';

/**
 * Writes what a command made to a file of its own name. A file that is there is left alone, as it may be
 * anything, the store above all.
 */
export async function writeText(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const remedy =
      cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
        ? 'It is there already, and is not replaced. Name another one, or remove it.'
        : 'Name a file in a folder that is there, may be written to and has room.';
    throw new StorageError('STORAGE_UNAVAILABLE', `${file} cannot be written: ${reason}. ${remedy}`, {
      path: 'output',
      cause,
    });
  }
}
