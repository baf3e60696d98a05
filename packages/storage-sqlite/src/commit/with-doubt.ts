import { StorageError } from '@gati-framework/manifest-store';

/** A failure without a better name may have come after the write had reached the disk. */
export function withDoubt(error: StorageError): StorageError {
  if (error.code !== 'STORAGE_FAILED') return error;
  const { cause, details, message } = error;
  return new StorageError(error.code, `${message} Whether the write was stored is unknown: read it again.`, {
    cause,
    ...(details && { details }),
  });
}
