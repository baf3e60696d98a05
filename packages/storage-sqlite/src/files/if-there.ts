import {
  type BigIntStats,
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs';
import { errorCode } from './error-code.js';

/** @param most Bytes that are read at most. Default: all of them. */
export function readIfThere(path: string, most: number = Number.POSITIVE_INFINITY): Uint8Array | undefined {
  return unlessMissing(() => (Number.isFinite(most) ? readBeginning(path, most) : readFileSync(path)));
}

function readBeginning(path: string, most: number): Uint8Array {
  const descriptor = openSync(path, 'r');
  try {
    return readUpTo(most, descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** From the beginning of an open file, wherever it was read before. */
export function readUpTo(most: number, descriptor: number): Uint8Array {
  const content = new Uint8Array(Math.min(most, fstatSync(descriptor).size));
  let length = 0;
  while (length < content.length) {
    const read = readSync(descriptor, content, length, content.length - length, length);
    if (read === 0) break; // it was cut meanwhile
    length += read;
  }
  return content.subarray(0, length);
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
