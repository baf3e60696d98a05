import { decideOptions, type OptionRules, optionRules } from '@gati-framework/manifest-store/backend';
import { expect, test } from 'vitest';

interface Decided {
  wait: number;
  mode: 'fast' | 'safe';
  strict: boolean;
}

const RULES: OptionRules<Decided> = {
  wait: optionRules.time(100),
  mode: optionRules.oneOf('fast', 'safe'),
  strict: optionRules.flag(false),
};
const OLD_NAMES = { patience: 'wait' } as const;

const decide = (given: unknown): Decided => decideOptions(given, RULES, OLD_NAMES);

test('options that are left out, or undefined, are what the rules say', () => {
  expect(decide({})).toEqual({ wait: 100, mode: 'fast', strict: false });
  expect(decide({ wait: undefined, mode: undefined })).toEqual({ wait: 100, mode: 'fast', strict: false });
  expect(decide({ wait: 5, mode: 'safe', strict: true })).toEqual({ wait: 5, mode: 'safe', strict: true });
});

test('an option is understood by its old name, and its fault named by the name that was used', () => {
  expect(decide({ patience: 5 }).wait).toBe(5);
  expect(decide({ patience: 5, wait: undefined }).wait).toBe(5);
  expect(() => decide({ patience: -5 })).toThrowError(expect.objectContaining({ path: 'options.patience' }));
});

test.each([
  [{ wait: 0 }, 'options.wait'],
  [{ wait: 1.5 }, 'options.wait'],
  [{ mode: 'slow' }, 'options.mode'],
  [{ strict: 1 }, 'options.strict'],
  [{ stricter: true }, 'options.stricter'],
  [{ wait: 5, patience: 5 }, 'options.patience'],
  [null, 'options'],
])('%j is refused, and %s named', (given, path) => {
  expect(() => decide(given)).toThrowError(
    expect.objectContaining({ name: 'StorageError', code: 'INVALID_OPTIONS', path }),
  );
});

test('each option is read once, and a getter that throws is a fault of the options', () => {
  let reads = 0;
  const given = {
    get wait() {
      reads += 1;
      return reads;
    },
  };
  expect(decide(given).wait).toBe(1);
  const throwing = {
    get wait() {
      throw new RangeError('no');
    },
  };
  expect(() => decide(throwing)).toThrowError(expect.objectContaining({ code: 'INVALID_OPTIONS' }));
});

test('a time is never longer than timers can wait', () => {
  expect(decide({ wait: 2 ** 40 }).wait).toBeLessThan(2 ** 31);
});
