import { StorageError } from '../contract/storage-error.js';
import { guardInput, readField } from './input.js';
import { readCount, readFunction, readOptions } from './options.js';

/** Options with nothing left to decide; those of `Open` may still be left out. */
export type DecidedOptions<O, Open extends keyof O = never> = {
  readonly [K in keyof O]-?: K extends Open ? O[K] | undefined : Exclude<O[K], undefined>;
};

/** What an option is, checked; or what it is when it is left out. Throws `INVALID_OPTIONS` with the path. */
export type OptionRule<T> = (value: unknown, path: string) => T;

/** A rule for each field of `D`, which are {@link DecidedOptions}. The names of the options follow from it. */
export type OptionRules<D> = { readonly [K in keyof D]: OptionRule<D[K]> };

/** The old form of an option: its name now, and what was given in today's form. */
export type OldForm<Name> = readonly [name: Name, renew: OptionRule<unknown>];

/**
 * Decides options by rules, in the order of the rules; each is read once. What has no rule is refused with
 * `INVALID_OPTIONS`, and so is an option that is given under its old and its new name.
 *
 * @param oldForms Today's names by the old ones, which are still understood; with what to make of them where the form changed.
 */
export function decideOptions<D extends object>(
  given: unknown,
  rules: OptionRules<D>,
  oldForms: Readonly<Record<string, (keyof D & string) | OldForm<keyof D & string>>> = {},
  label = 'options',
): D {
  const names = Object.keys(rules);
  const options = readOptions(given, [...names, ...Object.keys(oldForms)], label);
  const named = new Map<string, OldForm<string>>();
  for (const [oldName, oldForm] of Object.entries(oldForms)) {
    const [name, renew] = typeof oldForm === 'string' ? [oldForm, optionRules.unchecked()] : oldForm;
    if (fieldOf(options, oldName) === undefined) continue;
    if (fieldOf(options, name) !== undefined) {
      throw invalidOption(`${label}.${oldName}`, `is the old name of ${name}; give only that`);
    }
    named.set(name, [oldName, renew]);
  }
  return guardInput(label, 'INVALID_OPTIONS', () => {
    const decided = Object.entries<OptionRule<unknown>>(rules).map(([name, rule]) => {
      const [givenName, renew] = named.get(name) ?? [name, optionRules.unchecked()];
      const path = `${label}.${givenName}`;
      return [name, rule(renew(fieldOf(options, givenName), path), path)];
    });
    return Object.fromEntries(decided) as D;
  });
}

/** Longer timers than this fire at once, and servers refuse longer timeouts; nobody waits 24 days. */
const LONGEST_TIME = 2 ** 31 - 10_000;

/** Rules for options; each is given what an option is when it is left out. */
export const optionRules = {
  /** A positive integer. */
  count:
    (fallback: number): OptionRule<number> =>
    (value, path) =>
      readCount(value, path, fallback),
  /** A positive integer of milliseconds. */
  time:
    (fallback: number): OptionRule<number> =>
    (value, path) =>
      Math.min(readCount(value, path, fallback), LONGEST_TIME),
  flag:
    <F extends boolean | undefined>(fallback: F): OptionRule<boolean | F> =>
    (value, path) => {
      if (value === undefined) return fallback;
      if (typeof value === 'boolean') return value;
      throw invalidOption(path, 'must be true or false');
    },
  /** One of these; the first when it is left out. */
  oneOf:
    <T extends string>(first: T, ...others: T[]): OptionRule<T> =>
    (value, path) => {
      const found = [first, ...others].find((choice) => choice === value);
      if (value === undefined) return first;
      if (found !== undefined) return found;
      throw invalidOption(path, `must be ${[first, ...others].map((choice) => `'${choice}'`).join(' or ')}`);
    },
  /** A function, or nothing. */
  callback:
    <F>(): OptionRule<F | undefined> =>
    (value, path) =>
      optionRules.unchecked<F | undefined>()(readFunction(value, path), path),
  /** Whatever it is: checked by whoever uses it. */
  unchecked:
    <T>(): OptionRule<T> =>
    (value) =>
      value as T,
};

function fieldOf(options: unknown, name: string): unknown {
  return readField(Object(options), name);
}

export function invalidOption(path: string, problem: string): StorageError {
  return new StorageError('INVALID_OPTIONS', `${path} ${problem}.`, { path });
}
