import { StorageError } from '@gati-framework/manifest-store';
import { timers } from '@gati-framework/manifest-store/backend';
import type { PostgresPool } from './postgres-pool.js';

/** So many connections are left to those who give theirs back at once: commits, reads, and polls of the feed. */
const KEPT_FREE = 2;

interface Waiter {
  readonly owner: object;
  settle(error?: StorageError): void;
}

const shares = new WeakMap<PostgresPool, PoolShare>();

/**
 * What is taken of a pool for long: by feeds that listen, and by iterations.
 * All storages on one pool share it, or together they would leave nothing.
 */
export class PoolShare {
  /** Most connections of the pool. */
  readonly #size: number;
  #listeners = 0;
  #iterations = 0;
  readonly #waiting = new Set<Waiter>();

  constructor(size: number) {
    this.#size = size;
  }

  /** Of a pool of the caller's; of one that does not say its size, everything may be taken. */
  static of(pool: PostgresPool): PoolShare {
    const known = shares.get(pool);
    if (known !== undefined) return known;
    const share = new PoolShare(pool.options?.max ?? Number.POSITIVE_INFINITY);
    shares.set(pool, share);
    return share;
  }

  /** Whether a feed may keep a connection; if so, it ends with {@link stopListening}. */
  startListening(): boolean {
    if (this.#size - this.#listeners - 1 < KEPT_FREE) return false;
    this.#listeners += 1;
    return true;
  }

  stopListening(): void {
    this.#listeners -= 1;
    this.#letIn();
  }

  /**
   * Resolves when an iteration may take a connection; it ends with {@link leave}.
   *
   * @param owner Whom {@link turnAway} is to find.
   * @param timeout In milliseconds; then it rejects with `STORAGE_UNAVAILABLE`.
   */
  async enter(owner: object, timeout: number): Promise<void> {
    if (this.#iterations < this.#mostIterations) {
      this.#iterations += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = {
        owner,
        settle: (error) => {
          timers.clearTimeout(timer);
          this.#waiting.delete(waiter);
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      const timer = timers.setTimeout(() => waiter.settle(this.#tooMany(timeout)), timeout);
      this.#waiting.add(waiter);
    });
  }

  leave(): void {
    this.#iterations -= 1;
    this.#letIn();
  }

  /** Those of this owner who wait do not get in any more. */
  turnAway(owner: object, error: StorageError): void {
    for (const waiter of this.#waiting) if (waiter.owner === owner) waiter.settle(error);
  }

  get #mostIterations(): number {
    return Math.max(1, this.#size - this.#listeners - KEPT_FREE);
  }

  #letIn(): void {
    for (const waiter of this.#waiting) {
      if (this.#iterations >= this.#mostIterations) return;
      this.#iterations += 1;
      waiter.settle();
    }
  }

  #tooMany(timeout: number): StorageError {
    const most = this.#mostIterations;
    return new StorageError(
      'STORAGE_UNAVAILABLE',
      `Of the ${this.#size} connections of the pool iterations hold ${most}, which is as many as they may: ` +
        `the others are for commits, reads and feeds. None ended within ${timeout} ms. ` +
        'Raise poolSize (of a pool that you gave, its max), or end iterations of entries().',
      { details: { poolSize: this.#size, iterations: most } },
    );
  }
}
