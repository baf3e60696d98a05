import { StorageError } from '@gati-framework/manifest-store';
import { messageOf } from '../translate-error.js';

/** @param operation Names the group in the log. */
export function inDoubt(cause: unknown, operation: string): StorageError {
  return new StorageError(
    'STORAGE_IN_DOUBT',
    `The connection was lost during a commit, and etcd could not be asked whether it was made: ${messageOf(cause)}. ` +
      'Read what you wrote before you write it again.',
    { cause, details: { operation } },
  );
}

/** @param timeout For how long it went on, in milliseconds. */
export function overtaken(timeout: number): StorageError {
  return new StorageError(
    'STORAGE_LOCKED',
    `Others have committed before this commit each time it was tried, for ${timeout} ms. Nothing was stored; try again, ` +
      'or let fewer processes write.',
  );
}

export function readOnly(): StorageError {
  return new StorageError(
    'STORAGE_READONLY',
    'This storage was created with readOnly; create one without it to write.',
  );
}
