import { statSync } from 'node:fs';
import { StorageError } from '@gati-framework/manifest-store';

/**
 * Remembers which file was opened. SQLite goes on writing to a file that was
 * deleted or replaced without an error, and such writes are gone.
 */
export class WatchedFile {
  readonly #filename: string;
  readonly #device: number;
  readonly #inode: number;

  constructor(filename: string) {
    const { dev, ino } = statSync(filename);
    this.#filename = filename;
    this.#device = dev;
    this.#inode = ino;
  }

  verify(): void {
    const found = statSync(this.#filename, { throwIfNoEntry: false });
    if (found?.ino === this.#inode && found.dev === this.#device) return;
    throw new StorageError(
      'STORAGE_REPLACED',
      `${this.#filename} was ${found === undefined ? 'deleted' : 'replaced'} while it was open, ` +
        'so what is written here would be lost. Close this storage and open the file that is there now.',
    );
  }
}
