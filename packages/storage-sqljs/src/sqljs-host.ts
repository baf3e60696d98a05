import type { StorageCapabilities, StorageError } from '@gati-framework/manifest-store';
import type { SqliteDatabase, SqliteHost } from '@gati-framework/storage-sqlite';
import { prepareImage } from './database-image.js';
import { loadDriver } from './load-driver.js';
import type { ResolvedOptions } from './options.js';
import { SqlJsDatabase } from './sqljs-database.js';
import { SqlJsKeeper } from './sqljs-keeper.js';
import { translateError } from './translate-error.js';

/** sql.js as the host of a store: a database in memory, kept safe by a snapshot and a log. */
export class SqlJsHost implements SqliteHost {
  readonly name = 'sqljs';
  readonly journalMode = 'MEMORY';
  readonly isCopy = true;
  readonly location: string;
  readonly capabilities: StorageCapabilities;
  readonly readOnly: boolean;
  readonly keeper: SqlJsKeeper;
  readonly #options: ResolvedOptions;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.location = options.location;
    this.readOnly = options.readOnly;
    this.keeper = new SqlJsKeeper(options);
    this.capabilities = Object.freeze({
      commit: true,
      entries: true,
      watch: true,
      history: true,
      lifecycle: true,
      persistent: options.persistence !== undefined && options.autoSave,
      multiProcess: false,
    });
  }

  async open(): Promise<SqliteDatabase> {
    const { Database } = await loadDriver(this.#options.driver);
    await this.keeper.acquire();
    try {
      const snapshot = await this.keeper.load();
      // sql.js writes into the bytes that it is given, and what is only read stays as it is. (A slice of a Buffer is no copy.)
      const image = this.readOnly && snapshot ? new Uint8Array(snapshot) : snapshot;
      const database = new Database(image && prepareImage(image, this.location));
      // Nothing of it is on a disk, and nobody else has it open.
      database.run('PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY');
      database.run('PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536');
      return new SqlJsDatabase(database);
    } catch (error) {
      await this.keeper.release();
      throw error;
    }
  }

  async close(database: SqliteDatabase): Promise<void> {
    try {
      await this.keeper.foldBeforeClosing();
    } finally {
      await this.keeper.discard(database);
    }
  }

  translate(error: unknown): StorageError {
    const translated = translateError(error, this.location);
    if (translated.code === 'STORAGE_CORRUPT') this.keeper.noteDamage();
    return translated;
  }
}
