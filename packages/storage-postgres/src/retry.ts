import { setTimeout as sleep } from 'node:timers/promises';
import { isTransient } from './translate-error.js';

const FIRST_DELAY = 40;
const LONGEST_DELAY = 1_000;

/** How long to wait before trying again, in milliseconds: longer each time, and never in step with others. */
export function retryDelay(failures: number): number {
  const limit = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** Math.min(failures, 10));
  return limit / 2 + (Math.random() * limit) / 2;
}

export interface RetryOptions {
  /** For how long, in milliseconds. */
  readonly timeout: number;
  /** Throws when there is no point in going on. */
  assertWanted(): void;
}

/** Repeats work that fails for reasons that pass; throws the last reason when time is up. */
export async function retry<T>({ timeout, assertWanted }: RetryOptions, work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + timeout;
  for (let failures = 1; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      const delay = retryDelay(failures);
      if (!isTransient(error) || performance.now() + delay > deadline) throw error;
      assertWanted();
      await sleep(delay);
      assertWanted();
    }
  }
}
