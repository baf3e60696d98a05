import { type Stats, statSync } from 'node:fs';
import { StorageError } from '@gati-framework/manifest-store';
import { hasLog } from './file-access.js';

/**
 * Remembers which file was opened. SQLite goes on writing to a file that was
 * deleted or replaced without an error, and such writes are gone.
 */
export class WatchedFile {
  readonly #filename: string;
  /** Read into memory, so that a change of its content has to be noticed here too. */
  readonly #copied: boolean;
  readonly #opened: Stats;

  constructor(filename: string, copied: boolean) {
    this.#filename = filename;
    this.#copied = copied;
    this.#opened = statSync(filename);
  }

  verify(): void {
    const found = statSync(this.#filename, { throwIfNoEntry: false });
    if (found === undefined) throw this.#replaced('deleted');
    if (found.ino !== this.#opened.ino || found.dev !== this.#opened.dev) throw this.#replaced('replaced');
    if (!this.#copied) return;
    if (found.mtimeMs !== this.#opened.mtimeMs || hasLog(this.#filename))
      throw this.#replaced('written from elsewhere');
  }

  #replaced(what: string): StorageError {
    return new StorageError(
      'STORAGE_REPLACED',
      `${this.#filename} was ${what} while it was open, so this storage no longer shows what is there. ` +
        'Close it and open the file again.',
    );
  }
}
