import type { AbortSignalLike, WatchOptions } from '../contract/storage.js';
import { StorageError } from '../contract/storage-error.js';
import { guardInput } from '../rules/input.js';
import { readFunction, readOptions } from '../rules/options.js';
import { readRevision } from '../rules/revision.js';

/** The options of a watch, each read once. Throws `INVALID_OPTIONS`. */
export function readWatchOptions(given: WatchOptions): WatchOptions {
  const options = readOptions(given, ['after', 'signal', 'onUnreadable']);
  const { after, signal } = options;
  readRevision(after, 'after');
  if (signal !== undefined && !guardInput('signal', 'INVALID_OPTIONS', () => isSignal(signal))) {
    throw invalid('signal', 'must be an AbortSignal');
  }
  readFunction(options.onUnreadable, 'onUnreadable');
  return options;
}

function isSignal(signal: AbortSignalLike): boolean {
  return (
    typeof signal === 'object' &&
    signal !== null &&
    typeof signal.aborted === 'boolean' &&
    typeof signal.addEventListener === 'function' &&
    typeof signal.removeEventListener === 'function'
  );
}

function invalid(path: string, problem: string): StorageError {
  return new StorageError('INVALID_OPTIONS', `${path} ${problem}.`, { path });
}
