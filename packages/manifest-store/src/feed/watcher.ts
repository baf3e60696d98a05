import type { AbortSignalLike, Revision, StorageEvent, WatchOptions } from '../contract/storage.js';
import type { EventMaker, HistoryReader, PastCommit } from './change-feed.js';
import type { FeedEra } from './feed-era.js';
import { isAborted, onAbort } from './on-abort.js';
import { readWatchOptions } from './watch-options.js';

type Result = IteratorResult<StorageEvent, undefined>;

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * One consumer's iterator. Not an async generator: its `return()` would wait
 * behind a pending `next()`. Only while a `next()` waits does anybody else
 * know of it, so one that is dropped is forgotten.
 */
export class Watcher<P extends PastCommit> implements AsyncIterableIterator<StorageEvent>, AsyncDisposable {
  readonly #era: FeedEra;
  readonly #read: HistoryReader<P>;
  readonly #toEvent: EventMaker<P>;
  readonly #cursor: Promise<Revision>;
  #signal: AbortSignalLike | undefined;
  #onUnreadable: WatchOptions['onUnreadable'];
  #after: Revision | undefined;
  #page: readonly P[] = [];
  #taken = 0;
  #ended = false;
  #resume: (() => void) | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    era: FeedEra,
    read: HistoryReader<P>,
    toEvent: EventMaker<P>,
    start: (after: Revision | undefined) => Revision | Promise<Revision>,
    options: WatchOptions,
  ) {
    this.#era = era;
    this.#read = read;
    this.#toEvent = toEvent;
    // Taken now, so that "after the call" does not become "after the first next()".
    this.#cursor = this.#begin(start, options);
    this.#cursor.catch(() => {}); // next() reports it
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Result> {
    const result = this.#queue.then(() => this.#pull());
    this.#queue = result.catch(() => {});
    return result;
  }

  async return(): Promise<Result> {
    this.#end();
    return DONE;
  }

  async throw(error?: unknown): Promise<Result> {
    this.#end();
    throw error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
  }

  get #isOver(): boolean {
    return this.#ended || this.#era.isOver || (this.#signal !== undefined && isAborted(this.#signal));
  }

  async #begin(
    start: (after: Revision | undefined) => Revision | Promise<Revision>,
    options: WatchOptions,
  ): Promise<Revision> {
    const { after, signal, onUnreadable } = readWatchOptions(options);
    this.#signal = signal;
    this.#onUnreadable = onUnreadable;
    const current = await start(after);
    return after ?? current;
  }

  #end(): void {
    this.#ended = true;
    this.#page = [];
    this.#resume?.();
  }

  async #pull(): Promise<Result> {
    try {
      this.#after ??= await this.#cursor;
      while (!this.#isOver) {
        const commit = this.#page[this.#taken];
        if (commit === undefined) {
          await this.#refill(this.#after);
          continue;
        }
        const made = this.#toEvent(commit, this.#onUnreadable);
        const value = made instanceof Promise ? await made : made;
        if (this.#isOver) break;
        this.#taken += 1;
        this.#after = commit.revision;
        return { done: false, value };
      }
    } catch (error) {
      if (!this.#isOver) {
        this.#end();
        throw error;
      }
    }
    return this.#finish();
  }

  /** Throws why the feed failed, once. */
  #finish(): Result {
    const hadEnded = this.#ended;
    this.#end();
    if (!hadEnded && this.#era.failure !== undefined) throw this.#era.failure;
    return DONE;
  }

  async #refill(after: Revision): Promise<void> {
    const { wakes } = this.#era;
    this.#page = await this.#read(after);
    this.#taken = 0;
    if (this.#page.length === 0 && this.#era.wakes === wakes && !this.#isOver) await this.#wait();
  }

  async #wait(): Promise<void> {
    let stopListening = (): void => {};
    const { promise, resume } = pause();
    try {
      if (this.#signal !== undefined) stopListening = onAbort(this.#signal, resume);
      this.#resume = resume;
      this.#era.enter(resume);
      await promise;
    } finally {
      this.#resume = undefined;
      this.#era.leave(resume);
      stopListening();
    }
  }
}

function pause(): { readonly promise: Promise<void>; readonly resume: () => void } {
  let resume = (): void => {};
  const promise = new Promise<void>((resolve) => {
    resume = resolve;
  });
  return { promise, resume };
}
