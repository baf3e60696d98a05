import { StorageError, type StorageHealth } from '@gati-framework/manifest-store';
import { timers } from '@gati-framework/manifest-store/backend';
import type { StoreState } from './record-driver.js';
import { within } from './within.js';

/** An answer that takes longer counts as none, in milliseconds. */
const TIMEOUT = 1_500;

/** Asks once and tells how long the answer took. */
export async function checkHealth(ask: () => Promise<StoreState>): Promise<StorageHealth> {
  const start = timers.now();
  try {
    const { revision } = await within(ask(), TIMEOUT, unanswered);
    return { status: 'ok', revision, latency: timers.now() - start };
  } catch (cause) {
    const error =
      cause instanceof StorageError
        ? cause
        : new StorageError('STORAGE_FAILED', 'The storage failed while its health was asked for.', { cause });
    return { status: 'failed', latency: timers.now() - start, error };
  }
}

function unanswered(): StorageError {
  const message = `The storage has not answered for ${TIMEOUT / 1_000} s. Is its server reachable and alive?`;
  return new StorageError('STORAGE_UNAVAILABLE', message);
}
