import type { Revision } from '@gati-framework/manifest-store';
import type { MaybePromise } from '../record-driver.js';

/**
 * Watches that begin with the next commit, and are still asking which one
 * that is. A commit of this process that comes after the call of `watch` must
 * not be taken for one before it, so it waits for the answer.
 */
export class WatchStarts {
  readonly #starting = new Set<Promise<Revision>>();

  track(starting: Promise<Revision>): Promise<Revision> {
    this.#starting.add(starting);
    const forget = (): boolean => this.#starting.delete(starting);
    starting.then(forget, forget);
    return starting;
  }

  /** What to wait for until those that are starting now have their answer, or failed to get one. */
  unsettled(): MaybePromise<void> {
    if (this.#starting.size > 0) return Promise.allSettled(this.#starting).then(() => {});
  }
}
