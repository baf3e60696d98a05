import { type Timer, timers } from '@gati-framework/manifest-store/backend';

/** Looks for foreign commits while somebody waits for one; keeps no process alive. */
export class WatchPoll {
  readonly #look: () => void;
  readonly #interval: number | undefined;
  #timer: Timer | undefined;

  /** @param interval In milliseconds; absent: never looks. */
  constructor(look: () => void, interval: number | undefined) {
    this.#look = look;
    this.#interval = interval;
  }

  lookWhile(watched: boolean): void {
    timers.clearInterval(this.#timer);
    if (!watched || this.#interval === undefined) return;
    this.#timer = timers.setInterval(this.#look, this.#interval);
    this.#timer.unref?.();
  }
}
