import { timers } from '@gati-framework/manifest-store/backend';

const FIRST_MILLISECONDS = 50;
const LONGEST_MILLISECONDS = 10_000;

/** Waits between attempts, each time twice as long; keeps no process alive. */
export class Backoff {
  readonly #signal: AbortSignal;
  #next = FIRST_MILLISECONDS;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Resolves early when the signal is aborted. */
  async wait(): Promise<void> {
    const delay = this.#next;
    this.#next = Math.min(2 * delay, LONGEST_MILLISECONDS);
    const signal = this.#signal;
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const end = () => {
        timers.clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = timers.setTimeout(end, delay);
      timer.unref?.();
      signal.addEventListener('abort', end);
    });
  }

  reset(): void {
    this.#next = FIRST_MILLISECONDS;
  }
}
