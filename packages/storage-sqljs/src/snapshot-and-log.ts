import { StorageError, type StorageErrorCode } from '@gati-framework/manifest-store';
import type { MaybePromise } from '@gati-framework/storage-kit';
import { encodeLog, encodeLogInSlices, type LogBase, type LogEntry } from '@gati-framework/storage-sqlite';
import type { PersistedStore, SqlJsPersistence } from './persistence.js';

/** A log of this many bytes is folded into a new snapshot, however small the snapshot is. */
const SMALLEST_LONG_LOG = 1024 * 1024;
/** A log is long when it has this part of the snapshot's bytes: replaying costs many times more per byte than loading. */
const LONG_LOG = 1 / 8;

/** Encoding so many is worth to be spread over turns of the event loop. */
const MANY_CHANGES = 500;

/** By the name of what was thrown: browsers tell of a used-up quota so, and Deno of a permission that the program lacks. */
const CODES: Readonly<Record<string, StorageErrorCode>> = {
  QuotaExceededError: 'STORAGE_FULL',
  NotCapable: 'STORAGE_FORBIDDEN',
};

/** Which storage of this process owns a persistence object: one that only reads through it must not let go of it. */
const owners = new WeakMap<SqlJsPersistence, SnapshotAndLog>();

/** Keeps a store in a persistence: a snapshot of the database, and the commits since. */
export class SnapshotAndLog {
  readonly #persistence: SqlJsPersistence;
  #logLength = 0;
  /** Whether an append failed, and what it may have left has not been overwritten since. */
  #mayHoldMore = false;
  /** Whether a save failed, so that nobody knows whether the log was dropped. */
  #mayBeDropped = false;
  /** From here on the log is long. */
  #longLength = SMALLEST_LONG_LOG;

  constructor(persistence: SqlJsPersistence) {
    this.#persistence = persistence;
  }

  /** Becomes the only owner of the persistence, or rejects and has nothing. */
  async acquire(): Promise<void> {
    const persistence = this.#persistence;
    if (owners.has(persistence)) throw this.#ownedByAnother();
    owners.set(persistence, this);
    try {
      await this.#try('acquired', () => persistence.acquire?.());
    } catch (error) {
      owners.delete(persistence);
      throw error;
    }
  }

  /** Puts away what the other calls opened, unless it is another storage's. */
  async release(): Promise<void> {
    const persistence = this.#persistence;
    if ((owners.get(persistence) ?? this) !== this) return;
    try {
      await persistence.release?.();
    } finally {
      owners.delete(persistence);
    }
  }

  async load(): Promise<PersistedStore> {
    const stored = await this.#try('loaded', () => this.#persistence.load());
    if (stored === undefined) return {};
    return ArrayBuffer.isView(stored) ? { snapshot: stored } : stored;
  }

  /** What was loaded goes on to be used. */
  loaded(snapshotLength: number, logLength: number): void {
    this.#logLength = logLength;
    this.#mayHoldMore = false;
    this.#mayBeDropped = false;
    this.#longLength = Math.max(SMALLEST_LONG_LOG, snapshotLength * LONG_LOG);
  }

  /** Whether there are acknowledged commits that the snapshot lacks. */
  get hasCommits(): boolean {
    return this.#logLength > 0;
  }

  /** Whether the next opening would find more than the snapshot: commits, or what a failed append may have left. */
  get wantsSnapshot(): boolean {
    return this.hasCommits || this.#mayHoldMore;
  }

  /** Whether it is time for a new snapshot. */
  get isLogLong(): boolean {
    return this.#logLength > this.#longLength;
  }

  /** There was no room for a snapshot: another try costs as much, so it has to wait until the log is twice as long. */
  postponeSnapshot(): void {
    this.#longLength = this.#logLength * 2;
  }

  /**
   * Adds commits to the log. When that fails, the next append takes the place
   * of whatever it may have left there.
   *
   * @param head The store before these commits.
   */
  append(entries: readonly LogEntry[], head: LogBase): MaybePromise<void> {
    // A log that begins with these commits has to say what they follow.
    const isFirst = this.#logLength === 0 || this.#mayBeDropped;
    const base = isFirst ? head : undefined;
    if (entries.reduce((sum, { changes }) => sum + changes.length, 0) < MANY_CHANGES) {
      return this.#append(encodeLog(base, entries));
    }
    return encodeLogInSlices(base, entries).then((bytes) => this.#append(bytes));
  }

  #append(bytes: Uint8Array): MaybePromise<void> {
    this.#mayHoldMore = true;
    let appended: MaybePromise<void>;
    try {
      appended = this.#persistence.append?.(bytes, this.#logLength);
    } catch (error) {
      throw this.#failed('saved', error);
    }
    if (appended === undefined) return this.#appended(bytes);
    return this.#try('saved', () => appended).then(() => this.#appended(bytes));
  }

  #appended(bytes: Uint8Array): void {
    this.#logLength += bytes.byteLength;
    this.#mayHoldMore = false;
    this.#mayBeDropped = false;
  }

  /** @param snapshot The whole database. */
  async save(snapshot: Uint8Array): Promise<void> {
    this.#mayBeDropped = true;
    await this.#try('saved', () => this.#persistence.save(snapshot));
    this.loaded(snapshot.byteLength, 0);
  }

  async #try<T>(what: 'acquired' | 'loaded' | 'saved', call: () => MaybePromise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw this.#failed(what, error);
    }
  }

  #ownedByAnother(): StorageError {
    const { location = 'persistence' } = this.#persistence;
    return new StorageError(
      'STORAGE_LOCKED',
      `${location} is used by another storage of this process, through the same persistence. Share that storage, or close it first.`,
    );
  }

  /** An error of a persistence that is not ours. */
  #failed(what: 'acquired' | 'loaded' | 'saved', cause: unknown): StorageError {
    if (cause instanceof StorageError) return cause;
    const { location = 'persistence' } = this.#persistence;
    const { name, message } = (cause ?? {}) as { name?: unknown; message?: unknown };
    const reason = String(message || name || cause).replace(/\.$/, '');
    const code = CODES[String(name)] ?? 'STORAGE_FAILED';
    const remedy = code === 'STORAGE_FULL' ? 'Free space and write again' : 'Try again once that is mended';
    return new StorageError(code, `${location} could not be ${what}: ${reason}. ${remedy}.`, { cause });
  }
}
