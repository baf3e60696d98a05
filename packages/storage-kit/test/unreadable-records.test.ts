import type { StorageError, StorageEvent } from '@gati-framework/manifest-store';
import { digestOf, type EncodedValue, RecordStorage } from '@gati-framework/storage-kit';
import { expect, test, vi } from 'vitest';
import { driverWith, stateAt } from './support/driver.js';

const rich = (text: string): EncodedValue => ({ encoding: 'devalue', text, digest: digestOf(text) });
/** Whatever its name is. */
const fine = Symbol('fine');
// As a newer runtime stores them. This one gets to know neither.
const array = rich('[{"x":1},["Float1024Array",2],["ArrayBuffer","AD4="]]');
const pattern = rich('[{"x":1},["RegExp","(?newer:a)b"]]');
const damaged: EncodedValue = { ...rich('[{"ref":1},"damaged"]'), digest: 1 };
const anothers = rich('[{"ref":1},"another"]');

/** A store in which each commit put one record, named by its revision. */
function storageOf(values: readonly (EncodedValue | typeof fine)[]): RecordStorage {
  const records = values.map((value, i) => ({
    kind: 'gtype' as const,
    key: [`r${i + 1}`] as const,
    revision: i + 1,
    ...(value === fine ? rich(`[{"ref":1},"r${i + 1}"]`) : value),
  }));
  const state = stateAt(records.length);
  const driver = driverWith({
    open: () => state,
    read: ({ params }) => records.filter(({ key }) => key[0] === params[0]),
    scan: async function* () {
      yield records;
    },
    history: (after) =>
      records.slice(after).map(({ revision, ...record }) => ({
        revision,
        committedAt: 0,
        changes: [{ op: 'put', ...record }],
      })),
    state: () => state,
  });
  return new RecordStorage(driver);
}

async function take(storage: RecordStorage, count: number, onUnreadable?: (error: StorageError) => void) {
  const watch = storage.watch({ after: 0, ...(onUnreadable && { onUnreadable }) });
  const events: StorageEvent[] = [];
  while (events.length < count) events.push((await watch.next()).value as StorageEvent);
  return events;
}

test('a record that this runtime cannot represent is not called damaged, and its type is named', async () => {
  const storage = storageOf([array, pattern, damaged]);
  await expect(storage.getGType('r1')).rejects.toMatchObject({
    code: 'STORAGE_UNSUPPORTED',
    message: expect.stringContaining('Float1024Array'),
    details: { kind: 'gtype', key: ['r1'], revision: 1, type: 'Float1024Array' },
  });
  await expect(storage.getGType('r2')).rejects.toMatchObject({
    code: 'STORAGE_UNSUPPORTED',
    details: { type: 'RegExp /(?newer:a)b/' },
  });
  await expect(storage.getGType('r3')).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' });
});

test('a record that stands at the key of another is damaged, as keys have no digest of their own', async () => {
  const storage = storageOf([fine, anothers]);
  expect(await storage.getGType('r1')).toMatchObject({ ref: 'r1' });
  const misplaced = { code: 'STORAGE_CORRUPT', message: expect.stringContaining('of another key') };
  await expect(storage.getGType('r2')).rejects.toMatchObject(misplaced);
  await expect(take(storage, 2)).rejects.toMatchObject(misplaced);
});

test('a text that no runtime understands is damaged, whatever types it names', async () => {
  for (const text of ['[["Uint8Array",1],["ArrayBuffer",2],"!"]', '[{"a":1}', '[["Date"]']) {
    const error = await storageOf([rich(text)])
      .getGType('r1')
      .catch((thrown: unknown) => thrown);
    expect(error, text).toMatchObject({ code: 'STORAGE_CORRUPT' });
  }
});

test('without onUnreadable, a watch delivers what comes before, throws, and can be resumed after it', async () => {
  const storage = storageOf([fine, fine, array, fine]);
  const watch = storage.watch({ after: 0 });
  expect((await watch.next()).value?.revision).toBe(1);
  expect((await watch.next()).value?.revision).toBe(2);
  const error = await watch.next().catch((thrown: StorageError) => thrown);
  expect(error).toMatchObject({ code: 'STORAGE_UNSUPPORTED', details: { revision: 3 } });
  expect((await watch.next()).done).toBe(true);
  expect((await storage.watch({ after: 3 }).next()).value?.revision).toBe(4);
});

test('with onUnreadable, a watch and an iteration go past what cannot be read', async () => {
  const storage = storageOf([fine, array, damaged, fine]);
  const onUnreadable = vi.fn();
  const events = await take(storage, 4, onUnreadable);
  expect(events.map(({ changes }) => changes.length)).toEqual([1, 0, 0, 1]);
  const told = onUnreadable.mock.calls.map(([error]) => [error.code, error.details.revision]);
  expect(told).toEqual([
    ['STORAGE_UNSUPPORTED', 2],
    ['STORAGE_CORRUPT', 3],
  ]);
  const revisions: number[] = [];
  for await (const { revision } of storage.entries({ onUnreadable })) revisions.push(revision);
  expect(revisions).toEqual([1, 4]);
  expect(onUnreadable).toHaveBeenCalledTimes(4);
  const stopped = storage.entries();
  await stopped.next();
  await expect(stopped.next()).rejects.toMatchObject({
    code: 'STORAGE_UNSUPPORTED',
  });
});

test('onUnreadable is told of a commit when its turn comes, not before', async () => {
  const onUnreadable = vi.fn();
  await take(storageOf([fine, array]), 1, onUnreadable);
  expect(onUnreadable).not.toHaveBeenCalled();
});

test('an onUnreadable that throws ends the iteration with a typed error, and one that is no function is refused', async () => {
  const storage = storageOf([array]);
  const onUnreadable = (): never => {
    throw new RangeError('no');
  };
  const typed = { name: 'StorageError', code: 'INVALID_OPTIONS' };
  await expect(storage.watch({ after: 0, onUnreadable }).next()).rejects.toMatchObject(typed);
  await expect(storage.entries({ onUnreadable }).next()).rejects.toMatchObject(typed);
  await expect(storage.watch({ onUnreadable: 5 as never }).next()).rejects.toMatchObject(typed);
  await expect(storage.entries({ onUnreadable: 5 as never }).next()).rejects.toMatchObject(typed);
});
