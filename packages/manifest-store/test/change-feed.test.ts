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
