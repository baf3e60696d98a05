import { timers } from './timers.js';

/** Short enough that a server goes on answering, long enough that a turn between two costs nothing. */
const SLICE_MILLISECONDS = 4;

/**
 * Keeps long work from holding the event loop: the work looks now and then
 * whether its slice of time is over, and then waits for the next turn, in which
 * timers, requests and other work had their chance. Work that is short never waits.
 *
 * The look reads a clock, some 50 ns: not for every step of a nanosecond.
 *
 * @example
 * import { TimeSlice } from '@gati-framework/manifest-store/backend';
 *
 * const slice = new TimeSlice();
 * for (const record of records) {
 *   if (slice.isOver) await slice.next();
 *   encode(record);
 * }
 */
export class TimeSlice {
  readonly #length: number;
  #end: number;

  /** Begins now. @param length In milliseconds. Default: 4. */
  constructor(length: number = SLICE_MILLISECONDS) {
    this.#length = length;
    this.#end = timers.now() + length;
  }

  /** Whether the work should wait for {@link next} before it goes on. */
  get isOver(): boolean {
    return timers.now() >= this.#end;
  }

  /**
   * Resolves in the next turn of the event loop, at the beginning of a slice.
   * Anything may have happened meanwhile: look again at what may have changed.
   */
  async next(): Promise<void> {
    await timers.nextTurn();
    this.#end = timers.now() + this.#length;
  }
}
