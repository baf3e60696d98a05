import { type BigIntStats, lstatSync, readFileSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { errorCode } from './error-code.js';

export function readIfThere(path: string): Uint8Array | undefined {
  return unlessMissing(() => readFileSync(path));
}

export function statIfThere(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

/** With times in nanoseconds: a file that is written twice in a millisecond differs. */
export function exactStatIfThere(path: string): BigIntStats | undefined {
  return statSync(path, { throwIfNoEntry: false, bigint: true });
}

/** Where a symbolic link leads, as it says itself; `undefined` for anything else. */
export function readLinkIfThere(path: string): string | undefined {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return isLink ? unlessMissing(() => readlinkSync(path)) : undefined;
}

function unlessMissing<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
