import type { PostgresQuery, PostgresResult } from '@gati-framework/storage-postgres';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { errorOf, open, ownSchema } from './support/faults.js';

const NAME = { kind: 'gtype', key: { ref: 'x' } } as const;

/** Served from its cache, and hears of what others commit only when it asks for it. */
const DEAF = { listen: false, pollInterval: 60_000 };

describe('a cached read is not older than what was seen before it', () => {
  const ways: [string, (storage: ReturnType<typeof open>, known: number) => Promise<unknown>][] = [
    ['in an entry of an iteration', (storage) => storage.entries({ kinds: ['gtype'] }).next()],
    [
      'in an iteration that found nothing',
      async (storage) => {
        for await (const _ of storage.entries({ kinds: ['transformer'] }));
      },
    ],
    [
      'in a conflict that names a newer revision',
      async (storage, revision) => {
        const commit = storage.commit([{ put: 'gtype', value: gtype('x', 'mine') }], {
          expect: [{ ...NAME, revision }],
        });
        expect(await errorOf(commit)).toMatchObject({
          code: 'STORAGE_CONFLICT',
          details: { actual: revision + 1 },
        });
      },
    ],
    [
      'as the revision of an empty commit',
      async (storage, known) => expect(await storage.commit([])).toBe(known + 1),
    ],
    [
      'as the revision of a commit that only expects',
      (storage) => storage.commit([], { expect: [{ kind: 'gtype', key: { ref: 'none' }, revision: null }] }),
    ],
    ['in get()', (storage) => storage.get(NAME)],
    ['in get() of another record', (storage) => storage.get({ kind: 'gtype', key: { ref: 'none' } })],
    ['in a list', (storage) => storage.listHookManifests()],
    ['in stats()', (storage) => storage.stats()],
    ['in health()', (storage) => storage.health()],
    ['in an event', (storage, after) => storage.watch({ after }).next() as Promise<unknown>],
    ['as the start of a watch', (storage) => watchFromNow(storage)],
  ];

  test.each(ways)('%s', async (_, see) => {
    const options = ownSchema();
    const writer = open(options);
    const storage = open({ ...options, ...DEAF });
    const revision = await writer.commit([{ put: 'gtype', value: gtype('x', 'old') }]);
    await storage.getGType('x');
    await writer.storeGType(gtype('x', 'new'));
    expect(await storage.getGType('x')).toMatchObject({ description: 'old' });
    await see(storage, revision);
    expect(await storage.getGType('x')).toMatchObject({ description: 'new' });
    expect(storage.getStats().gtypeCount).toBe(1);
  });
});

/** Resolves when the watch knows where it begins: its own commit comes after that. */
async function watchFromNow(storage: ReturnType<typeof open>): Promise<void> {
  const watch = storage.watch();
  await storage.commit([]);
  await watch.return?.();
}

describe('a watch without after', () => {
  test('begins after what another process had committed, and before what this one commits next', async () => {
    const options = ownSchema();
    const writer = open(options);
    const storage = open({ ...options, ...DEAF });
    await storage.open();
    for (let n = 1; n <= 5; n += 1) await writer.storeGType(gtype('x', `${n}`));
    const watch = storage.watch();
    const revision = await storage.commit([{ put: 'gtype', value: gtype('x', 'own') }]);
    expect((await watch.next()).value).toMatchObject({ revision });
  });

  test('of a storage that is not open yet delivers the commit that follows the call', async () => {
    const options = ownSchema();
    await open(options).storeGType(gtype('x', 'before'));
    const storage = open(options);
    const watches = [storage.watch(), storage.watch()];
    const committed = Promise.all([1, 2].map((n) => storage.storeGType(gtype('x', `${n}`))));
    const first = await Promise.all(watches.map((watch) => watch.next()));
    expect(first.map(({ value }) => value?.revision)).toEqual([2, 2]);
    await committed;
  });
});

test('getStats() is not older than what stats() has told, also while the feed is interrupted', async () => {
  const options = ownSchema();
  const pool = new pg.Pool({ connectionString: options.connectionString, max: 4 });
  onTestFinished(() => pool.end());
  let isInterrupted = false;
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (config: PostgresQuery) => Promise<PostgresResult>;
    Object.assign(client, {
      query: (config: PostgresQuery) =>
        isInterrupted && config.text.includes('c.operation, c.kind')
          ? Promise.reject(Object.assign(new Error('interrupted'), { code: '08006' }))
          : query(config),
    });
  });
  const storage = open({ pool, schema: options.schema, listen: false, pollInterval: 50 });
  await storage.open();
  isInterrupted = true;
  await expect.poll(() => storage.warnings).not.toEqual([]);
  await open(options).storeGType(gtype('x'));
  expect(await storage.stats()).toMatchObject({ revision: 1, gtypeCount: 1 });
  expect(storage.getStats().gtypeCount).toBe(1);
});
