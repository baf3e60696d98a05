import { StorageError, type StorageErrorCode } from '@gati-framework/manifest-store';
import { LONGEST_SUFFIX } from './sharing/claim-files.js';

const PROBLEMS: Readonly<Record<string, readonly [StorageErrorCode, string]>> = {
  ENOSPC: [
    'STORAGE_FULL',
    'has no room left: nothing of the write was stored. Free space on the disk and write again',
  ],
  EDQUOT: ['STORAGE_FULL', 'is over its quota: nothing of the write was stored. Free space and write again'],
  EFBIG: ['STORAGE_FULL', 'has reached the largest size of a file: nothing of the write was stored'],
  EROFS: ['STORAGE_READONLY', 'lies on a read-only file system. Open it with readOnly: true, or move it'],
  EACCES: [
    'STORAGE_READONLY',
    'cannot be written. Make the file and its folder writable, or open it with readOnly: true',
  ],
  EPERM: [
    'STORAGE_READONLY',
    'cannot be written. Make the file and its folder writable, or open it with readOnly: true',
  ],
  ENOENT: ['STORAGE_UNAVAILABLE', 'cannot be opened. Check that its folder exists'],
  ENOTDIR: ['STORAGE_UNAVAILABLE', 'cannot be opened. Check that its folder exists'],
  ENAMETOOLONG: [
    'STORAGE_UNAVAILABLE',
    `has too long a name: what lies beside it adds up to ${LONGEST_SUFFIX} characters. Give it a shorter one`,
  ],
  ELOOP: ['STORAGE_UNAVAILABLE', 'is a symbolic link that leads in a circle. Give the name of a file'],
  EISDIR: ['STORAGE_UNAVAILABLE', 'is a folder. Give the name of a file'],
};

/** An error of the file system as the error of the store. */
export function fileError(error: unknown, path: string): StorageError {
  if (error instanceof StorageError) return error;
  const { code, message, name } = error as NodeJS.ErrnoException;
  // Deno's, which asks for a permission of the program and names the flag.
  if (name === 'NotCapable') {
    return new StorageError('STORAGE_FORBIDDEN', `${path} cannot be used: ${message}.`, { cause: error });
  }
  const known = code === undefined ? undefined : PROBLEMS[code];
  if (known !== undefined) return new StorageError(known[0], `${path} ${known[1]}.`, { cause: error });
  return new StorageError('STORAGE_FAILED', `${path} could not be used: ${message}.`, { cause: error });
}
