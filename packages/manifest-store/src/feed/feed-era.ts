import type { StorageError } from '../contract/storage-error.js';

/**
 * The time in which the iterators of a feed are alive: until the feed ends or
 * fails. It knows those that wait, and only while they do: nothing is held of
 * an iterator that was dropped.
 */
export class FeedEra {
  readonly #waiting = new Set<() => void>();
  /** Called when the first iterator begins to wait and when the last one stops. */
  readonly #onWatched: (watched: boolean) => void;
  /** Counts wakes, so that one that comes during a read is not missed. */
  wakes = 0;
  isOver = false;
  /** Why it is over; absent where that is no failure. */
  failure: StorageError | undefined;

  constructor(onWatched: (watched: boolean) => void) {
    this.#onWatched = onWatched;
  }

  wake(): void {
    this.wakes += 1;
    for (const resume of this.#waiting) resume();
  }

  finish(failure?: StorageError): void {
    this.isOver = true;
    this.failure = failure;
    this.wake();
  }

  enter(resume: () => void): void {
    this.#waiting.add(resume);
    if (this.#waiting.size === 1) this.#onWatched(true);
  }

  leave(resume: () => void): void {
    if (this.#waiting.delete(resume) && this.#waiting.size === 0) this.#onWatched(false);
  }
}
