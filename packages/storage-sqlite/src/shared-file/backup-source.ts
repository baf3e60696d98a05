import { type Revision, StorageError } from '@gati-framework/manifest-store';
import { closed } from '@gati-framework/manifest-store/backend';
import { guard } from '../as-storage-error.js';
import { checkCopy } from '../backup/check-copy.js';
import { hasBeenAt, readTip, recordsOf, type StoreTip } from '../backup/store-tip.js';
import { finishUnlessAborted } from '../commit/steps.js';
import type { DecidedBackup } from '../files/backup-options.js';
import type { BackupPlace } from '../files/backup-place.js';
import { Syncing } from '../files/syncing.js';
import { storeVersion } from '../schema/migrate.js';
import { SCHEMA_STEPS } from '../schema/schema.js';
import { translateSqliteError } from '../translate-error.js';
import { BLOCKING_BUSY_TIMEOUT, type DatabaseFile } from './database-file.js';
import type { FileConnection, FileDriver } from './file-driver.js';
import { useLibrary } from './one-library.js';
import { resolveFileOptions } from './options.js';
import { assertSafeVersion } from './safe-version.js';
import { SharedFileHost } from './shared-file-host.js';

const OPTIONS = { readOnly: false, busyTimeout: BLOCKING_BUSY_TIMEOUT };

/** Of SQLite, where it is the store that cannot be read; everything else is about its copy. */
const ABOUT_THE_STORE = /^SQLITE_(BUSY|LOCKED|CORRUPT|NOTADB|IOERR_(SHORT_)?READ)/;

type Options = Omit<DecidedBackup, 'overwrite'>;

interface Opened {
  readonly file: DatabaseFile;
  /** In a transaction, so that it stays in its moment whatever others commit. */
  readonly connection: FileConnection;
  readonly tip: StoreTip;
}

/** A store in a file that others use, at the moment of its opening. */
export class BackupSource {
  readonly #driver: FileDriver;
  readonly #host: SharedFileHost;
  #opened: Opened | undefined;

  constructor(driver: FileDriver, filename: string) {
    this.#driver = driver;
    this.#host = new SharedFileHost(driver, resolveFileOptions({ filename, readOnly: true }, notLent));
  }

  open(): void {
    const file = this.#host.sharedFile;
    if (file === undefined) throw inMemory();
    guard(this.#host, () => {
      file.acquire();
      let connection: FileConnection | undefined;
      try {
        connection = file.connectAsItIs();
        this.#opened = { file, connection, tip: this.#begin(file, connection) };
      } catch (error) {
        connection?.close();
        file.release();
        throw error;
      }
    });
  }

  #begin(file: DatabaseFile, connection: FileConnection): StoreTip {
    assertSafeVersion(this.#driver, connection);
    file.watch(connection);
    file.readLog(); // refuses a file whose last commits are not in there
    connection.exec('BEGIN');
    if (storeVersion(connection, this.#host, SCHEMA_STEPS.length) === 0) throw noStore(file.filename);
    const tip = readTip(connection);
    file.verify(); // it was opened by name
    return tip;
  }

  get filename(): string {
    return this.#current.file.filename;
  }

  get revision(): Revision {
    return this.#current.tip.revision;
  }

  get records(): number {
    return recordsOf(this.#current.tip);
  }

  /** Whether the history holds all that a store in another file does, which nobody has open. */
  holds(file: string): boolean {
    const endUse = useLibrary(this.#driver.name, file);
    const connection = this.#driver.connect(file, OPTIONS);
    try {
      const isStore = storeVersion(connection, this.#host, SCHEMA_STEPS.length) > 0;
      return isStore && hasBeenAt(this.#current.connection, readTip(connection));
    } finally {
      connection.close();
      endUse();
    }
  }

  /** Writes its copy, and checks it. */
  async copyTo({ file, partial }: BackupPlace, { onProgress = () => {}, signal }: Options): Promise<void> {
    const { connection } = this.#current;
    const pageSize = Number(connection.prepareValue('PRAGMA page_size')());
    const syncing = new Syncing(partial);
    try {
      await connection.backUp(partial, ({ pages, remaining }) => {
        signal?.throwIfAborted();
        const done = (pages - remaining) * pageSize;
        syncing.reached(done);
        onProgress({ phase: 'copying', done, total: pages * pageSize });
      });
      await this.#check(partial, { onProgress, signal });
    } catch (error) {
      throw this.#translate(error, file);
    } finally {
      await syncing.ended();
    }
  }

  async #check(partial: string, { onProgress = () => {}, signal }: Options): Promise<void> {
    const { file, tip } = this.#current;
    const copy = this.#driver.connect(partial, OPTIONS);
    const steps = checkCopy(copy, tip, file.filename, (done, total) =>
      onProgress({ phase: 'checking', done, total }),
    );
    try {
      // So that it is one file, which can be read also where nothing may be put beside it.
      copy.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = DELETE');
      await finishUnlessAborted(steps, signal);
    } finally {
      copy.close();
    }
  }

  close(): void {
    const opened = this.#opened;
    this.#opened = undefined;
    if (opened !== undefined) this.#host.close(opened.connection);
  }

  get #current(): Opened {
    if (this.#opened === undefined) throw closed();
    return this.#opened;
  }

  /** What the driver says, of the file that it is about; anything else was thrown by a function of the caller. */
  #translate(error: unknown, backup: string): unknown {
    const code = this.#driver.resultCode(error);
    if (code === undefined) return error;
    return translateSqliteError(code, ABOUT_THE_STORE.test(code) ? this.filename : backup, error);
  }
}

function noStore(filename: string): StorageError {
  return new StorageError(
    'STORAGE_UNAVAILABLE',
    `${filename} holds no store yet, so there is nothing to back up.`,
  );
}

function inMemory(): StorageError {
  return new StorageError('INVALID_OPTIONS', 'A database in memory is no file that could be backed up.', {
    path: 'filename',
  });
}

function notLent(): never {
  throw new TypeError('There is no connection to lend.');
}
