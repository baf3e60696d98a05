import { type Stats, statSync } from 'node:fs';
import { StorageError } from '@gati-framework/manifest-store';
import { statIfThere } from '../files/if-there.js';
import { logPathOf } from '../files/log-file.js';
import { contentState, SQLITE_FILES } from '../files/stored-file.js';

/** What a reader has to notice by itself, as SQLite does not look at it. */
interface ReadState {
  readonly opened: string;
  now(): string;
}

/** Yields what a `PRAGMA` of the connection answers. */
type ReadPragma = (name: string) => unknown;

/**
 * Remembers which file was opened. SQLite goes on writing to a file that was
 * deleted or replaced without an error, and such writes are gone.
 */
export class WatchedFile {
  readonly #filename: string;
  readonly #opened: Stats;
  readonly #readPragma: ReadPragma;
  readonly #read: ReadState | undefined;
  #size: number;
  #schemaVersion: unknown;

  constructor(filename: string, readPragma: ReadPragma, read?: ReadState) {
    this.#filename = filename;
    this.#opened = statSync(filename);
    this.#readPragma = readPragma;
    this.#read = read;
    this.#size = this.#opened.size;
  }

  /** The file holds a store now, whose tables this connection may just have made. */
  opened(): void {
    this.#schemaVersion = this.#readPragma('schema_version');
  }

  verify(): void {
    const found = statIfThere(this.#filename);
    if (found === undefined) throw this.#replaced('deleted');
    if (found.ino !== this.#opened.ino || found.dev !== this.#opened.dev) throw this.#replaced('replaced');
    if (found.size < this.#size && !this.#wasVacuumed()) throw this.#replaced('overwritten');
    this.#size = found.size;
    if (this.#read?.now() !== this.#read?.opened) throw this.#replaced('written from elsewhere');
  }

  /** A store only grows, unless somebody runs VACUUM or restores another one through SQLite: both change the schema's version. */
  #wasVacuumed(): boolean {
    const known = this.#schemaVersion;
    this.#schemaVersion = this.#readPragma('schema_version');
    return this.#schemaVersion !== known || this.#readPragma('auto_vacuum') !== 0;
  }

  #replaced(what: string): StorageError {
    return new StorageError(
      'STORAGE_REPLACED',
      `${this.#filename} was ${what} while it was open, so this storage no longer shows what is there. ` +
        'Close it and open the file again.',
    );
  }
}

/** Of a database with all that is kept beside it. */
export function contentStates(filename: string): string {
  const paths = ['', ...SQLITE_FILES].map((suffix) => `${filename}${suffix}`);
  return [...paths, logPathOf(filename)].map((path) => contentState(path) ?? '-').join(' ');
}

/** Of the commits that sql.js makes beside a database. */
export function logState(filename: string): string {
  return contentState(logPathOf(filename)) ?? '-';
}
