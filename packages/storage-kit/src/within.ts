import type { StorageError } from '@gati-framework/manifest-store';
import { type Timer, timers } from '@gati-framework/manifest-store/backend';

/**
 * What a promise comes to, or an error when that takes longer than a limit; then the promise is left to itself.
 *
 * @param limit In milliseconds.
 */
export async function within<T>(promise: Promise<T>, limit: number, late: () => StorageError): Promise<T> {
  let timer: Timer | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = timers.setTimeout(() => reject(late()), limit);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    timers.clearTimeout(timer);
  }
}
