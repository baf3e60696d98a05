import { StorageError } from '@gati-framework/manifest-store';
import { within } from '../within.js';

/**
 * The batches of a commit, of which each must come in time: other commits wait until the last one has. A source that has
 * stopped is left as it is, as closing it would wait for it; one that does not close is left as well.
 *
 * @param limit In milliseconds. Throws `STORAGE_UNAVAILABLE` where a batch takes longer.
 */
export async function* inTime<T>(batches: AsyncIterable<T>, limit: number): AsyncGenerator<T> {
  const iterator = batches[Symbol.asyncIterator]();
  let isLate = false;
  try {
    for (;;) {
      const result = await within(iterator.next(), limit, () => {
        isLate = true;
        return tooSlow(limit);
      });
      if (result.done) return;
      yield result.value;
    }
  } finally {
    const closing = iterator.return?.();
    if (isLate) closing?.catch(() => {});
    else if (closing !== undefined) await closed(closing, limit);
  }
}

/** What it was closed for says more than that it takes its time. */
async function closed(closing: Promise<unknown>, limit: number): Promise<void> {
  const late = tooSlow(limit);
  await within(closing, limit, () => late).catch((error: unknown) => {
    if (error !== late) throw error;
  });
}

function tooSlow(scanIdleTimeout: number): StorageError {
  return new StorageError(
    'STORAGE_UNAVAILABLE',
    'A commit waited for its next changes for longer than scanIdleTimeout, and nothing of it was stored: other commits wait ' +
      'meanwhile. Is its source waiting for a commit to the same store? Yield changes faster, or allow more.',
    { details: { scanIdleTimeout } },
  );
}
