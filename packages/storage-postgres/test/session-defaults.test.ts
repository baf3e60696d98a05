import { createPostgresStorage, type PostgresStorageOptions } from '@gati-framework/storage-postgres';
import pg from 'pg';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { open, ownSchema } from './support/faults.js';
import { hasPgBouncer, PgBouncer } from './support/pgbouncer.js';
import { roleWith } from './support/roles.js';
import { runSql } from './support/schemas.js';

const owner = inject('postgresUrl');

function newPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 4 });
  onTestFinished(() => pool.end());
  return pool;
}

type Way = (connectionString: string) => PostgresStorageOptions | Promise<PostgresStorageOptions>;

const ways: readonly (readonly [string, Way])[] = [
  ['a pool of its own', (connectionString) => ({ connectionString })],
  ['a given pool', (connectionString) => ({ pool: newPool(connectionString) })],
  [
    'a given pool, unprepared',
    (connectionString) => ({ pool: newPool(connectionString), preparedStatements: false }),
  ],
  [
    'PgBouncer',
    async (connectionString) => {
      const pooler = await PgBouncer.start(connectionString);
      onTestFinished(() => pooler.destroy());
      return { connectionString: pooler.url, pooler: true };
    },
  ],
];

describe.each(['repeatable read', 'serializable'])('a role whose transactions are %s by default', (level) => {
  test.each(ways.filter(([name]) => name !== 'PgBouncer' || hasPgBouncer))(
    'eight storages make one store, write at once and trim, through %s',
    async (_, way) => {
      const connectionString = await roleWith(`default_transaction_isolation = '${level}'`);
      const { schema } = ownSchema();
      const storages = await Promise.all(
        Array.from({ length: 8 }, async () =>
          open({ ...(await way(connectionString)), schema, historyLimit: 100, retryTimeout: 2_000 }),
        ),
      );
      await Promise.all(storages.map((storage) => storage.open()));
      const made = await Promise.all(
        storages.map(async (storage, i) => {
          const revisions: number[] = [];
          for (let n = 0; n < 10; n += 1) {
            const put = { put: 'gtype', value: gtype(`${i}`, `${n}`) } as const;
            const remove = { delete: 'gtype', key: { ref: 'none' } } as const;
            revisions.push(await storage.commit(n % 2 === 0 ? [put] : [put, remove]));
          }
          return revisions;
        }),
      );
      expect(made.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 80 }, (_, i) => i + 1));
      const log = `SELECT count(*)::integer AS count, max(revision)::integer AS last FROM ${schema}.changes`;
      const [{ count, last }] = (await runSql(owner, log)).rows;
      expect(last).toBe(80);
      expect(count).toBeLessThan(120);
      expect(
        storages.flatMap(({ warnings }) => warnings).filter((line) => !line.includes('followed by polling')),
      ).toEqual([]);
    },
  );
});

test('the isolation and the search_path of a given pool stay what they were', async () => {
  const connectionString = await roleWith(
    "default_transaction_isolation = 'serializable'",
    'search_path = somewhere',
  );
  const { schema } = ownSchema();
  const pool = newPool(connectionString);
  const storage = createPostgresStorage({ pool, schema, listen: false, log: () => {} });
  onTestFinished(() => storage.close());
  await storage.storeGType(gtype('a'));
  const clients = await Promise.all(Array.from({ length: 4 }, () => pool.connect()));
  for (const client of clients) {
    const { rows } = await client.query(`SELECT current_setting('transaction_isolation') AS level,
      current_setting('search_path') AS path, current_setting('lock_timeout') AS lock`);
    expect(rows).toEqual([{ level: 'serializable', path: 'somewhere', lock: '0' }]);
    client.release();
  }
});

test.each<readonly [string, 'put' | 'deletion']>([
  ['puts', 'put'],
  ['deletes', 'deletion'],
])('a commit that %s is one statement where nothing stands in its way', async (_, what) => {
  const { schema } = ownSchema();
  const pool = newPool(owner);
  const storage = createPostgresStorage({
    pool,
    schema,
    listen: false,
    pollInterval: 600_000,
    log: () => {},
  });
  onTestFinished(() => storage.close());
  await storage.open();
  const texts: string[] = [];
  const clients = await Promise.all(Array.from({ length: 4 }, () => pool.connect()));
  for (const client of clients) {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    Object.assign(client, {
      query: (...args: [{ text: string }]) => {
        texts.push(args[0].text);
        return query(...args);
      },
    });
    client.release();
  }
  const put = { put: 'gtype', value: gtype('a') } as const;
  await storage.commit([what === 'put' ? put : { delete: 'gtype', key: { ref: 'a' } }]);
  expect(texts.filter((text) => !text.includes('pg_notify'))).toHaveLength(1);
});
