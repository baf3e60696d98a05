import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  type Stats,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StorageError } from '@gati-framework/manifest-store';
import {
  claimFile,
  type FileClaim,
  isOpenInSqlite,
  logPathOf,
  readIfThere,
  removeLog,
  statIfThere,
  syncFolder,
} from '@gati-framework/storage-sqlite/files';
import type { FilePersistence, PersistedStore } from '../persistence.js';
import { fileError } from './file-error.js';
import { mergeWal } from './merge-wal.js';

/** Bytes of zeros that are put behind the log at a time. */
const LOG_ROOM = 256 * 1024;

/**
 * A store in a file: `<file>` is a SQLite database, replaced as a whole, and
 * `<file>-oplog` the commits since, appended to.
 */
export class SnapshotFile implements FilePersistence {
  readonly location: string;
  readonly logLocation: string;
  readonly #readOnly: boolean;
  readonly #folder: string;
  #claim: FileClaim | undefined;
  #log: number | undefined;
  /** Whether a write that failed may have left something behind the end of the log. */
  #isLogDirty = false;
  /** Bytes of the log file, with the room behind what is written. */
  #logSize = 0;
  /** Which files were loaded. */
  #known = new Map<string, Stats | undefined>();
  /** Of the write-ahead log that a killed process left. */
  #loadedWal: Stats | undefined;
  mustSave = false;

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
    this.#closeLog();
    this.#claim?.release();
    this.#claim = undefined;
  }

  load(): PersistedStore {
    if (!this.#readOnly) return this.#load();
    // The owner may be replacing both this very moment.
    for (;;) {
      const store = this.#load();
      if (this.#isUnchanged()) return store;
    }
  }

  async save(snapshot: Uint8Array): Promise<void> {
    try {
      await this.#replaceSnapshot(snapshot);
      // What a killed process left there is part of the snapshot now, and so is the log.
      for (const suffix of ['-wal', '-shm']) rmSync(`${this.location}${suffix}`, { force: true });
      this.mustSave = false;
      this.#closeLog();
      removeLog(this.location);
      this.#known.set(this.logLocation, undefined);
    } catch (error) {
      throw fileError(error, this.location);
    }
  }

  append(bytes: Uint8Array, offset: number): void {
    this.#try(this.logLocation, () => {
      this.verify();
      const log = this.#openLog();
      if (this.#isLogDirty) this.#cutLog(offset);
      if (offset + bytes.length > this.#logSize) this.#makeRoom(offset, bytes.length);
      this.#isLogDirty = true;
      try {
        writeAll(log, bytes, offset);
        fdatasyncSync(log);
      } catch (error) {
        this.#tryToCutLog(offset);
        throw error;
      }
      this.#isLogDirty = false;
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
      this.mustSave = true;
      return { snapshot: mergeWal(snapshot, wal, `${this.location}-wal`), log };
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
    const file = await open(temporary, 'w');
    try {
      const mode = statIfThere(this.location)?.mode;
      if (mode !== undefined) await file.chmod(mode & 0o777); // who may read it stays as it was
      await file.writeFile(content);
      await file.sync();
      this.verify();
      this.#assertWalUntouched();
      renameSync(temporary, this.location);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    this.#known.set(this.location, statIfThere(this.location));
    syncFolder(this.#folder);
  }

  #openLog(): number {
    if (this.#log === undefined) {
      const isNew = this.#known.get(this.logLocation) === undefined;
      this.#log = openSync(this.logLocation, isNew ? 'wx+' : 'r+');
      this.#isLogDirty = true; // a crash may have left half a commit there
      if (isNew) syncFolder(this.#folder);
      this.#known.set(this.logLocation, statIfThere(this.logLocation));
    }
    return this.#log;
  }

  #closeLog(): void {
    if (this.#log !== undefined) closeSync(this.#log);
    this.#log = undefined;
  }

  /** A file that keeps its size is synced in half the time: the disk has only the data to write. */
  #makeRoom(offset: number, length: number): void {
    const size = offset + length + LOG_ROOM;
    try {
      writeAll(this.#log as number, new Uint8Array(size - offset), offset);
      this.#logSize = size;
    } catch {
      this.#cutLog(offset); // without room, what is to be written may still fit
    }
  }

  #tryToCutLog(length: number): void {
    try {
      this.#cutLog(length);
    } catch {
      // The next append tries again, before it writes anything.
    }
  }

  #cutLog(length: number): void {
    ftruncateSync(this.#log as number, length);
    fsyncSync(this.#log as number);
    this.#logSize = length;
    this.#isLogDirty = false;
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

function writeAll(file: number, bytes: Uint8Array, offset: number): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(file, bytes, written, bytes.length - written, offset + written);
  }
}

function isSameFile(was: Stats | undefined, now: Stats | undefined): boolean {
  return was === undefined || now === undefined ? was === now : was.ino === now.ino && was.dev === now.dev;
}
