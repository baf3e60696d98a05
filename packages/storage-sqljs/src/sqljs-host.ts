import { type StorageCapabilities, StorageError } from '@gati-framework/manifest-store';
import type { MaybePromise } from '@gati-framework/storage-kit';
import type {
  LogBase,
  LogEntry,
  OpenedStore,
  SqliteDatabase,
  SqliteHost,
} from '@gati-framework/storage-sqlite';
import { prepareImage } from './database-image.js';
import { loadDriver } from './load-driver.js';
import type { ResolvedOptions } from './options.js';
import type { PersistedStore } from './persistence.js';
import { SnapshotAndLog } from './snapshot-and-log.js';
import { SqlJsDatabase } from './sqljs-database.js';
import { translateError } from './translate-error.js';

/** sql.js as the host of a store: a database in memory, kept safe by a snapshot and a log. */
export class SqlJsHost implements SqliteHost {
  readonly name = 'sqljs';
  readonly journalMode = 'MEMORY';
  readonly location: string;
  readonly capabilities: StorageCapabilities;
  readonly readOnly: boolean;
  readonly #options: ResolvedOptions;
  readonly #kept: SnapshotAndLog | undefined;
  #stored: PersistedStore = {};
  /** The store, once it is known to be whole: nothing is saved before. */
  #opened: OpenedStore | undefined;
  #head: LogBase = { revision: 0, committedAt: 0 };
  #folding: Promise<void> | undefined;
  #isDamaged = false;
  /** Whether somebody has been told already that what is kept is not this storage's any more. */
  #isReplaced = false;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.location = options.location;
    this.readOnly = options.readOnly;
    this.#kept = options.persistence && new SnapshotAndLog(options.persistence);
    this.capabilities = Object.freeze({
      commit: true,
      entries: true,
      watch: true,
      lifecycle: true,
      persistent: options.persistence !== undefined && options.autoSave,
      multiProcess: false,
    });
  }

  async open(): Promise<SqliteDatabase> {
    const { Database } = await loadDriver(this.#options.driver);
    if (!this.readOnly) await this.#kept?.acquire();
    this.#isReplaced = false;
    this.#isDamaged = false; // an earlier opening may have failed for that, and the file been restored
    try {
      this.#stored = (await this.#kept?.load()) ?? {};
      const { snapshot } = this.#stored;
      const database = new Database(snapshot && prepareImage(snapshot, this.location));
      // Nothing of it is on a disk, and nobody else has it open.
      database.run('PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY');
      database.run('PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536');
      return new SqlJsDatabase(database);
    } catch (error) {
      await this.#release();
      throw error;
    }
  }

  readLog(): { content: Uint8Array; location: string } | undefined {
    const { log } = this.#stored;
    return log && { content: log, location: this.#logLocation };
  }

  async opened(store: OpenedStore): Promise<void> {
    const { snapshot } = this.#stored;
    this.#stored = {};
    this.#head = store.head;
    if (this.#kept === undefined || this.readOnly) return;
    const { length: offset, torn } = store.log ?? { length: 0, torn: 0 };
    if (torn > 0) this.#options.onRecovery({ location: this.#logLocation, offset, bytes: torn });
    if (snapshot !== undefined) assertIntact(store.database, this.location);
    this.#opened = store;
    this.#kept.loaded(snapshot?.length ?? 0, offset);
    try {
      await this.#options.persistence?.takeOver?.();
      if (this.#options.autoSave && snapshot === undefined) await this.save();
    } catch (error) {
      this.#opened = undefined; // what could not be taken over must not be tried again by closing it
      throw error;
    }
  }

  async close(database: SqliteDatabase): Promise<void> {
    const wasTold = this.#isReplaced;
    try {
      await this.#folding;
      if (this.#opened !== undefined && this.#appends && this.#kept?.wantsSnapshot) await this.save();
    } catch (error) {
      // Without commits in the log, only that of a write that failed may be there, and who wrote has heard of it.
      if (!wasTold && this.#kept?.hasCommits) throw this.#notWhole(error);
    } finally {
      await this.discard(database);
    }
  }

  async discard(database: SqliteDatabase): Promise<void> {
    this.#opened = undefined; // its content is not what is kept, so it must not be saved any more
    try {
      await this.#folding;
      asDriver(database).close();
    } finally {
      await this.#release();
    }
  }

  beforeWriting(): MaybePromise<void> {
    return this.#folding;
  }

  beforeCommit(entries: readonly LogEntry[]): MaybePromise<boolean> {
    if (this.#kept === undefined || !this.#appends) return false;
    try {
      const appended = this.#kept.append(entries, this.#head);
      return appended === undefined ? true : appended.then(() => true).catch((error) => this.#tell(error));
    } catch (error) {
      return this.#tell(error);
    }
  }

  afterCommit(head: LogBase): MaybePromise<void> {
    this.#head = { revision: head.revision, committedAt: head.committedAt };
    if (this.#kept === undefined || !this.#options.autoSave) return undefined;
    if (!this.#appends) return this.save();
    if (this.#kept.isLogLong) this.#fold();
    return undefined;
  }

  /** Writes a snapshot of everything that is committed. */
  async save(): Promise<void> {
    while (this.#folding !== undefined) await this.#folding;
    if (this.#opened === undefined || this.#kept === undefined) return;
    if (this.#isDamaged) throw this.#refuseToOverwrite();
    const saving = this.#kept.save(asDriver(this.#opened.database).export());
    // Writes wait: what they append must not go to the log that is being replaced.
    this.#folding = saving
      .catch(() => {})
      .finally(() => {
        this.#folding = undefined;
      });
    await saving;
  }

  verifyFile(): void {
    try {
      this.#options.persistence?.verify?.();
    } catch (error) {
      this.#tell(error);
    }
  }

  translate(error: unknown): StorageError {
    const translated = translateError(error, this.location);
    if (translated.code === 'STORAGE_CORRUPT') this.#isDamaged = true;
    return translated;
  }

  /** Whether commits are kept by appending them to a log. */
  get #appends(): boolean {
    const { persistence, autoSave } = this.#options;
    return autoSave && persistence?.append !== undefined;
  }

  get #logLocation(): string {
    return this.#options.persistence?.logLocation ?? `the log of ${this.location}`;
  }

  /** Not waited for: the commit that made the log long is safe already. */
  #fold(): void {
    this.save().catch(() => this.#kept?.postponeSnapshot());
  }

  #tell(error: unknown): never {
    this.#isReplaced = error instanceof StorageError && error.code === 'STORAGE_REPLACED';
    throw error;
  }

  /** What is told by a closing that left commits in the log. */
  #notWhole(error: unknown): StorageError {
    const cause = error instanceof StorageError ? error : this.translate(error);
    if (cause.code === 'STORAGE_REPLACED' || cause.code === 'STORAGE_CORRUPT') return cause;
    return new StorageError(
      cause.code,
      `${this.location} was closed, and its last commits could not be written into it: ${reasonOf(cause)}. They are ` +
        `safe in ${this.#logLocation}, which the next opening takes over. Keep both together until then.`,
      { cause },
    );
  }

  #refuseToOverwrite(): StorageError {
    return new StorageError(
      'STORAGE_CORRUPT',
      `${this.location} is damaged, and is not overwritten. Restore it from a backup.`,
    );
  }

  async #release(): Promise<void> {
    await this.#kept?.release();
  }
}

/** What the file system said, if it was that. */
function reasonOf({ code, cause }: StorageError): string {
  return cause instanceof Error ? cause.message : code;
}

export function asDriver(database: SqliteDatabase): SqlJsDatabase['driver'] {
  return (database as SqlJsDatabase).driver;
}

/** A damaged database must be noticed before the first snapshot replaces its file. */
function assertIntact(database: SqliteDatabase, location: string): void {
  const problem = database.prepare('PRAGMA quick_check(1)').get()?.[0];
  if (problem === 'ok') return;
  throw new StorageError(
    'STORAGE_CORRUPT',
    `${location} is damaged: ${problem}. Nothing was overwritten. Restore it from a backup.`,
  );
}
