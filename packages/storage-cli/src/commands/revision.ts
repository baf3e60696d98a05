import { InvalidArgumentError, Option } from 'commander';

/** Not what `Number` makes of an empty text or of a hexadecimal one. */
export function revision(text: string): number {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('It must be a revision, such as 41.');
}

/** Of commands that read a store. */
export function atOption(): Option {
  return new Option('--at <revision>', 'as the store was right after this commit').argParser(revision);
}
