import { type Revision, type Storage, StorageError, type StorageEvent } from '@gati-framework/manifest-store';
import { closed, TimeSlice } from '@gati-framework/manifest-store/backend';
import { Edit } from '../view/edit.js';
import { loadTables } from '../view/load-tables.js';
import type { Tables } from '../view/tables.js';
import { Backoff } from './backoff.js';

/** What of a storage is used to follow it. */
export type FollowedStorage = Pick<Storage, 'entries' | 'stats' | 'watch'>;

/** Who is told what the store has become. */
export interface Follower {
  /** Shows tables that a commit led to, or that were read whole. */
  show(tables: Tables, revision: Revision, touched: ReadonlySet<string> | 'all', event?: StorageEvent): void;
  /** Everything that was committed by now is shown. */
  caughtUp(): void;
  /** The store has revision `target`, which is not shown yet. */
  fellBehind(target: Revision): void;
  /** What has been shown cannot be gone on from: the store is read anew. */
  rebuilding(): void;
  /** Trying again, unless it is told that it ended. */
  failed(error: StorageError): void;
  /** A record was left out. */
  unreadable(error: StorageError): void;
}

/** Follows a store, one commit at a time, and reads it anew when its history does not reach far enough. */
export class StoreFollower {
  readonly #storage: FollowedStorage;
  readonly #follower: Follower;
  readonly #abort = new AbortController();
  #tables: Tables | undefined;
  #revision = 0;
  #ended: Promise<void> = Promise.resolve();

  constructor(storage: FollowedStorage, follower: Follower) {
    this.#storage = storage;
    this.#follower = follower;
  }

  /** Resolves when the whole store is shown, and follows it from there; rejects when it cannot be read, and does not. */
  async start(): Promise<void> {
    await this.#read();
    this.#ended = this.#run();
  }

  async stop(): Promise<void> {
    this.#abort.abort(closed());
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    const backoff = new Backoff(signal);
    while (!signal.aborted) {
      try {
        await this.#follow(() => backoff.reset());
        if (!signal.aborted) throw closed(); // a watch ends without an error when its storage is closed
      } catch (error) {
        if (signal.aborted) return;
        if (!this.#meet(asStorageError(error))) return;
        await backoff.wait();
      }
    }
  }

  /** @returns Whether it makes sense to go on. */
  #meet(error: StorageError): boolean {
    if (error.code === 'STORAGE_COMPACTED') {
      this.#tables = undefined;
      this.#follower.rebuilding();
      return true;
    }
    this.#follower.failed(error);
    return error.code !== 'STORAGE_CLOSED' && error.code !== 'STORAGE_REPLACED';
  }

  async #follow(onProgress: () => void): Promise<void> {
    if (this.#tables === undefined) await this.#read();
    const target = await this.compare();
    for await (const event of this.#watch(this.#revision)) {
      await this.#take(event);
      onProgress();
      if (event.revision >= target) this.#follower.caughtUp();
    }
  }

  /** Asks the store how far it is, and tells the difference. */
  async compare(): Promise<Revision> {
    const { revision } = await this.#storage.stats();
    if (revision > this.#revision) this.#follower.fellBehind(revision);
    else if (revision === this.#revision) this.#follower.caughtUp();
    return revision;
  }

  async #take(event: StorageEvent): Promise<void> {
    if (this.#tables === undefined) return;
    const { tables, touched } = await apply(this.#tables, event, this.#follower);
    if (this.#abort.signal.aborted) return;
    this.#tables = tables;
    this.#revision = event.revision;
    this.#follower.show(tables, event.revision, touched, event);
  }

  /**
   * Reads the store into new tables beside those that are shown. Commits that are made meanwhile may be
   * in what was read or not, so nothing is shown before all of them have been gone through.
   */
  async #read(): Promise<void> {
    const { signal } = this.#abort;
    const begin = (await this.#storage.stats()).revision;
    const onUnreadable = (error: StorageError) => this.#follower.unreadable(error);
    let tables = await loadTables(this.#storage, { signal, onUnreadable });
    const end = (await this.#storage.stats()).revision;
    if (end > begin) {
      for await (const event of this.#watch(begin)) {
        ({ tables } = await apply(tables, event, this.#follower));
        if (event.revision >= end) break;
      }
    }
    signal.throwIfAborted();
    this.#tables = tables;
    this.#revision = end;
    this.#follower.show(tables, end, 'all');
    this.#follower.caughtUp();
  }

  #watch(after: Revision): AsyncIterable<StorageEvent> {
    const onUnreadable = (error: StorageError) => this.#follower.unreadable(error);
    return this.#storage.watch({ after, signal: this.#abort.signal, onUnreadable });
  }
}

/** So many changes are gone through without looking whether others wait. */
const IN_ONE_STEP = 256;

async function apply(
  base: Tables,
  { changes, revision }: StorageEvent,
  follower: Follower,
): Promise<{ readonly tables: Tables; readonly touched: ReadonlySet<string> }> {
  const edit = new Edit(base);
  const isLarge = changes.length > IN_ONE_STEP;
  if (isLarge) follower.fellBehind(revision);
  const slice = isLarge ? new TimeSlice() : undefined;
  for (const change of changes) {
    if (slice?.isOver) await slice.next();
    edit.apply(change);
  }
  const touched = edit.touched();
  const tables = edit.publish();
  return { tables: tables instanceof Promise ? await tables : tables, touched };
}

function asStorageError(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  return new StorageError('STORAGE_FAILED', `Following the store failed: ${String(error)}.`, {
    cause: error,
  });
}
