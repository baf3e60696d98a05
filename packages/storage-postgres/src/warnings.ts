import { timers } from '@gati-framework/manifest-store/backend';

const INTERVAL = 1_000;

/** Tells of trouble, at most one line a second: what comes faster is counted and left out. */
export class Warnings {
  readonly #log: (line: string) => void;
  #toldAt = Number.NEGATIVE_INFINITY;
  #leftOut = 0;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  warn(message: string): void {
    const now = timers.now();
    if (now - this.#toldAt < INTERVAL) {
      this.#leftOut += 1;
      return;
    }
    const more = this.#leftOut === 0 ? '' : ` (${this.#leftOut} more since the last line)`;
    this.#toldAt = now;
    this.#leftOut = 0;
    try {
      this.#log(`gati-storage-postgres: ${message}${more}`);
    } catch {
      // A logger that fails is not a reason for the storage to.
    }
  }
}
