import { StorageError, type StorageFigures } from '@gati-framework/manifest-store';
import { movedOn } from '@gati-framework/manifest-store/backend';
import { type DriverListener, RecordStorage } from '@gati-framework/storage-kit';
import { expect, test } from 'vitest';
import { driverWith, stateAt } from './support/driver.js';

const unavailable = new StorageError('STORAGE_UNAVAILABLE', 'The server is gone.');

test('stats and health tell how many look-ups the cache has answered, and how full it is', async () => {
  const storage = new RecordStorage(driverWith({}), { cacheSize: 1_000_000 });
  for (let n = 0; n < 4; n += 1) await storage.getGType('Absent');
  const { cache } = await storage.stats();
  expect(cache).toEqual({
    hits: 3,
    misses: 1,
    hitRate: 0.75,
    bytes: expect.any(Number),
    maxBytes: 1_000_000,
  });
  expect(cache?.bytes).toBeGreaterThan(0);
  expect((await storage.health()).cache).toEqual(cache);
});

test('what a driver tells of itself is told, and the size only where it is asked for', async () => {
  const figures: StorageFigures = {
    feed: { state: 'interrupted', lag: 7 },
    connections: { inUse: 2, idle: 1, waiting: 3, max: 3 },
  };
  const driver = driverWith({
    figures: () => figures,
    size: () => 4_096,
    state: () => ({ ...stateAt(9), oldestRevision: 4 }),
  });
  const storage = new RecordStorage(driver);
  expect(await storage.stats()).toMatchObject({ ...figures, bytes: 4_096, history: { commits: 5 } });
  const health = await storage.health();
  expect(health).toMatchObject({ ...figures, history: { commits: 5 } });
  expect(health).not.toHaveProperty('bytes');
});

test('a size that cannot be told fails no stats', async () => {
  const storage = new RecordStorage(driverWith({ size: () => Promise.reject(unavailable) }));
  expect(await storage.stats()).not.toHaveProperty('bytes');
});

test('the last failure of the store is told, in a call or in the background, and none of its callers', async () => {
  let listener: DriverListener | undefined;
  let fails = false;
  const conflict = movedOn(1, 2);
  const storage = new RecordStorage(
    driverWith({
      open: (given) => {
        listener = given;
        return stateAt(0);
      },
      read: () => {
        if (fails) throw unavailable;
        return [];
      },
      commit: () => ({ outcomes: [{ error: conflict }], state: stateAt(0) }),
    }),
  );
  await expect(storage.storeGType({ ref: 'A', kind: 'object' })).rejects.toBe(conflict);
  expect(await storage.stats()).not.toHaveProperty('lastError');
  fails = true;
  await expect(storage.getGType('A')).rejects.toBe(unavailable);
  const { code, message } = unavailable;
  expect((await storage.stats()).lastError).toEqual({ code, message, at: expect.any(Number) });
  listener?.failed?.(new StorageError('STORAGE_FAILED', 'The feed is interrupted.'));
  expect((await storage.health()).lastError).toMatchObject({ code: 'STORAGE_FAILED' });
});
