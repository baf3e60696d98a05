import { StorageError } from '@gati-framework/manifest-store';
import { type Timer, timers } from '@gati-framework/manifest-store/backend';

/**
 * Asks now and then how far a store is: a feed that has gone silent says nothing of it. Keeps no process
 * alive, and asks once at a time.
 */
export class Heartbeat {
  readonly #ask: () => Promise<unknown>;
  readonly #onFailure: (error: StorageError) => void;
  readonly #timer: Timer;
  #isAsking = false;

  constructor(ask: () => Promise<unknown>, interval: number, onFailure: (error: StorageError) => void) {
    this.#ask = ask;
    this.#onFailure = onFailure;
    this.#timer = timers.setInterval(() => void this.#beat(), interval);
    this.#timer.unref?.();
  }

  stop(): void {
    timers.clearInterval(this.#timer);
  }

  async #beat(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      await this.#ask();
    } catch (error) {
      if (error instanceof StorageError) this.#onFailure(error);
    } finally {
      this.#isAsking = false;
    }
  }
}
