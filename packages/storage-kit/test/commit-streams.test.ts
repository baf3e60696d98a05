import { type Change, StorageError } from '@gati-framework/manifest-store';
import { type RecordDriver, RecordStorage } from '@gati-framework/storage-kit';
import { expect, test } from 'vitest';
import { driverWith, stateAt } from './support/driver.js';

const put = (ref: string): Change => ({ put: 'gtype', value: { ref, kind: 'object' } });

/** Changes without an end, of a source that fails when it is left. */
function failingToClose(): AsyncIterable<Change> & { closed: number } {
  const source = {
    closed: 0,
    [Symbol.asyncIterator]: () => ({
      next: async () => ({ done: false as const, value: put('a') }),
      return: async () => {
        source.closed += 1;
        throw new Error('the source does not close');
      },
    }),
  };
  return source;
}

const full = new StorageError('STORAGE_FULL', 'The disk is full.');

/** Takes a batch, and then whatever `then` does. */
function taking(then: () => void): NonNullable<RecordDriver['commitStream']> {
  return async (batches) => {
    for await (const _ of batches) then();
    return { outcomes: [{ revision: 1 }], state: stateAt(1) };
  };
}

test('a full disk is told as such, though the iterator fails as it is left', async () => {
  const storage = new RecordStorage(
    driverWith({
      commitStream: taking(() => {
        throw full;
      }),
    }),
  );
  const changes = failingToClose();
  await expect(storage.commit(changes)).rejects.toBe(full);
  expect(changes.closed).toBe(1);
  await storage.close();
});

test('what the iterator throws is thrown, whatever the driver makes of it, and the next commit is made', async () => {
  const error = new Error('the source went away');
  async function* failing(): AsyncGenerator<Change> {
    yield put('a');
    throw error;
  }
  const storage = new RecordStorage(
    driverWith({
      commit: () => ({ outcomes: [{ revision: 1 }], state: stateAt(1) }),
      commitStream: async (batches) => {
        try {
          for await (const _ of batches);
        } catch {
          throw full;
        }
        return { outcomes: [], state: stateAt(0) };
      },
    }),
  );
  await expect(storage.commit(failing())).rejects.toBe(error);
  expect(await storage.commit([put('b')])).toBe(1);
  await storage.close();
});

test('an array is one, whatever else it claims to be when it is asked again', async () => {
  const answers = [true, false];
  const fickle: readonly Change[] = new Proxy([{ put: 'nothing' } as never], {
    has: (target, name) => (name === Symbol.asyncIterator ? answers.shift() === true : name in target),
  });
  const storage = new RecordStorage(driverWith({}));
  await expect(storage.commit(fickle)).rejects.toMatchObject({ code: 'INVALID_OPTIONS' });
  await storage.close();
});
