import { StorageError, type StorageWaits } from '@gati-framework/manifest-store';
import { timers } from '@gati-framework/manifest-store/backend';
import type { MaybePromise } from '@gati-framework/storage-kit';

/**
 * Tries again while somebody else holds the lock, for at most `timeout`
 * milliseconds. It waits between tries without blocking the event loop, which
 * SQLite's own busy handler would.
 *
 * @param waited Where to note how long it waited, if anybody asks.
 */
export async function retryWhileLocked<T>(
  timeout: number,
  attempt: () => MaybePromise<T>,
  waited?: StorageWaits,
): Promise<T> {
  const begun = timers.now();
  const deadline = begun + timeout;
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isLocked(error) || timers.now() >= deadline) throw error;
    }
    const longest = Math.min(2 ** tries, 32);
    await timers.sleep(1 + Math.random() * longest);
    if (waited !== undefined) waited.lock = timers.now() - begun;
  }
}

/** As {@link retryWhileLocked}, and at once where nobody holds the lock. */
export function atOnceOrRetry<T>(
  timeout: number,
  attempt: () => MaybePromise<T>,
  waited?: StorageWaits,
): MaybePromise<T> {
  const retry = (error: unknown): Promise<T> => {
    if (!isLocked(error)) throw error;
    return retryWhileLocked(timeout, attempt, waited);
  };
  try {
    const result = attempt();
    return result instanceof Promise ? result.catch(retry) : result;
  } catch (error) {
    return retry(error);
  }
}

export function isLocked(error: unknown): boolean {
  return error instanceof StorageError && error.code === 'STORAGE_LOCKED';
}
