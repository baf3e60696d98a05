import { timers } from '@gati-framework/manifest-store/backend';
import { isTransient } from '../errors/conditions.js';

const FIRST_DELAY = 40;
const LONGEST_DELAY = 1_000;

/** How long to wait before trying again, in milliseconds: longer each time, and never in step with others. */
export function retryDelay(failures: number): number {
  const limit = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** Math.min(failures, 10));
  return limit / 2 + (Math.random() * limit) / 2;
}

export interface RetryOptions {
  /** For how long, in milliseconds: from the call, or from when what was under way is lost for the first time. */
  readonly timeout: number;
  /** Throws when there is no point in going on. */
  assertWanted(): void;
}

/**
 * Repeats work that fails for reasons that pass; throws the last reason when
 * time is up. Work that had begun in time and was lost later is tried once
 * more: it may have waited for a lock as long as it is allowed to, and the
 * server may be well.
 *
 * @param work Calls `onUnderWay` when it has reached the server.
 */
export async function retry<T>(
  { timeout, assertWanted }: RetryOptions,
  work: (onUnderWay: () => void) => Promise<T>,
  isWorthRepeating: (error: unknown) => boolean = isTransient,
): Promise<T> {
  let deadline = timers.now() + timeout;
  let wasLost = false;
  for (let failures = 1; ; failures += 1) {
    const begun = timers.now();
    let isUnderWay = false;
    try {
      return await work(() => {
        isUnderWay = true;
      });
    } catch (error) {
      if (!isWorthRepeating(error)) throw error;
      const now = timers.now();
      if (isUnderWay && !wasLost) deadline = now + timeout;
      wasLost ||= isUnderWay;
      const delay = retryDelay(failures);
      if ((isUnderWay ? begun : now + delay) > deadline) throw error;
      assertWanted();
      await timers.sleep(delay);
      assertWanted();
    }
  }
}
