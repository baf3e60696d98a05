import { ChangeFeed, closed } from '@gati-framework/manifest-store/backend';
import { expect, test } from 'vitest';

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
  expect(watched).toEqual([true, false]);
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
  await new Promise((resolve) => setImmediate(resolve));
  expect(watched).toEqual([true, false]);
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
  expect(listeners).toEqual({ added: 1, removed: 0 });
  for (const watch of watches) await watch.return?.();
  expect(listeners).toEqual({ added: 1, removed: 1 });
  await feed.watch(() => 0, { signal: counted }).return?.();
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
  await new Promise((resolve) => setImmediate(resolve));
  expect(listeners).toBe(0);
});
