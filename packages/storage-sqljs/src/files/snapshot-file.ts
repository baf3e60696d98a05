import { renameSync, rmSync, unlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StorageError } from '@gati-framework/manifest-store';
import { closed } from '@gati-framework/manifest-store/backend';
import type { MaybePromise } from '@gati-framework/storage-kit';
import {
  claimFile,
  contentState,
  type FileClaim,
  fileError,
  fileState,
  isOpenInSqlite,
  keepRights,
  logPathOf,
  placeToRead,
  placeToWrite,
  readLog,
  readStoredFile,
  SQLITE_FILES,
  statIfThere,
  syncFolder,
} from '@gati-framework/storage-sqlite/files';
import type { PersistedStore, SqlJsPersistence } from '../persistence.js';
import { LogFile } from './log-file.js';

/** What SQLite writes to that has a database open. */
const WRITTEN_BY_SQLITE = SQLITE_FILES.filter((suffix) => suffix !== '-shm');

/**
 * A store in a file: `<file>` is a SQLite database, replaced as a whole, and
 * `<file>-oplog` the commits since, appended to.
 */
export class SnapshotFile implements SqlJsPersistence {
  /** As it was given, until an opening finds out where that is. */
  location: string;
  readonly #filename: string;
  readonly #readOnly: boolean;
  #claim: FileClaim | undefined;
  #log: LogFile | undefined;
  #isAppending = false;
  /** What the file and its log were when they were last read or written here. */
  #known: { database: string | undefined; log: string | undefined } | undefined;
  /** The same of what SQLite left beside them. */
  #leftBeside = '';
  /** The database with what was left beside it, until it takes the place of both; without content where there is no file. */
  #recovered: { readonly content: Uint8Array | undefined } | undefined;

  /** @param filename An absolute path. */
  constructor(filename: string, readOnly: boolean) {
    this.location = filename;
    this.#filename = filename;
    this.#readOnly = readOnly;
  }

  get logLocation(): string {
    return logPathOf(this.location);
  }

  acquire(): void {
    // Anew each time: links and mounts may have changed since an opening that failed.
    this.location = placeToWrite(this.#filename);
    this.#claim = claimFile(this.location);
    try {
      this.#assertNotOpenInSqlite();
    } catch (error) {
      this.release();
      throw fileError(error, this.location);
    }
  }

  release(): void {
    try {
      this.#closeLog();
    } finally {
      this.#claim?.release();
      this.#claim = undefined;
    }
  }

  load(): PersistedStore {
    if (!this.#readOnly) return this.#load();
    this.location = placeToRead(this.#filename);
    // The owner may be replacing both this very moment.
    for (;;) {
      const store = this.#load();
      if (this.#isUnchanged() && this.#leftBeside === this.#besideNow()) return store;
    }
  }

  async takeOver(): Promise<void> {
    if (this.#recovered === undefined) return;
    try {
      // As SQLite's own recovery would: exactly what they were together, so that a crash in between changes nothing.
      const { content } = this.#recovered;
      if (content !== undefined) await this.#replaceSnapshot(content);
      else this.#assertNothingNewBeside();
      for (const suffix of SQLITE_FILES) rmSync(`${this.location}${suffix}`, { force: true });
      syncFolder(dirname(this.location));
      this.#leftBeside = this.#besideNow();
      this.#recovered = undefined;
    } catch (error) {
      throw fileError(error, this.location);
    }
  }

  async save(snapshot: Uint8Array): Promise<void> {
    try {
      await this.takeOver();
      await this.#replaceSnapshot(snapshot);
      this.#removeLog();
    } catch (error) {
      throw fileError(error, this.location);
    }
  }

  append(bytes: Uint8Array, offset: number): MaybePromise<void> {
    return this.#try(this.logLocation, () => {
      this.verify();
      const log = this.#openLog();
      let appended: MaybePromise<void>;
      try {
        appended = log.append(bytes, offset);
      } catch (error) {
        this.#note({ log: log.askForState() });
        throw error;
      }
      if (appended === undefined) return this.#note({ log: log.state });
      this.#isAppending = true;
      return this.#settleAppend(appended, log);
    });
  }

  async #settleAppend(appended: Promise<void>, log: LogFile): Promise<void> {
    try {
      await appended;
      this.#note({ log: log.state });
    } catch (error) {
      this.#note({ log: log.askForState() });
      throw fileError(error, this.logLocation);
    } finally {
      this.#isAppending = false;
    }
    this.verify(); // it took its time
  }

  /** What is only read is of the moment of its opening, whatever becomes of the file. */
  verify(): void {
    if (this.#readOnly) return;
    this.#owned.verify();
    // What is being appended is ours, and changes the log from moment to moment.
    if (this.#isAppending || this.#isUnchanged()) return;
    throw new StorageError(
      'STORAGE_REPLACED',
      `${this.location} or its log was deleted, replaced or written by somebody else while it was open, so this ` +
        'storage no longer shows what is there. Close it and open the file again.',
    );
  }

  #load(): PersistedStore {
    return this.#try(this.location, () => {
      this.#recovered = undefined; // an earlier opening may have failed after it, and the file changed since
      this.#known = { database: contentState(this.location), log: fileState(this.logLocation) };
      this.#leftBeside = this.#besideNow();
      const { content, isRecovered } = readStoredFile(this.location);
      if (isRecovered) this.#recovered = { content };
      return { snapshot: content, log: readLog(this.location) };
    });
  }

  get #owned(): FileClaim {
    if (this.#claim === undefined) throw closed();
    return this.#claim;
  }

  #assertNotOpenInSqlite(): void {
    if (!isOpenInSqlite(this.location)) return;
    throw new StorageError(
      'STORAGE_LOCKED',
      `${this.location} is open in another program that uses SQLite, better-sqlite3 perhaps, and sql.js can share a ` +
        'file with nobody. Close it there, open this one with readOnly: true, or use storage-better-sqlite3, which can share it.',
    );
  }

  /** Where the system does not tell who has a file open, this shows that somebody writes to it. */
  #assertNothingNewBeside(): void {
    if (this.#besideNow() === this.#leftBeside) return;
    throw new StorageError(
      'STORAGE_REPLACED',
      `${this.location} was written by another program while this one owned it, and is not overwritten. Close both, ` +
        'and open the file again.',
    );
  }

  /** Files without content say nothing: SQLite leaves them behind where it only read. */
  #besideNow(): string {
    const filled = WRITTEN_BY_SQLITE.map((suffix) => `${this.location}${suffix}`).filter(
      (path) => (statIfThere(path)?.size ?? 0) > 0,
    );
    return filled.map((path) => `${path} ${contentState(path)}`).join('\n');
  }

  /** The file is the old one or the new one, whatever happens. */
  async #replaceSnapshot(content: Uint8Array): Promise<void> {
    const temporary = this.#owned.snapshot;
    try {
      await this.#writeSnapshot(temporary, content);
      this.verify();
      this.#assertNothingNewBeside();
      const written = contentState(temporary);
      try {
        renameSync(temporary, this.location);
      } catch (error) {
        // What was done though it reports an error is done: a network file system may lose the answer. What is gone was not.
        if (written === undefined || contentState(this.location) !== written) throw error;
      }
      this.#note({ database: written });
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    syncFolder(dirname(this.location));
  }

  async #writeSnapshot(path: string, content: Uint8Array): Promise<void> {
    const rights = statIfThere(this.location);
    const file = await open(path, 'w', rights && 0o600); // nobody reads it before it is known who may
    try {
      if (rights !== undefined) keepRights(file.fd, rights, this.location, true);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  #removeLog(): void {
    this.#closeLog();
    try {
      rmSync(this.logLocation, { force: true });
    } catch (error) {
      if (fileState(this.logLocation) !== undefined) throw error;
    }
    this.#note({ log: undefined });
    try {
      syncFolder(dirname(this.location));
    } catch {
      // A log that comes back after a crash holds what the snapshot has, and the next one is synced when it is made.
    }
  }

  #openLog(): LogFile {
    if (this.#log !== undefined) return this.#log;
    const log = new LogFile(this.logLocation, this.#known?.log === undefined);
    try {
      this.#adopt(log);
    } catch (error) {
      log.close();
      // One that was made just now, and that nothing is known of, would be taken for somebody else's.
      if (this.#known?.log === undefined) unlinkSync(this.logLocation);
      throw error;
    }
    this.#log = log;
    return log;
  }

  #adopt(log: LogFile): void {
    this.#note({ log: log.askForState() });
    const rights = statIfThere(this.location);
    if (rights !== undefined) log.keepRights(rights, this.location);
    syncFolder(dirname(this.location)); // also of a log that is there: who made it may have been killed before this
  }

  #closeLog(): void {
    const log = this.#log;
    this.#log = undefined; // first: a descriptor must not be used again, even if closing it failed
    log?.close();
  }

  #note(written: { database?: string | undefined; log?: string | undefined }): void {
    if (this.#known !== undefined) this.#known = { ...this.#known, ...written };
  }

  #isUnchanged(): boolean {
    if (this.#known === undefined) return true;
    const { database, log } = this.#known;
    return database === contentState(this.location) && log === fileState(this.logLocation);
  }

  #try<T>(path: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw fileError(error, path);
    }
  }
}
