import { InvalidArgumentError, Option } from 'commander';
import { duration } from './duration.js';

/** Of commands that are asked how a store does, and should not be waited for. */
export function timeoutOption(): Option {
  return new Option('--timeout <time>', 'how long to wait for the answer of a store: 2s, 1m')
    .argParser(positive)
    .default(5_000, '5s');
}

function positive(text: string): number {
  const time = duration(text);
  if (time > 0) return time;
  throw new InvalidArgumentError('It must be more than nothing, such as 2s.');
}
