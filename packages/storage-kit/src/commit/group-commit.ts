import type { StorageError } from '@gati-framework/manifest-store';
import { timers } from '@gati-framework/manifest-store/backend';
import type { MaybePromise } from '../record-driver.js';

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/** What became of one item of a group. */
export type GroupResult<R> =
  | { readonly result: R; readonly error: undefined }
  | { readonly error: StorageError };

/**
 * Lets writes that arrive together share one flush: while one group is being
 * flushed, the next gathers; a lone write waits for nothing but the end of the
 * current turn of the event loop, in which others may join it.
 */
export class GroupCommit<T, R> {
  readonly #flush: (items: readonly T[]) => MaybePromise<readonly GroupResult<R>[]>;
  readonly #sizeOf: (item: T) => number;
  readonly #maxSize: number;
  readonly #blamesOneItem: (error: unknown) => boolean;
  #waiting: Waiting<T, R>[] = [];
  #running: Promise<void> | undefined;

  /**
   * @param sizeOf An item of infinite size has a group of its own.
   * @param maxSize A group is closed once the sizes of its items add up to this.
   * @param blamesOneItem Whether a failed flush may be the fault of one item, so that the others deserve another try.
   */
  constructor(
    flush: (items: readonly T[]) => MaybePromise<readonly GroupResult<R>[]>,
    sizeOf: (item: T) => number,
    maxSize: number,
    blamesOneItem: (error: unknown) => boolean,
  ) {
    this.#flush = flush;
    this.#sizeOf = sizeOf;
    this.#maxSize = maxSize;
    this.#blamesOneItem = blamesOneItem;
  }

  /** Calls one of both back, once. */
  add(item: T, resolve: (result: R) => void, reject: (error: unknown) => void): void {
    this.#waiting.push({ item, resolve, reject });
    this.#running ??= this.#run();
  }

  /** Resolves when everything submitted so far is settled. */
  async drain(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      // A macrotask, not a microtask: callers that do a few awaits between their writes still meet in one group.
      await timers.nextTurn();
      const group = this.#takeGroup();
      await this.#settle(group);
    }
    this.#running = undefined;
  }

  #takeGroup(): Waiting<T, R>[] {
    let size = 0;
    let count = 0;
    for (const { item } of this.#waiting) {
      const itemSize = this.#sizeOf(item);
      if (count > 0 && (size >= this.#maxSize || itemSize === Number.POSITIVE_INFINITY)) break;
      size += itemSize;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #settle(group: readonly Waiting<T, R>[]): Promise<void> {
    let results: readonly GroupResult<R>[];
    try {
      results = await this.#flush(group.map(({ item }) => item));
    } catch (error) {
      if (group.length === 1 || !this.#blamesOneItem(error)) {
        for (const { reject } of group) reject(error);
      } else {
        for (const one of group) await this.#settle([one]);
      }
      return;
    }
    results.forEach((outcome, i) => {
      if (outcome.error === undefined) group[i]?.resolve(outcome.result);
      else group[i]?.reject(outcome.error);
    });
  }
}
