import type { StorageEvent } from '@gati-framework/manifest-store';
import {
  type DriverListener,
  digestOf,
  type EncodedValue,
  type LoggedCommit,
  PAGE_BYTES,
  RecordStorage,
} from '@gati-framework/storage-kit';
import { describe, expect, test, vi } from 'vitest';
import { usedHeap } from '../../../test/support/heap.js';
import { driverWith, stateAt } from './support/driver.js';

const plain = (text: string): EncodedValue => ({ encoding: 'json', text, digest: digestOf(text) });
const rich = (text: string): EncodedValue => ({ encoding: 'devalue', text, digest: digestOf(text) });

function commitOf(revision: number, value: EncodedValue): LoggedCommit {
  const change = { op: 'put' as const, kind: 'gtype' as const, key: [`r${revision}`] as const, ...value };
  return { revision, committedAt: 0, changes: [change] };
}

/** A store whose history is a list; `add` appends to it and tells the storage. */
function storageOf(commits: LoggedCommit[], { isAsync = false } = {}) {
  let listener: DriverListener | undefined;
  const history = vi.fn((after: number) => {
    const page = commits.slice(after, after + 10);
    return isAsync ? Promise.resolve(page) : page;
  });
  const driver = driverWith({
    open: (given) => {
      listener = given;
      return stateAt(commits.length);
    },
    history,
    state: () => stateAt(commits.length),
  });
  const add = (value: EncodedValue): void => {
    commits.push(commitOf(commits.length + 1, value));
    listener?.changed(stateAt(commits.length), []);
  };
  return { storage: new RecordStorage(driver), history, add };
}

async function nextOfEach(watches: readonly AsyncIterator<StorageEvent>[]): Promise<StorageEvent[]> {
  const results = await Promise.all(watches.map((watch) => watch.next()));
  return results.map(({ value }) => value);
}

test.each([false, true])(
  'a crowd of watchers reads each page of the history once, and shares each event (asynchronous: %s)',
  async (isAsync) => {
    const { storage, history, add } = storageOf([], { isAsync });
    await storage.open();
    const watches = Array.from({ length: 100 }, () => storage.watch({ after: 0 }));
    for (let revision = 1; revision <= 3; revision++) {
      const waiting = nextOfEach(watches);
      await vi.waitFor(() => expect(history).toHaveBeenLastCalledWith(revision - 1, expect.any(Number)));
      history.mockClear();
      add(plain(`{"ref":"r${revision}"}`));
      const events = await waiting;
      expect(new Set(events).size).toBe(1);
      expect(events[0]).toMatchObject({ revision, changes: [{ value: { ref: `r${revision}` } }] });
      expect(history.mock.calls.map(([after]) => after)).toEqual([revision - 1]);
    }
    await storage.close();
  },
);

test('what cannot be frozen is made anew for each watcher', async () => {
  const { storage } = storageOf([
    commitOf(1, rich('[{"ref":1,"at":2},"r1",["Date","2020-01-01T00:00:00.000Z"]]')),
  ]);
  const [first, second] = await nextOfEach([storage.watch({ after: 0 }), storage.watch({ after: 0 })]);
  expect(first).toEqual(second);
  const dateOf = (event?: StorageEvent): unknown => Object(event?.changes[0]).value.at;
  expect(dateOf(first)).toBeInstanceOf(Date);
  expect(dateOf(first)).not.toBe(dateOf(second));
});

test('what one watcher was told it cannot read, another is told as well', async () => {
  const damaged = { ...plain('{"ref":"r1"}'), digest: 1 };
  const { storage } = storageOf([commitOf(1, damaged)]);
  const told = [vi.fn(), vi.fn()];
  for (const onUnreadable of told) await storage.watch({ after: 0, onUnreadable }).next();
  for (const onUnreadable of told) expect(onUnreadable).toHaveBeenCalledTimes(1);
  await expect(storage.watch({ after: 0 }).next()).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' });
});

describe('a large commit', () => {
  const large = (last: EncodedValue): LoggedCommit => {
    const values = [...Array.from({ length: 20_000 }, () => plain('{"ref":"r1","kind":"object"}')), last];
    return { revision: 1, committedAt: 0, changes: values.flatMap((value) => commitOf(1, value).changes) };
  };

  test('becomes an event in slices of time, once for all that wait for it', async () => {
    const { storage } = storageOf([large(plain('{"ref":"r1"}'))]);
    await storage.open();
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);
    const events = await nextOfEach([storage.watch({ after: 0 }), storage.watch({ after: 0 })]);
    clearInterval(counting);
    expect(turns).toBeGreaterThan(1);
    expect(events[0]?.changes).toHaveLength(20_001);
    expect(events[1]).toBe(events[0]);
  });

  test('that holds what cannot be frozen becomes one for each', async () => {
    const { storage } = storageOf([
      large(rich('[{"ref":1,"at":2},"r1",["Date","2020-01-01T00:00:00.000Z"]]')),
    ]);
    const [first, second] = await nextOfEach([storage.watch({ after: 0 }), storage.watch({ after: 0 })]);
    expect(second).not.toBe(first);
    expect(second).toEqual(first);
  });

  test('of which a record cannot be read is told to who wants to be told, and ends the others', async () => {
    const { storage } = storageOf([large({ ...plain('{"ref":"r1"}'), digest: 1 })]);
    const onUnreadable = vi.fn();
    const [ended, told] = await Promise.allSettled([
      storage.watch({ after: 0 }).next(),
      storage.watch({ after: 0, onUnreadable }).next(),
    ]);
    expect(ended).toMatchObject({ status: 'rejected', reason: { code: 'STORAGE_CORRUPT' } });
    expect(told).toMatchObject({ status: 'fulfilled' });
    expect(onUnreadable).toHaveBeenCalledTimes(1);
  });
});

test('a commit that is told while a page is read is not missed', async () => {
  const { storage, history, add } = storageOf([]);
  await storage.open();
  history.mockImplementationOnce(() => {
    const page = Promise.resolve([]);
    add(plain('{"ref":"r1"}'));
    return page;
  });
  const events = await nextOfEach([storage.watch({ after: 0 }), storage.watch({ after: 0 })]);
  expect(events.map(({ revision }) => revision)).toEqual([1, 1]);
});

test('a page that could not be read is asked for again', async () => {
  const { storage, history } = storageOf([commitOf(1, plain('{"ref":"r1"}'))], { isAsync: true });
  await storage.open();
  history.mockImplementationOnce(() => Promise.reject(new Error('away')));
  const results = await Promise.allSettled(
    [storage.watch({ after: 0 }), storage.watch({ after: 0 })].map((w) => w.next()),
  );
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect((await storage.watch({ after: 0 }).next()).value?.revision).toBe(1);
});

test('pages that are kept for others are bounded by their text, and given up a second later', async () => {
  const history = (after: number): LoggedCommit[] => {
    const text = `${after}`.padEnd(PAGE_BYTES / 4, 'y');
    return [commitOf(after + 1, plain(JSON.stringify({ ref: `r${after + 1}`, text })))];
  };
  const storage = new RecordStorage(driverWith({ open: () => stateAt(40), history }));
  await storage.open();
  const before = await usedHeap();
  for (let after = 0; after < 40; after++) await storage.watch({ after }).next();
  // Each text is here at most twice, as it was stored and decoded.
  expect((await usedHeap()) - before).toBeLessThan(3 * PAGE_BYTES);
  await vi.waitFor(async () => expect((await usedHeap()) - before).toBeLessThan(PAGE_BYTES / 4), 5_000);
  await storage.close();
});
