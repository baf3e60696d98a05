import { type Stats, statSync } from 'node:fs';
import { StorageError } from '@gati-framework/manifest-store';
import { contentState, logPathOf, SQLITE_FILES, statIfThere } from '@gati-framework/storage-sqlite/files';

/** What a reader has to notice by itself, as SQLite does not look at it. */
interface ReadState {
  readonly opened: string;
  now(): string;
}

/** Yields what SQLite changes whenever it makes a file smaller: `PRAGMA schema_version`. */
type ReadSchemaVersion = () => unknown;

/**
 * Remembers which file was opened. SQLite goes on writing to a file that was
 * deleted or replaced without an error, and such writes are gone.
 */
export class WatchedFile {
  readonly #filename: string;
  readonly #opened: Stats;
  readonly #readSchemaVersion: ReadSchemaVersion;
  readonly #read: ReadState | undefined;
  #size: number;
  #schemaVersion: unknown;

  constructor(filename: string, readSchemaVersion: ReadSchemaVersion, read?: ReadState) {
    this.#filename = filename;
    this.#opened = statSync(filename);
    this.#readSchemaVersion = readSchemaVersion;
    this.#read = read;
    this.#size = this.#opened.size;
    this.#schemaVersion = readSchemaVersion();
  }

  verify(): void {
    const found = statIfThere(this.#filename);
    if (found === undefined) throw this.#replaced('deleted');
    if (found.ino !== this.#opened.ino || found.dev !== this.#opened.dev) throw this.#replaced('replaced');
    if (found.size < this.#size && !this.#wasVacuumed()) throw this.#replaced('overwritten');
    this.#size = found.size;
    if (this.#read?.now() !== this.#read?.opened) throw this.#replaced('written from elsewhere');
  }

  /** A store only grows, unless somebody runs VACUUM or restores another one through SQLite. */
  #wasVacuumed(): boolean {
    const known = this.#schemaVersion;
    this.#schemaVersion = this.#readSchemaVersion();
    return this.#schemaVersion !== known;
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
