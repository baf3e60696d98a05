import { StorageError } from '@gati-framework/manifest-store';
import { ChangeFeed, closed } from '@gati-framework/manifest-store/backend';
import { expect, test } from 'vitest';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a watch that cannot begin is not waited on, and says why when it is asked', async () => {
  const watched: boolean[] = [];
  const feed = new ChangeFeed(
    () => [],
    (isWatched) => watched.push(isWatched),
  );
  const watch = feed.watch(() => {
    throw closed();
  }, {});
  await expect(watch.next()).rejects.toMatchObject({ code: 'STORAGE_CLOSED' });
  expect(watched).toEqual([]);
});

test('a watch that cannot begin and is never asked leaves nothing behind', async () => {
  const watched: boolean[] = [];
  const feed = new ChangeFeed(
    () => [],
    (isWatched) => watched.push(isWatched),
  );
  const failing = Promise.reject(closed());
  feed.watch(() => failing, {});
  await failing.catch(() => {});
  await turn();
  expect(watched).toEqual([]);
});

test('any number of watches put one listener on a signal, and take it away when they have ended', async () => {
  const { signal } = new AbortController();
  const listeners = { added: 0, removed: 0 };
  const counted = {
    get aborted() {
      return signal.aborted;
    },
    addEventListener: () => {
      listeners.added += 1;
    },
    removeEventListener: () => {
      listeners.removed += 1;
    },
  };
  const feed = new ChangeFeed(() => []);
  const watches = Array.from({ length: 50 }, () => feed.watch(() => 0, { signal: counted }));
  const waiting = watches.map((watch) => watch.next());
  await turn();
  expect(listeners).toEqual({ added: 1, removed: 0 });
  for (const watch of watches) await watch.return?.();
  await Promise.all(waiting);
  expect(listeners).toEqual({ added: 1, removed: 1 });
  const again = feed.watch(() => 0, { signal: counted });
  const next = again.next();
  await turn();
  await again.return?.();
  await next;
  expect(listeners).toEqual({ added: 2, removed: 2 });
});

test('an abort ends every watch of the signal, also one that was made while it was heard of', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const feed = new ChangeFeed(() => []);
  const watches = Array.from({ length: 20 }, () => feed.watch(() => 0, { signal }));
  const ended = Promise.all(watches.map((watch) => watch.next()));
  controller.abort();
  watches.push(feed.watch(() => 0, { signal }));
  expect((await ended).map(({ done }) => done)).toEqual(Array(20).fill(true));
  expect((await watches.at(-1)?.next())?.done).toBe(true);
});

test('a watch that cannot begin leaves no listener on its signal', async () => {
  let listeners = 0;
  const signal = {
    aborted: false,
    addEventListener: () => {
      listeners += 1;
    },
    removeEventListener: () => {
      listeners -= 1;
    },
  };
  const failing = Promise.reject(closed());
  new ChangeFeed(() => []).watch(() => failing, { signal });
  await failing.catch(() => {});
  await turn();
  expect(listeners).toBe(0);
});

test('a watch that nobody reads is held by nobody, and a dropped one is not either', async () => {
  const watched: boolean[] = [];
  let listeners = 0;
  const signal = { aborted: false, addEventListener: () => (listeners += 1), removeEventListener: () => {} };
  const event = { revision: 1, committedAt: 0, changes: [] };
  const feed = new ChangeFeed(
    (after) => (after === 0 ? [event] : []),
    (isWatched) => watched.push(isWatched),
  );
  feed.watch(() => 0, { signal: signal as never });
  const read = feed.watch(() => 0, { signal: signal as never });
  expect((await read.next()).value).toBe(event);
  await turn();
  expect(watched).toEqual([]);
  expect(listeners).toBe(0);
});

test('a watch that was made and not read ends with the feed, and fails with it', async () => {
  const feed = new ChangeFeed(() => []);
  const failed = feed.watch(() => 0, {});
  feed.fail(new StorageError('STORAGE_COMPACTED', 'gone', { details: { current: 1 } }));
  const ended = feed.watch(() => 0, {});
  feed.end();
  await expect(failed.next()).rejects.toMatchObject({ code: 'STORAGE_COMPACTED' });
  expect(await failed.next()).toEqual({ done: true, value: undefined });
  expect(await ended.next()).toEqual({ done: true, value: undefined });
});

test('a signal that throws keeps neither its watch nor the others from ending', async () => {
  const no = (): never => {
    throw new TypeError('no');
  };
  const feed = new ChangeFeed(() => []);
  const bad = feed.watch(() => 0, {
    signal: { aborted: false, addEventListener: () => {}, removeEventListener: no },
  });
  const other = feed.watch(() => 0, {});
  const pending = [bad.next(), other.next()];
  await turn();
  feed.end();
  expect(await Promise.all(pending)).toEqual(Array(2).fill({ done: true, value: undefined }));
});

test('what is no signal is refused, whatever it throws', async () => {
  const no = (): never => {
    throw new TypeError('no');
  };
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const signals = [
    { aborted: false, addEventListener: () => {} },
    { aborted: false, addEventListener: no, removeEventListener: () => {} },
    {
      get aborted() {
        return no();
      },
      addEventListener: () => {},
      removeEventListener: () => {},
    },
    proxy,
    null,
  ];
  for (const signal of signals) {
    await expect(
      new ChangeFeed(() => []).watch(() => 0, { signal: signal as never }).next(),
    ).rejects.toMatchObject({
      name: 'StorageError',
      code: 'INVALID_OPTIONS',
      path: 'signal',
    });
  }
});

test('throw() and await using end a watch', async () => {
  const feed = new ChangeFeed(() => []);
  const thrown = feed.watch(() => 0, {});
  const pending = thrown.next();
  await expect(thrown.throw?.(new RangeError('enough'))).rejects.toThrow('enough');
  expect(await pending).toEqual({ done: true, value: undefined });
  const disposed = feed.watch(() => 0, {});
  await disposed[Symbol.asyncDispose]();
  expect((await disposed.next()).done).toBe(true);
});
