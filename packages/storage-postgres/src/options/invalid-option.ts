import { StorageError } from '@gati-framework/manifest-store';

export function invalid(path: string, problem: string): StorageError {
  return new StorageError('INVALID_OPTIONS', `${path} ${problem}.`, { path });
}

/** NUL ends a field of what a client says first, so what follows it would be another field. */
export function assertText(value: unknown, path: string): void {
  if (typeof value !== 'string' || value.includes('\0')) throw invalid(path, 'must be a string without NUL');
}
