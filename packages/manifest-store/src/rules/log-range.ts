import type { LogOptions, Revision } from '../contract/storage.js';
import { StorageError } from '../contract/storage-error.js';
import { readCount, readOptions } from './options.js';
import { readRevision } from './revision.js';

const MOST_LISTED_CHANGES = 1_000;

/** Which commits a log tells, and how much of each. */
export interface LogRange {
  /** Only commits after this one; `undefined`: all that are kept. */
  readonly after: Revision | undefined;
  /** Only commits before this one; `undefined`: up to the present. */
  readonly before: Revision | undefined;
  /** Newest first. */
  readonly reverse: boolean;
  /** Most commits. */
  readonly limit: number;
  /** Most changes that are listed of a commit. */
  readonly maxChanges: number;
}

/** The options of a log, each read once. Throws `INVALID_OPTIONS`. */
export function readLogRange(options: LogOptions): LogRange {
  const known = ['after', 'before', 'limit', 'reverse', 'maxChanges'];
  const { after, before, limit, reverse = false, maxChanges } = readOptions(options, known);
  if (typeof reverse !== 'boolean') {
    const path = 'options.reverse';
    throw new StorageError('INVALID_OPTIONS', `${path} must be true or false.`, { path });
  }
  return {
    after: readRevision(after, 'options.after'),
    before: readRevision(before, 'options.before'),
    reverse,
    limit: readCount(limit, 'options.limit', Number.MAX_SAFE_INTEGER),
    maxChanges: readCount(maxChanges, 'options.maxChanges', MOST_LISTED_CHANGES),
  };
}
