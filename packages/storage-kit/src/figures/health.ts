import { StorageError, type StorageFigures, type StorageHealth } from '@gati-framework/manifest-store';
import { timers } from '@gati-framework/manifest-store/backend';
import type { AskedState } from '../record-driver.js';
import { within } from '../within.js';

/** An answer that takes longer counts as none, in milliseconds. */
const TIMEOUT = 1_500;

/**
 * Asks once and tells how long the answer took.
 *
 * @param figuresOf Asked afterwards, of what was answered.
 */
export async function checkHealth(
  ask: () => Promise<AskedState>,
  figuresOf: (answer: Partial<AskedState>) => StorageFigures,
): Promise<StorageHealth> {
  const start = timers.now();
  try {
    const answer = await within(ask(), TIMEOUT, unanswered);
    const latency = timers.now() - start;
    return { status: 'ok', revision: answer.revision, latency, ...figuresOf(answer) };
  } catch (cause) {
    const error =
      cause instanceof StorageError
        ? cause
        : new StorageError('STORAGE_FAILED', 'The storage failed while its health was asked for.', { cause });
    return { status: 'failed', latency: timers.now() - start, error, ...figuresOf({}) };
  }
}

function unanswered(): StorageError {
  const message = `The storage has not answered for ${TIMEOUT / 1_000} s. Is its server reachable and alive?`;
  return new StorageError('STORAGE_UNAVAILABLE', message);
}
