import { StorageError } from '@gati-framework/manifest-store';
import { channels } from '@gati-framework/manifest-store/backend';
import { type MaybePromise, TroubleLog } from '@gati-framework/storage-kit';
import type {
  CommitKeeper,
  LogBase,
  LogEntry,
  OpenedStore,
  SqliteDatabase,
  StorePlace,
} from '@gati-framework/storage-sqlite';
import { NAME, type ResolvedOptions } from './options.js';
import type { PersistedStore } from './persistence.js';
import { SnapshotAndLog } from './snapshot-and-log.js';
import { asDriver } from './sqljs-database.js';
import { translateError } from './translate-error.js';

/** Keeps a database that is in memory: by a log of its commits, which is folded into a snapshot now and then. */
export class SqlJsKeeper implements CommitKeeper, StorePlace {
  readonly #options: ResolvedOptions;
  readonly #kept: SnapshotAndLog | undefined;
  readonly #troubles: TroubleLog;
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
    this.#troubles = new TroubleLog(options.log, { storage: NAME, location: options.location });
    this.#kept = options.persistence && new SnapshotAndLog(options.persistence);
  }

  /** Becomes the only owner, unless the store is only to be read. */
  async acquire(): Promise<void> {
    if (!this.#options.readOnly) await this.#kept?.acquire();
    this.#isReplaced = false;
    this.#isDamaged = false; // an earlier opening may have failed for that, and the file been restored
  }

  async release(): Promise<void> {
    await this.#kept?.release();
  }

  /** @returns The last snapshot; `undefined` when there is none yet. */
  async load(): Promise<Uint8Array | undefined> {
    this.#stored = (await this.#kept?.load()) ?? {};
    return this.#stored.snapshot;
  }

  readLog(): { content: Uint8Array; location: string } | undefined {
    const { log } = this.#stored;
    return log && { content: log, location: this.#logLocation };
  }

  async opened(store: OpenedStore): Promise<void> {
    const { snapshot } = this.#stored;
    this.#stored = {};
    this.#head = store.head;
    if (this.#kept === undefined || this.#options.readOnly) return;
    const { length: offset, torn } = store.log ?? { length: 0, torn: 0 };
    if (torn > 0) this.#options.onRecovery({ location: this.#logLocation, offset, bytes: torn });
    if (snapshot !== undefined) assertIntact(store.database, this.#options.location);
    this.#opened = store;
    this.#kept.loaded(snapshot?.length ?? 0, offset);
    try {
      await this.#options.persistence?.takeOver?.();
      if (this.#options.autoSave && (snapshot === undefined || store.isAltered)) await this.save();
    } catch (error) {
      this.#opened = undefined; // what could not be taken over must not be tried again by closing it
      throw error;
    }
  }

  whenReady(): MaybePromise<void> {
    return this.#folding;
  }

  keep(entries: readonly LogEntry[]): MaybePromise<boolean> {
    if (this.#kept === undefined || !this.#appends) return false;
    try {
      const appended = this.#kept.append(entries, this.#head);
      return appended === undefined ? true : appended.then(() => true).catch((error) => this.#tell(error));
    } catch (error) {
      return this.#tell(error);
    }
  }

  committed({ revision, committedAt }: LogBase): MaybePromise<void> {
    this.#head = { revision, committedAt };
    if (this.#kept === undefined || !this.#options.autoSave) return undefined;
    if (!this.#appends) return this.save();
    if (this.#kept.isLogLong) this.#fold();
    return undefined;
  }

  async discard(database: SqliteDatabase): Promise<void> {
    this.#opened = undefined; // its content is not what is kept, so it must not be saved any more
    try {
      await this.#folding;
      asDriver(database).close();
    } finally {
      await this.release();
    }
  }

  /** Writes a snapshot of everything that is committed. */
  async save(): Promise<void> {
    while (this.#folding !== undefined) await this.#folding;
    if (this.#opened === undefined || this.#kept === undefined) return;
    if (this.#isDamaged) throw this.#refuseToOverwrite();
    const saving = this.#saveTold(this.#kept, asDriver(this.#opened.database).export());
    // Writes wait: what they append must not go to the log that is being replaced.
    this.#folding = saving
      .catch(() => {})
      .finally(() => {
        this.#folding = undefined;
      });
    await saving;
  }

  /** Puts into the snapshot what only the log holds, so that what is left behind is whole. */
  async foldBeforeClosing(): Promise<void> {
    const wasTold = this.#isReplaced;
    try {
      await this.#folding;
      if (this.#opened !== undefined && this.#appends && this.#kept?.wantsSnapshot) await this.save();
    } catch (error) {
      // Without commits in the log, only that of a write that failed may be there, and who wrote has heard of it.
      if (!wasTold && this.#kept?.hasCommits) throw this.#notWhole(error);
    }
  }

  verify(): void {
    try {
      this.#options.persistence?.verify?.();
    } catch (error) {
      this.#tell(error);
    }
  }

  /** From here on nothing is saved: it would replace what can perhaps be mended. */
  noteDamage(): void {
    this.#isDamaged = true;
  }

  /** Whether commits are kept by appending them to a log. */
  get #appends(): boolean {
    const { persistence, autoSave } = this.#options;
    return autoSave && persistence?.append !== undefined;
  }

  get #logLocation(): string {
    return this.#options.persistence?.logLocation ?? `the log of ${this.#options.location}`;
  }

  #saveTold(kept: SnapshotAndLog, snapshot: Uint8Array): Promise<void> {
    if (!channels.fold.hasSubscribers) return kept.save(snapshot);
    const message = { backend: NAME, store: this.#options.location, bytes: snapshot.byteLength };
    return channels.fold.trace(message, () => kept.save(snapshot));
  }

  /** Not waited for: the commit that made the log long is safe already. */
  #fold(): void {
    this.save().catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.#troubles.warn('the log could not be folded into a snapshot, and will be later', `: ${reason}`);
      this.#kept?.postponeSnapshot();
    });
  }

  #tell(error: unknown): never {
    this.#isReplaced = error instanceof StorageError && error.code === 'STORAGE_REPLACED';
    throw error;
  }

  /** What is told by a closing that left commits in the log. */
  #notWhole(error: unknown): StorageError {
    const { location } = this.#options;
    const cause = error instanceof StorageError ? error : translateError(error, location);
    if (cause.code === 'STORAGE_REPLACED' || cause.code === 'STORAGE_CORRUPT') return cause;
    return new StorageError(
      cause.code,
      `${location} was closed, and its last commits could not be written into it: ${reasonOf(cause)}. They are ` +
        `safe in ${this.#logLocation}, which the next opening takes over. Keep both together until then.`,
      { cause },
    );
  }

  #refuseToOverwrite(): StorageError {
    return new StorageError(
      'STORAGE_CORRUPT',
      `${this.#options.location} is damaged, and is not overwritten. Restore it from a backup.`,
    );
  }
}

/** What the file system said, if it was that. */
function reasonOf({ code, cause }: StorageError): string {
  return cause instanceof Error ? cause.message : code;
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
