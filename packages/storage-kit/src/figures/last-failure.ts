import { type LastError, StorageError, type StorageErrorCode } from '@gati-framework/manifest-store';
import { timers } from '@gati-framework/manifest-store/backend';

/** Not of the store: callers asked for what they may not, cannot or need not have. */
const OF_CALLERS: ReadonlySet<StorageErrorCode> = new Set([
  'INVALID_RECORD',
  'INVALID_OPTIONS',
  'STORAGE_CONFLICT',
  'STORAGE_COMPACTED',
  'STORAGE_CLOSED',
  'STORAGE_NOT_OPEN',
]);

/** Remembers the last time that a store failed. */
export class LastFailure {
  #last: LastError | undefined;

  get last(): LastError | undefined {
    return this.#last;
  }

  /** @param error Whatever was thrown; what is none of the store's is not remembered. */
  note(error: unknown): void {
    if (!(error instanceof StorageError) || OF_CALLERS.has(error.code)) return;
    this.#last = { code: error.code, message: error.message, at: timers.wallClock() };
  }
}
