import { StorageError } from '@gati-framework/manifest-store';
import { expect, test, vi } from 'vitest';

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
  class Derived extends StorageError {}
  expect(new Derived('STORAGE_FULL', 'no') instanceof StorageError).toBe(true);
  expect(new Derived('STORAGE_FULL', 'no') instanceof Derived).toBe(true);
  expect(new StorageError('STORAGE_FULL', 'no') instanceof Derived).toBe(false);
});
