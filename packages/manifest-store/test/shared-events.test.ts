import { type Change, createInMemoryStorage, type StorageEvent } from '@gati-framework/manifest-store';
import { timers } from '@gati-framework/manifest-store/backend';
import { expect, test } from 'vitest';

function puts(count: number, extra: object = {}): Change[] {
  return Array.from({ length: count }, (_, i) => ({
    put: 'gtype',
    value: { ref: `r${i}`, kind: 'object', ...extra },
  }));
}

/** What `count` watchers are told of the first commit. */
async function told(changes: readonly Change[], count: number): Promise<StorageEvent[]> {
  const storage = createInMemoryStorage();
  await storage.commit(changes);
  const results = await Promise.all(Array.from({ length: count }, () => storage.watch({ after: 0 }).next()));
  await storage.close();
  return results.map(({ value }) => value as StorageEvent);
}

test.each([3, 2_000])('all watchers are given the same event of %i changes', async (size) => {
  const [first, second] = await told(puts(size), 2);
  expect(first?.changes).toHaveLength(size);
  expect(second).toBe(first);
});

test.each([3, 2_000])('no two watchers are given the same Date, in an event of %i changes', async (size) => {
  const [first, second] = await told(puts(size, { since: new Date(5) }), 2);
  expect(second).toEqual(first);
  expect(second?.changes[0]).not.toBe(first?.changes[0]);
  const since = (event: StorageEvent | undefined): unknown => {
    const [change] = event?.changes ?? [];
    return (change as { value: { since: Date } } | undefined)?.value.since;
  };
  expect(since(second)).toEqual(new Date(5));
  expect(since(second)).not.toBe(since(first));
});

test('the event of a large commit is made in several turns of the event loop', async () => {
  const storage = createInMemoryStorage();
  await storage.commit(puts(50_000, { since: new Date(5) }));
  let isTold = false;
  const next = storage
    .watch({ after: 0 })
    .next()
    .then(() => {
      isTold = true;
    });
  let turns = 0;
  while (!isTold) {
    await timers.nextTurn();
    turns += 1;
  }
  expect(turns).toBeGreaterThan(3);
  await next;
  await storage.close();
});

test('a watch that ends while a large event is made tells nothing more', async () => {
  const storage = createInMemoryStorage();
  await storage.commit(puts(50_000, { since: new Date(5) }));
  const watch = storage.watch({ after: 0 });
  const next = watch.next();
  await timers.nextTurn();
  await watch.return?.();
  expect(await next).toEqual({ done: true, value: undefined });
  await storage.close();
});
