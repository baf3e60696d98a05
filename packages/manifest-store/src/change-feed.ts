import { onAbort } from './on-abort.js';
import { assertOptions } from './options.js';
import { isRevision } from './prepare-change.js';
import type { AbortSignalLike, Revision, StorageEvent, WatchOptions } from './storage.js';
import { StorageError } from './storage-error.js';

/**
 * Reads the commits that follow `after`, oldest first and without a gap; as
 * many as it likes, none when there are none yet. Throws `STORAGE_COMPACTED`
 * when the next one is no longer kept.
 */
export type HistoryReader = (after: Revision) => readonly StorageEvent[] | Promise<readonly StorageEvent[]>;

/**
 * Turns a readable history into live iterators. Each iterator pulls from the
 * history at its own pace, so a slow consumer holds no buffer here: it falls
 * behind until the history it needs is gone, and is told so.
 */
export class ChangeFeed {
  readonly #read: HistoryReader;
  readonly #watchers = new Set<Watcher>();
  /** Called when the first watcher comes and when the last one leaves. */
  readonly #onWatched: (watched: boolean) => void;

  constructor(read: HistoryReader, onWatched: (watched: boolean) => void = () => {}) {
    this.#read = read;
    this.#onWatched = onWatched;
  }

  /** Starts an iteration after the revision that `start` yields. */
  watch(
    start: () => Revision | Promise<Revision>,
    options: WatchOptions,
  ): AsyncIterableIterator<StorageEvent> {
    const watcher = new Watcher(this.#read, start, options, () => {
      if (this.#watchers.delete(watcher) && this.#watchers.size === 0) this.#onWatched(false);
    });
    this.#watchers.add(watcher);
    if (this.#watchers.size === 1) this.#onWatched(true);
    if (options?.signal?.aborted) watcher.end();
    return watcher;
  }

  /** Tells every iterator that there may be more to read. */
  wake(): void {
    for (const watcher of this.#watchers) watcher.wake();
  }

  /** Ends every iterator with an error: what it would go on with is not the history that it began in. */
  fail(error: StorageError): void {
    for (const watcher of [...this.#watchers]) watcher.fail(error);
  }

  /** Ends every iterator without an error. */
  end(): void {
    for (const watcher of [...this.#watchers]) watcher.end();
  }
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** One consumer's iterator. Not an async generator: its `return()` would wait behind a pending `next()`. */
class Watcher implements AsyncIterableIterator<StorageEvent> {
  readonly #read: HistoryReader;
  readonly #cursor: Promise<Revision>;
  readonly #onEnd: () => void;
  #after: Revision | undefined;
  #buffer: readonly StorageEvent[] = [];
  #taken = 0;
  #ended = false;
  /** What the next pull throws, once. */
  #failure: StorageError | undefined;
  /** Counts wakes, so that one that comes during a read is not missed. */
  #wakes = 0;
  #resume: (() => void) | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #stopListening: () => void = () => {};

  constructor(
    read: HistoryReader,
    start: () => Revision | Promise<Revision>,
    options: WatchOptions,
    onEnd: () => void,
  ) {
    this.#read = read;
    this.#onEnd = onEnd;
    // Taken now, so that "after the call" does not become "after the first next()".
    this.#cursor = firstRevision(start, options);
    const signal = options?.signal;
    if (isSignal(signal)) this.#stopListening = onAbort(signal, () => this.end());
    this.#cursor.catch(() => {
      // There is nothing to wait for; next() reports why.
      this.#stopListening();
      onEnd();
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<StorageEvent, undefined>> {
    const result = this.#queue.then(() => this.#pull());
    this.#queue = result.catch(() => {});
    return result;
  }

  async return(): Promise<IteratorResult<StorageEvent, undefined>> {
    this.end();
    return DONE;
  }

  wake(): void {
    this.#wakes += 1;
    this.#resume?.();
  }

  fail(error: StorageError): void {
    this.#failure = error;
    this.end();
  }

  end(): void {
    this.#ended = true;
    this.#buffer = [];
    this.#stopListening();
    this.#onEnd();
    this.#resume?.();
  }

  async #pull(): Promise<IteratorResult<StorageEvent, undefined>> {
    try {
      this.#after ??= await this.#cursor;
      while (!this.#ended) {
        const event = this.#buffer[this.#taken];
        if (event !== undefined) {
          this.#taken += 1;
          this.#after = event.revision;
          return { done: false, value: event };
        }
        await this.#refill();
      }
    } catch (error) {
      if (!this.#ended) {
        this.end();
        throw error;
      }
    }
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure;
    return DONE;
  }

  async #refill(): Promise<void> {
    const wakes = this.#wakes;
    const events = await this.#read(this.#after as Revision);
    if (this.#ended) return;
    this.#buffer = events;
    this.#taken = 0;
    if (events.length > 0 || this.#wakes !== wakes) return;
    await new Promise<void>((resolve) => {
      this.#resume = resolve;
    });
    this.#resume = undefined;
  }
}

async function firstRevision(
  start: () => Revision | Promise<Revision>,
  options: WatchOptions,
): Promise<Revision> {
  assertOptions(options, ['after', 'signal']);
  const { after, signal } = options;
  if (after !== undefined && !isRevision(after)) {
    throw new StorageError('INVALID_OPTIONS', 'after must be a revision: an integer from 0.', {
      path: 'after',
    });
  }
  if (signal !== undefined && !isSignal(signal)) {
    throw new StorageError('INVALID_OPTIONS', 'signal must be an AbortSignal.', { path: 'signal' });
  }
  const current = await start();
  return after ?? current;
}

function isSignal(signal: unknown): signal is AbortSignalLike {
  return typeof (signal as AbortSignalLike | undefined)?.addEventListener === 'function';
}
