import { expect, onTestFinished, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { Relay } from '../../../test/support/relay.mjs';
import { doneOf, listenTo } from '../../../test/support/told.js';
import { open, ownSchema } from './support/faults.js';

test('what a storage does on a server is told of by its database and schema, with what it waited for', async () => {
  const [reads, groups, migrations] = [
    listenTo('gati:storage:read'),
    listenTo('gati:storage:group'),
    listenTo('gati:storage:migrate'),
  ];
  const place = ownSchema();
  const storage = open({ ...place, history: { changes: 1 } });
  const trims = listenTo('gati:storage:trim');
  await storage.storeGType(gtype('A'));
  const store = `postgres|${place.schema}`;
  expect(doneOf(migrations)).toEqual([expect.objectContaining({ from: 0, to: 4, store })]);
  expect(doneOf(groups)).toEqual([
    expect.objectContaining({ store, batchSize: 1, waited: { connection: expect.any(Number) } }),
  ]);
  const again = open(place);
  await Promise.all([1, 2, 3, 4].map((n) => again.getGType(`${n}`)));
  await again.getGType('A');
  const found = doneOf(reads).at(-1);
  expect(found).toMatchObject({ store, operation: 'get', cacheHit: false, rows: 1 });
  expect(found?.waited.connection).toBeGreaterThanOrEqual(0);
  // Two statements are under way; what comes while they are shares the next.
  expect(doneOf(reads).filter(({ waited }) => waited.group !== undefined)).toHaveLength(2);
  for (let n = 0; n < 4; n += 1) await storage.storeGType(gtype('B', `${n}`));
  await expect.poll(() => doneOf(trims).some(({ changes = 0 }) => changes > 0)).toBe(true);
  expect(doneOf(trims)[0]).toMatchObject({ store });
});

test('a feed that is interrupted is told of, in stats() and health(), and so is that it follows again', async () => {
  const { connectionString, schema } = ownSchema();
  const url = new URL(connectionString);
  const port = Number(url.port);
  const relay = await Relay.to(port);
  onTestFinished(() => relay.close());
  url.port = `${relay.port}`;
  const storage = open({ connectionString: url.href, schema, pollInterval: 50 });
  await storage.storeGType(gtype('A'));
  const { feed, connections, bytes, history, cache } = await storage.stats();
  expect(feed).toEqual({ state: 'following', lag: expect.any(Number) });
  expect(connections).toMatchObject({ max: 10, waiting: 0 });
  expect(bytes).toBeGreaterThan(0);
  expect(history).toEqual({ commits: 1 });
  expect(cache).toMatchObject({ hits: 0, misses: 0, hitRate: 0 });
  const feeds = listenTo('gati:storage:feed');
  relay.cut();
  await expect.poll(() => feeds.some(({ event }) => event === 'error')).toBe(true);
  const failed = await storage.health();
  expect(failed).toMatchObject({
    status: 'failed',
    feed: { state: 'interrupted' },
    lastError: { code: 'STORAGE_UNAVAILABLE' },
  });
  relay.redirect(port);
  await expect.poll(async () => (await storage.health()).feed?.state).toBe('following');
});
