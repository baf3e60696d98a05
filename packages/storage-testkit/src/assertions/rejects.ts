import assert from 'node:assert/strict';
import type { StorageError, StorageErrorCode } from '@gati-framework/manifest-store';
import { within } from './deadline.js';
import { show } from './same.js';

/**
 * Fails unless `call` returns a promise that rejects with a `StorageError` of
 * this code and, when given, about this place. Errors are known by their
 * shape: a backend may carry its own copy of the class.
 */
export async function assertRejects<C extends StorageErrorCode>(
  call: () => Promise<unknown>,
  code: C,
  path?: string,
): Promise<StorageError<C>> {
  let promise: Promise<unknown>;
  try {
    promise = call();
  } catch (error) {
    assert.fail(`threw ${String(error)} at once; it must return a promise that rejects`);
  }
  const outcome = await within(
    promise.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    ),
    'a call that should reject',
  );
  if ('value' in outcome) {
    assert.fail(`resolved with ${show(outcome.value)}, and should have rejected with ${code}`);
  }
  return assertStorageError(outcome.error, code, path);
}

export function assertStorageError<C extends StorageErrorCode>(
  error: unknown,
  code: C,
  path?: string,
): StorageError<C> {
  assert.ok(error instanceof Error, `rejected with ${show(error)}, which is no Error`);
  assert.ok(isStorageError<C>(error), `rejected with the raw error ${String(error)}`);
  const { message, code: actualCode, path: actualPath } = error;
  assert.equal(actualCode, code, `rejected with ${actualCode}: ${message}`);
  assert.ok(message.length > 0, 'the error has no message');
  if (path !== undefined) {
    assert.equal(actualPath, path, `the error "${message}" has the path ${show(actualPath)}`);
    assert.ok(message.includes(path), `the message "${message}" does not name ${path}`);
  }
  return error;
}

/** By its name: a backend may carry its own copy of the class. What its code is, is still to be seen. */
function isStorageError<C extends StorageErrorCode>(error: Error): error is StorageError<C> {
  return error.name === 'StorageError';
}
