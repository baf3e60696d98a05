import { StorageError, type StorageErrorCode } from '@gati-framework/manifest-store';
import { conflict, type KeyTuple, StorageErrorBase } from '@gati-framework/manifest-store/backend';
import { expect, expectTypeOf, test, vi } from 'vitest';

test('an error of another copy of this package is an instance of StorageError, too', async () => {
  vi.resetModules();
  const copy = await import('../src/contract/storage-error.js');
  expect(copy.StorageError).not.toBe(StorageError);
  const error = new copy.StorageError('STORAGE_FULL', 'no room');
  expect(error instanceof StorageError).toBe(true);
  expect(new StorageError('STORAGE_FULL', 'no room') instanceof copy.StorageError).toBe(true);
});

test('only a StorageError is one', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const lookalike = Object.assign(new Error('no'), { name: 'StorageError', code: 'STORAGE_FULL' });
  for (const value of [new Error('no'), lookalike, proxy, {}, null, undefined, 'StorageError']) {
    expect(value instanceof StorageError).toBe(false);
  }
});

test('a derived class has only its own instances', () => {
  class Derived extends StorageErrorBase<'MINE', { readonly place: string }> {}
  const error = new Derived('MINE', 'no', { details: { place: 'here' } });
  expect(error instanceof StorageError).toBe(true);
  expect(error instanceof Derived).toBe(true);
  expect(new StorageError('STORAGE_FULL', 'no') instanceof Derived).toBe(false);
});

test('the code of an error says what its details are', () => {
  const error: StorageError = conflict('gtype', ['User'], 3, 5);
  if (error.code !== 'STORAGE_CONFLICT') throw error;
  expectTypeOf(error.details.expected).toEqualTypeOf<number | null>();
  expectTypeOf(error.details.key).toEqualTypeOf<KeyTuple | undefined>();
  expect(error.details).toEqual({ kind: 'gtype', key: ['User'], expected: 3, actual: 5 });
  // @ts-expect-error An error that always has details is not made without.
  new StorageError('STORAGE_CONFLICT', 'no');
  // @ts-expect-error Nor with those of another.
  new StorageError('STORAGE_FULL', 'no', { details: { missing: [] } });
});

test('what passes by itself, and was not done, can be tried again', () => {
  const retryable = (code: StorageErrorCode): boolean =>
    new StorageError(code, 'no', { details: {} as never }).retryable;
  expect(retryable('STORAGE_LOCKED')).toBe(true);
  expect(retryable('STORAGE_UNAVAILABLE')).toBe(true);
  for (const code of ['STORAGE_IN_DOUBT', 'STORAGE_FAILED', 'STORAGE_CONFLICT', 'INVALID_RECORD'] as const) {
    expect(retryable(code), code).toBe(false);
  }
});
