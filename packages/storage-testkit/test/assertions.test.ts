import { StorageError } from '@gati-framework/manifest-store';
import { assertDeepFrozen, assertRejects, assertSame } from '@gati-framework/storage-testkit';
import { describe, expect, test } from 'vitest';

describe('assertSame', () => {
  const make: Readonly<Record<string, () => unknown>> = {
    numbers: () => [Number.NaN, -0, 0, 1n],
    dates: () => [new Date(0), new Date(Number.NaN)],
    maps: () => new Map<unknown, unknown>([[{ a: 1 }, new Set([1, [2]])]]),
    'typed arrays': () => [new Uint8Array([1]), new Float64Array([Number.NaN]), new ArrayBuffer(2)],
    expressions: () => /a/gi,
    'objects without prototype': () => Object.assign(Object.create(null), { a: 1 }),
    // biome-ignore lint/suspicious/noSparseArray: what is compared
    holes: () => [, 1, undefined],
  };

  test.each(Object.entries(make))('finds equal %s the same', (_, value) => {
    assertSame(value(), value());
  });

  const different: readonly (readonly [unknown, unknown, string])[] = [
    [0, -0, 'the result is 0, and should be -0'],
    [null, undefined, 'the result is null, and should be undefined'],
    [{ a: { b: [1, 2] } }, { a: { b: [1, 3] } }, 'the result["a"]["b"]["1"] is 2, and should be 3'],
    [{ b: 1, a: 2 }, { a: 2, b: 1 }, 'the result has the properties ["b", "a"], and should have ["a", "b"]'],
    [{ a: undefined }, {}, 'the result has the properties ["a"], and should have []'],
    [[undefined], new Array(1), 'the result has the properties ["0", "length"], and should have ["length"]'],
    [new Date(1), new Date(2), 'the content of the result["0"] is 1, and should be 2'],
    [new Date(1), {}, 'the result is of type Date, and should be Object'],
    [{}, Object.create(null), 'the result is of type Object, and should be object without prototype'],
    [new Uint8Array(1), new Int8Array(1), 'the result is of type Uint8Array, and should be Int8Array'],
    [/a/g, /a/, 'the content of the result["1"] is "g", and should be ""'],
    [new Map([[1, 2]]), new Map([[1, 3]]), 'the content of the result["0"]["1"] is 2, and should be 3'],
    [new Set([1, 2]), new Set([2, 1]), 'the content of the result["0"] is 1, and should be 2'],
    ['x'.repeat(300), 'y', `the result is "${'x'.repeat(199)}… (302 characters), and should be "y"`],
  ];

  test.each(different)('%o is not %o', (actual, expected, message) => {
    expect(() => assertSame(actual, expected)).toThrow(message);
  });
});

describe('assertDeepFrozen', () => {
  test('looks into objects, arrays, maps and sets, and lets Dates be', () => {
    const frozen = Object.freeze;
    assertDeepFrozen(frozen({ a: frozen([new Date(), new Map([[frozen({}), frozen([])]])]), b: null }));
    expect(() => assertDeepFrozen(frozen({ a: {} }))).toThrow('the result.a is not frozen');
    expect(() => assertDeepFrozen(frozen([new Map([[1, {}]])]))).toThrow('a value of the result.0');
    expect(() => assertDeepFrozen(new Map([[{}, 1]]))).toThrow('a key of the result is not frozen');
    expect(() => assertDeepFrozen(new Set([[]]))).toThrow('a member of the result is not frozen');
  });
});

describe('assertRejects', () => {
  const refusal = (): Promise<never> =>
    Promise.reject(new StorageError('INVALID_RECORD', 'manifest.hash is bad.', { path: 'manifest.hash' }));

  test('accepts the error that was wanted', async () => {
    const error = await assertRejects(refusal, 'INVALID_RECORD', 'manifest.hash');
    expect(error.message).toBe('manifest.hash is bad.');
  });

  test.each([
    ['a value', async () => 1, 'resolved with 1'],
    ['another code', () => Promise.reject(new StorageError('STORAGE_CLOSED', 'closed')), 'STORAGE_CLOSED'],
    ['a raw error', () => Promise.reject(new TypeError('raw')), 'the raw error TypeError: raw'],
    ['no error at all', () => Promise.reject('text'), 'which is no Error'],
    [
      'an error that is thrown at once',
      (): Promise<never> => {
        throw new Error('early');
      },
      'at once',
    ],
  ])('refuses %s', async (_, call, message) => {
    await expect(assertRejects(call, 'INVALID_RECORD')).rejects.toThrow(message);
  });

  test('refuses an error about another place', async () => {
    await expect(assertRejects(refusal, 'INVALID_RECORD', 'manifest.path')).rejects.toThrow('has the path');
  });
});
