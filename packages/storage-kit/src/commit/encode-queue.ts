import { type PreparedChange, TimeSlice, timers } from '@gati-framework/manifest-store/backend';
import type { EncodedChange } from '../record-driver.js';
import { encodeChange } from '../records/encode-change.js';

interface Job {
  readonly prepared: readonly PreparedChange[];
  readonly onEncoded: (changes: readonly EncodedChange[]) => void;
  readonly onFailed: (error: unknown) => void;
}

/** To copy as many, within the call, has taken the slice of that turn: some 3 us each. */
const COPIED_IN_A_SLICE = 1_000;

/**
 * Encodes commits in the order in which they come. A turn of the event loop gets
 * one slice of time, however many commits share it: what fits is encoded within
 * the call, and the rest in the turns that follow.
 */
export class EncodeQueue {
  readonly #waiting = new Set<Job>();
  #run: Promise<void> | undefined;
  #isRunning = false;
  #sliceOfTurn: TimeSlice | undefined;

  /** Calls one of both back, once; those of earlier calls before. */
  add(
    prepared: readonly PreparedChange[],
    onEncoded: (changes: readonly EncodedChange[]) => void,
    onFailed: (error: unknown) => void,
  ): void {
    this.#waiting.add({ prepared, onEncoded, onFailed });
    if (!this.#isRunning) this.#run = this.#encodeAll();
  }

  /** Resolves when everything added so far is encoded. */
  async drain(): Promise<void> {
    while (this.#isRunning) await this.#run;
  }

  async #encodeAll(): Promise<void> {
    this.#isRunning = true;
    for (const job of this.#waiting) {
      this.#waiting.delete(job);
      try {
        if (job.prepared.length >= COPIED_IN_A_SLICE) await timers.nextTurn();
        const changes: EncodedChange[] = [];
        for (const change of job.prepared) {
          while (this.#isTurnSpent()) await timers.nextTurn();
          changes.push(encodeChange(change));
        }
        job.onEncoded(changes);
      } catch (error) {
        job.onFailed(error);
      }
    }
    this.#isRunning = false;
  }

  #isTurnSpent(): boolean {
    if (this.#sliceOfTurn === undefined) {
      this.#sliceOfTurn = new TimeSlice();
      void timers.nextTurn().then(() => {
        this.#sliceOfTurn = undefined;
      });
    }
    return this.#sliceOfTurn.isOver;
  }
}
