import { InvalidArgumentError, Option } from 'commander';
import { duration } from './duration.js';

/**
 * Of commands that are asked how a store does, and should not be waited for.
 *
 * @param seconds Where none are given.
 */
export function timeoutOption(seconds: number): Option {
  return new Option('--timeout <time>', 'how long to wait for the answer of a store: 2s, 1m')
    .argParser(positive)
    .default(seconds * 1000, `${seconds}s`);
}

function positive(text: string): number {
  const time = duration(text);
  if (time > 0) return time;
  throw new InvalidArgumentError('It must be more than nothing, such as 2s.');
}
