import { StorageError } from '@gati-framework/manifest-store';
import type { MaybePromise } from '@gati-framework/storage-kit';
import { encodeLogBase, encodeLogEntries, type LogBase, type LogEntry } from '@gati-framework/storage-sqlite';
import type { PersistedStore, SqlJsPersistence } from './persistence.js';

/** A log of this many bytes is folded into a new snapshot, however small the snapshot is. */
const SMALLEST_LONG_LOG = 1024 * 1024;
/** A log is long when it has this part of the snapshot's bytes: replaying costs more per byte than loading. */
const LONG_LOG = 1 / 4;

/** Keeps a store in a persistence: a snapshot of the database, and the commits since. */
export class SnapshotAndLog {
  readonly #persistence: SqlJsPersistence;
  #snapshotLength = 0;
  #logLength = 0;
  /** Length of a log without commits. */
  #emptyLogLength = 0;

  constructor(persistence: SqlJsPersistence) {
    this.#persistence = persistence;
  }

  async load(): Promise<PersistedStore> {
    const stored = await this.#try('loaded', () => this.#persistence.load());
    if (stored === undefined) return {};
    return stored instanceof Uint8Array ? { snapshot: stored } : stored;
  }

  /** What was loaded goes on to be used. */
  loaded(snapshotLength: number, logLength: number, base: LogBase): void {
    this.#snapshotLength = snapshotLength;
    this.#logLength = logLength;
    this.#emptyLogLength = encodeLogBase(base).byteLength;
  }

  get hasLog(): boolean {
    return this.#logLength > this.#emptyLogLength;
  }

  /** Whether it is time for a new snapshot. */
  get isLogLong(): boolean {
    return this.#logLength > Math.max(SMALLEST_LONG_LOG, this.#snapshotLength * LONG_LOG);
  }

  append(entries: readonly LogEntry[]): MaybePromise<void> {
    const bytes = encodeLogEntries(entries);
    let appended: MaybePromise<void>;
    try {
      appended = this.#persistence.append?.(bytes, this.#logLength);
    } catch (error) {
      throw this.#failed('saved', error);
    }
    if (appended === undefined) {
      this.#logLength += bytes.byteLength;
      return undefined;
    }
    return this.#try('saved', () => appended).then(() => {
      this.#logLength += bytes.byteLength;
    });
  }

  /** @param snapshot The database as of `base`. */
  async save(snapshot: Uint8Array, base: LogBase): Promise<void> {
    const log = encodeLogBase(base);
    await this.#try('saved', () => this.#persistence.save(snapshot, log));
    this.loaded(snapshot.byteLength, log.byteLength, base);
  }

  async #try<T>(what: string, call: () => MaybePromise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw this.#failed(what, error);
    }
  }

  /** An error of a persistence that is not ours. */
  #failed(what: string, cause: unknown): StorageError {
    if (cause instanceof StorageError) return cause;
    const { location = 'persistence' } = this.#persistence;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const isFull = (cause as { name?: unknown } | null | undefined)?.name === 'QuotaExceededError';
    return new StorageError(
      isFull ? 'STORAGE_FULL' : 'STORAGE_FAILED',
      isFull
        ? `${location} has no room left: ${reason}. Free space and write again.`
        : `${location} could not be ${what}: ${reason}. Nothing of it is taken as stored; try again.`,
      { cause },
    );
  }
}
