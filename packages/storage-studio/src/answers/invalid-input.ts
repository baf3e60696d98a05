import { StorageError } from '@gati-framework/manifest-store';

/** What was asked makes no sense. */
export function invalidInput(path: string, problem: string): StorageError {
  return new StorageError('INVALID_OPTIONS', `${path} ${problem}.`, { path });
}
