import { StorageError, type StorageHealth } from '@gati-framework/manifest-store';
import type { StoreState } from './record-driver.js';

/** Asks once and tells how long the answer took. */
export async function checkHealth(ask: () => Promise<StoreState>): Promise<StorageHealth> {
  const start = performance.now();
  try {
    const { revision } = await ask();
    return { status: 'ok', revision, latency: performance.now() - start };
  } catch (cause) {
    const error =
      cause instanceof StorageError
        ? cause
        : new StorageError('STORAGE_FAILED', 'The storage failed while its health was asked for.', { cause });
    return { status: 'failed', latency: performance.now() - start, error };
  }
}
