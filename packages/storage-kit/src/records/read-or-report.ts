import { StorageError } from '@gati-framework/manifest-store';

/** Who is told of a record that cannot be read. */
export type OnUnreadable = (error: StorageError) => void;

/** What `read` reads; `undefined` when it cannot be read and somebody wants to be told instead of stopped. */
export function readOrReport<T>(read: () => T, onUnreadable: OnUnreadable | undefined): T | undefined {
  try {
    return read();
  } catch (error) {
    if (onUnreadable === undefined || !isUnreadable(error)) throw error;
    report(error, onUnreadable);
    return undefined;
  }
}

function isUnreadable(error: unknown): error is StorageError {
  return (
    error instanceof StorageError &&
    (error.code === 'STORAGE_UNSUPPORTED' || error.code === 'STORAGE_CORRUPT')
  );
}

function report(error: StorageError, onUnreadable: OnUnreadable): void {
  try {
    onUnreadable(error);
  } catch (cause) {
    throw new StorageError('INVALID_OPTIONS', `onUnreadable threw when it was told: ${error.message}`, {
      path: 'onUnreadable',
      cause,
    });
  }
}
