import type { Revision } from '../contract/storage.js';
import { StorageError } from '../contract/storage-error.js';
import { describeType } from './input.js';

export function isRevision(value: unknown): value is Revision {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** A revision, or nothing. Throws `INVALID_OPTIONS`. */
export function readRevision(value: unknown, path: string): Revision | undefined {
  if (value === undefined || isRevision(value)) return value;
  const told = typeof value === 'number' ? String(value) : describeType(value);
  throw new StorageError(
    'INVALID_OPTIONS',
    `${path} must be a revision, which is an integer from 0, not ${told}.`,
    {
      path,
    },
  );
}
