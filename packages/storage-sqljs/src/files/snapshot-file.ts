import { closeSync, existsSync, openSync, readdirSync, renameSync, rmSync, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StorageError } from '@gati-framework/manifest-store';
import {
  claimFile,
  type FileClaim,
  isOpenInSqlite,
  logPathOf,
  readIfThere,
  statIfThere,
  syncFolder,
} from '@gati-framework/storage-sqlite/files';
import type { PersistedStore, SqlJsPersistence } from '../persistence.js';
import { fileError } from './file-error.js';
import { LogFile } from './log-file.js';
import { mergeWal } from './merge-wal.js';

/**
 * A store in a file: `<file>` is a SQLite database, replaced as a whole, and
 * `<file>-oplog` the commits since, appended to.
 */
export class SnapshotFile implements SqlJsPersistence {
  readonly location: string;
  readonly logLocation: string;
  readonly #readOnly: boolean;
  readonly #folder: string;
  #claim: FileClaim | undefined;
  #log: LogFile | undefined;
  /** Which files were loaded. */
  #known = new Map<string, Stats | undefined>();
  /** Of the write-ahead log that a killed process left. */
  #loadedWal: Stats | undefined;
  /** The database with it, until it takes the place of both. */
  #merged: Uint8Array | undefined;

  constructor(filename: string, readOnly: boolean) {
    this.location = filename;
    this.logLocation = logPathOf(filename);
    this.#folder = dirname(filename);
    this.#readOnly = readOnly;
  }

  acquire(): void {
    if (this.#readOnly) return;
    this.#try(this.location, () => {
      if (existsSync(this.location)) closeSync(openSync(this.location, 'r+')); // refuses what cannot be written
      this.#claim = claimFile(this.location);
      try {
        this.#assertNotOpenInSqlite();
        this.#removeUnfinishedSnapshots();
      } catch (error) {
        this.release();
        throw error;
      }
    });
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
    // The owner may be replacing both this very moment.
    for (;;) {
      const store = this.#load();
      if (this.#isUnchanged()) return store;
    }
  }

  async takeOver(): Promise<void> {
    if (this.#merged === undefined) return;
    try {
      // As SQLite's own checkpoint would: exactly what the two were together, so that a crash in between changes nothing.
      await this.#replaceSnapshot(this.#merged);
      for (const suffix of ['-wal', '-shm']) rmSync(`${this.location}${suffix}`, { force: true });
      syncFolder(this.#folder);
      this.#merged = undefined;
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

  append(bytes: Uint8Array, offset: number): void {
    this.#try(this.logLocation, () => {
      this.verify();
      this.#openLog().append(bytes, offset);
    });
  }

  /** What is only read is of the moment of its opening, whatever becomes of the file. */
  verify(): void {
    if (this.#readOnly) return;
    this.#claim?.verify();
    if (!this.#isUnchanged()) {
      throw new StorageError(
        'STORAGE_REPLACED',
        `${this.location} or its log was deleted or replaced while it was open, so this storage no longer shows what ` +
          'is there. Close it and open the file again.',
      );
    }
  }

  #load(): PersistedStore {
    return this.#try(this.location, () => {
      this.#merged = undefined; // an earlier opening may have failed after it, and the file changed since
      for (const path of [this.location, this.logLocation]) this.#known.set(path, statIfThere(path));
      const snapshot = readIfThere(this.location);
      if (snapshot === undefined && this.#readOnly) {
        throw new StorageError(
          'STORAGE_UNAVAILABLE',
          `${this.location} does not exist, and is to be read only.`,
        );
      }
      this.#assertNoJournal();
      this.#loadedWal = statIfThere(`${this.location}-wal`);
      const wal = readIfThere(`${this.location}-wal`);
      const log = readIfThere(this.logLocation);
      if (snapshot === undefined || wal === undefined || wal.length === 0) return { snapshot, log };
      this.#merged = mergeWal(snapshot, wal, `${this.location}-wal`);
      return { snapshot: this.#merged, log };
    });
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
  #assertWalUntouched(): void {
    const wal = statIfThere(`${this.location}-wal`);
    if ((wal?.size ?? 0) === 0) return;
    if (wal?.size === this.#loadedWal?.size && wal?.mtimeMs === this.#loadedWal?.mtimeMs) return;
    throw new StorageError(
      'STORAGE_REPLACED',
      `${this.location} was written by another program while this one owned it, and is not overwritten. Close both, ` +
        'and open the file again.',
    );
  }

  /** Another program's transaction, cut short by a crash: only SQLite on a real file can undo it. */
  #assertNoJournal(): void {
    const journal = `${this.location}-journal`;
    if ((statIfThere(journal)?.size ?? 0) === 0) return;
    throw new StorageError(
      'STORAGE_UNAVAILABLE',
      `${journal} is an unfinished transaction of another program. Open the file once with SQLite, which undoes it: ` +
        `sqlite3 ${this.location} .tables`,
    );
  }

  #removeUnfinishedSnapshots(): void {
    const prefix = `${basename(this.location)}-new-`;
    for (const name of readdirSync(this.#folder)) {
      if (name.startsWith(prefix)) rmSync(join(this.#folder, name), { force: true });
    }
  }

  /** The file is the old one or the new one, whatever happens. */
  async #replaceSnapshot(content: Uint8Array): Promise<void> {
    const temporary = `${this.location}-new-${process.pid}`;
    try {
      const written = await this.#writeSnapshot(temporary, content);
      this.verify();
      this.#assertWalUntouched();
      renameSync(temporary, this.location);
      this.#known.set(this.location, written);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    syncFolder(this.#folder);
  }

  async #writeSnapshot(path: string, content: Uint8Array): Promise<Stats> {
    const file = await open(path, 'w');
    try {
      const mode = statIfThere(this.location)?.mode;
      if (mode !== undefined) await file.chmod(mode & 0o777); // who may read it stays as it was
      await file.writeFile(content);
      await file.sync();
      return await file.stat();
    } finally {
      await file.close();
    }
  }

  #removeLog(): void {
    this.#closeLog();
    rmSync(this.logLocation, { force: true });
    this.#known.set(this.logLocation, undefined);
    try {
      syncFolder(this.#folder);
    } catch {
      // A log that comes back after a crash holds what the snapshot has, and the next one is synced when it is made.
    }
  }

  #openLog(): LogFile {
    if (this.#log === undefined) {
      const log = new LogFile(this.logLocation, this.#known.get(this.logLocation) === undefined);
      try {
        this.#known.set(this.logLocation, log.stat());
        syncFolder(this.#folder); // also of a log that is there: who made it may have been killed before this
      } catch (error) {
        log.close();
        throw error;
      }
      this.#log = log;
    }
    return this.#log;
  }

  #closeLog(): void {
    const log = this.#log;
    this.#log = undefined; // first: a descriptor must not be used again, even if closing it failed
    log?.close();
  }

  #isUnchanged(): boolean {
    for (const [path, was] of this.#known) {
      if (!isSameFile(was, statIfThere(path))) return false;
    }
    return true;
  }

  #try<T>(path: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw fileError(error, path);
    }
  }
}

function isSameFile(was: Stats | undefined, now: Stats | undefined): boolean {
  return was === undefined || now === undefined ? was === now : was.ino === now.ino && was.dev === now.dev;
}
