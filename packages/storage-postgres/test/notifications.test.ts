import pg from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { open, ownSchema, runScript } from './support/faults.js';

test('a process that ends after its commit has told those who listen', async () => {
  const place = ownSchema();
  const storage = open({ ...place, pollInterval: 600_000 });
  await storage.open();
  const next = storage.watch({ after: 0 }).next();
  const script = `
    import { createPostgresStorage } from '@gati-framework/storage-postgres';
    const [connectionString, schema] = process.argv.slice(1);
    const storage = createPostgresStorage({ connectionString, schema });
    await storage.storeGType({ ref: 'a', kind: 'object' });
    await storage.close();`;
  const { status, stderr } = await runScript(script, [place.connectionString, place.schema], 40_000);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect((await next).value).toMatchObject({ revision: 1 });
});

test.each([
  ['listens', {}],
  ['only polls', { listen: false }],
  ['uses a pooler', { pooler: true }],
])(
  'those who listen hear of each commit of a storage that %s, the last at the latest',
  async (_, options) => {
    const place = ownSchema();
    const storage = open({ ...place, pollInterval: 600_000 });
    const writer = open({ ...place, ...options });
    await Promise.all([storage.open(), writer.open()]);
    const watch = storage.watch({ after: 0 });
    const seen: number[] = [];
    const watching = (async () => {
      for await (const { revision } of watch) if (seen.push(revision) === 60) return;
    })();
    for (let n = 0; n < 20; n += 1) {
      await Promise.all([0, 1, 2].map((i) => writer.storeGType(gtype(`${n}-${i}`))));
    }
    await watching;
    expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  },
);

test('without notifications, polls bound how old a cached read can be', async () => {
  const place = ownSchema();
  const pollInterval = 200;
  const storage = open({ ...place, listen: false, pollInterval });
  const writer = open(place);
  await writer.storeGType(gtype('a', '0'));
  expect(await storage.getGType('a')).toEqual(gtype('a', '0'));
  for (let n = 1; n <= 5; n += 1) {
    await writer.storeGType(gtype('a', `${n}`));
    const acknowledged = performance.now();
    for (;;) {
      const asked = performance.now();
      if ((await storage.getGType('a'))?.description === `${n}`) break;
      expect(asked - acknowledged).toBeLessThanOrEqual(2 * pollInterval);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
});

test('a connection gets no statement while it is at another, whoever asks', async () => {
  const { pool, overlaps } = poolThatFindsOverlaps();
  const { schema, connectionString } = ownSchema();
  const storage = open({ pool, schema, pollInterval: 5 });
  const other = open({ connectionString, schema });
  await Promise.all([storage.open(), other.open()]);
  for (let n = 0; n < 30; n += 1) {
    await Promise.all([0, 1, 2].map((i) => storage.storeGType(gtype(`${n}-${i}`))));
    await other.storeGType(gtype(`${n}`));
    await storage.getGType(`${n}`);
  }
  for await (const _ of storage.entries()) await storage.stats();
  await storage.close();
  expect(overlaps).toEqual([]);
});

/** Its connections take their time to answer, and note what they are given meanwhile. */
function poolThatFindsOverlaps(): { pool: pg.Pool; overlaps: string[] } {
  const pool = new pg.Pool({ connectionString: inject('postgresUrl'), max: 5 });
  onTestFinished(() => pool.end());
  const overlaps: string[] = [];
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (config: pg.QueryConfig) => Promise<pg.QueryResult>;
    let underWay = 0;
    const observed = async (config: pg.QueryConfig): Promise<pg.QueryResult> => {
      if (underWay > 0) overlaps.push(config.text);
      underWay += 1;
      try {
        await new Promise((resolve) => setImmediate(resolve));
        return await query(config);
      } finally {
        underWay -= 1;
      }
    };
    Object.assign(client, { query: observed });
  });
  return { pool, overlaps };
}
