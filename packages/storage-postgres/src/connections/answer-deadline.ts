import { type Timer, timers } from '@gati-framework/manifest-store/backend';

/**
 * Until when an answer is waited for. One timer serves many waits that follow each other: to start and stop
 * one for each costs as much as a tenth of reading a record.
 */
export class AnswerDeadline {
  readonly #onPassed: () => void;
  #deadline = Number.POSITIVE_INFINITY;
  #timer: Timer | undefined;
  #firesAt = 0;

  /** @param onPassed Called when a deadline has come. */
  constructor(onPassed: () => void) {
    this.#onPassed = onPassed;
  }

  /** @param timeout From now on, in milliseconds. It takes the place of the deadline before. Keeps no process alive. */
  set(timeout: number): void {
    this.#deadline = timers.now() + timeout;
    if (this.#timer !== undefined && this.#firesAt <= this.#deadline) return;
    this.#wait(timeout);
  }

  /** There is none any more. */
  lift(): void {
    this.#deadline = Number.POSITIVE_INFINITY;
  }

  /** As {@link lift}, and nothing is left of it. */
  clear(): void {
    this.lift();
    timers.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(timeout: number): void {
    timers.clearTimeout(this.#timer);
    this.#firesAt = timers.now() + timeout;
    this.#timer = timers.setTimeout(() => this.#look(), timeout);
    this.#timer.unref?.();
  }

  #look(): void {
    this.#timer = undefined;
    const left = this.#deadline - timers.now();
    if (left === Number.POSITIVE_INFINITY) return;
    if (left > 0) this.#wait(left);
    else this.#onPassed();
  }
}
