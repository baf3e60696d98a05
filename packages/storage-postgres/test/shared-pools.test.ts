import type { Entry, Storage } from '@gati-framework/manifest-store';
import { createPostgresStorage, type PostgresPool } from '@gati-framework/storage-postgres';
import pg from 'pg';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { errorOf, open, ownSchema, watchRejections } from './support/faults.js';
import { runSql } from './support/schemas.js';

const connectionString = inject('postgresUrl');
const NAME = { kind: 'gtype', key: { ref: 'x' } } as const;

function newPool(max: number, settings: pg.PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({ connectionString, max, ...settings });
  onTestFinished(() => pool.end());
  return pool;
}

/** Leaves this many of the pool's connections as the statements make them. */
async function leave(pool: pg.Pool, connections: number, ...statements: string[]): Promise<void> {
  const clients = await Promise.all(Array.from({ length: connections }, () => pool.connect()));
  for (const client of clients) for (const text of statements) await client.query(text).catch(() => {});
  for (const client of clients) client.release();
}

/** Of an iteration that ends with it, and gives its connection back. */
async function firstEntry(storage: Storage): Promise<Entry | undefined> {
  for await (const entry of storage.entries()) return entry;
  return undefined;
}

/** As a wrapper shows it whose clients do not tell whether they are in a transaction. */
function silent(pool: pg.Pool): PostgresPool {
  return {
    on: (event, listener) => pool.on(event, listener),
    removeListener: (event, listener) => pool.removeListener(event, listener),
    options: pool.options,
    async connect() {
      const client = await pool.connect();
      return {
        query: (query) => client.query(query as pg.QueryArrayConfig),
        release: (destroy) => client.release(destroy),
        on: (event, listener) => client.on(event as 'error', listener),
        removeListener: (event, listener) => client.removeListener(event, listener),
      };
    },
  };
}

describe.each([
  ['a pg.Pool', (pool: pg.Pool): PostgresPool => pool],
  ['a pool that tells nothing of transactions', silent],
])('connections of %s that the application left', (_, wrap) => {
  test.each([
    ['inside a transaction', ['BEGIN', 'SELECT 1']],
    ['inside a transaction with an old view', ['BEGIN ISOLATION LEVEL REPEATABLE READ', 'SELECT 1']],
    ['inside a read-only transaction', ['BEGIN READ ONLY']],
    ['inside a transaction that failed', ['BEGIN', 'SELECT 1/0']],
  ])('%s take no write with them and show nothing old', async (_, statements) => {
    const { schema } = ownSchema();
    const pool = newPool(4);
    const storage = open({ pool: wrap(pool), schema, consistency: 'strong' });
    const other = open({ connectionString, schema });
    await storage.storeGType(gtype('x', 'old'));
    await leave(pool, 3, ...statements);
    await other.storeGType(gtype('x', 'new'));
    expect(await storage.getGType('x')).toMatchObject({ description: 'new' });
    expect((await storage.stats()).revision).toBe(2);
    await storage.storeGType(gtype('x', 'newest'));
    expect(await other.get(NAME)).toMatchObject({ revision: 3 });
    await leave(pool, 3, 'ROLLBACK');
    expect(await storage.get(NAME)).toMatchObject({ revision: 3 });
  });
});

describe('connections of a given pool', () => {
  test('on which a transaction begins behind the last look keep no write', async () => {
    const { schema } = ownSchema();
    const pool = newPool(4);
    const storage = open({ pool, schema, consistency: 'strong' });
    await storage.storeGType(gtype('x', 'old'));
    const clients = await Promise.all([1, 2, 3].map(() => pool.connect()));
    const beginning = clients.map((client) => client.query('BEGIN').catch(() => {}));
    for (const client of clients) client.release();
    await storage.storeGType(gtype('x', 'new'));
    await Promise.all(beginning);
    const seen = await runSql(connectionString, `SELECT revision FROM "${schema}".store`);
    expect(seen.rows).toEqual([{ revision: '2' }]);
  });

  test.each([
    ['forgot their prepared statements', ['DISCARD ALL']],
    ['became another role', ['SET ROLE pg_monitor']],
    ['became read-only', ['SET default_transaction_read_only = on']],
    ['got a timeout', ["SET statement_timeout = '1ms'"]],
    ['got a search_path', ['SET search_path = pg_temp']],
  ])('that %s fail no call', async (_, statements) => {
    const { schema } = ownSchema();
    const pool = newPool(4);
    const storage = open({ pool, schema, consistency: 'strong' });
    const before = [1, 2, 3].map((n) => storage.storeGType(gtype('x', `${n}`)));
    await Promise.all([...before, storage.getGType('x'), storage.stats(), firstEntry(storage)]);
    for (const call of [
      () => storage.getGType('x'),
      () => storage.storeGType(gtype('x', 'new')),
      () => storage.commit([{ delete: 'gtype', key: { ref: 'y' } }]),
      () => storage.stats(),
      () => firstEntry(storage),
      () => storage.watch({ after: 0 }).next(),
    ]) {
      await leave(pool, 2, ...statements);
      await call();
    }
  });
});

describe('a pool that many share', () => {
  test('of the least size lets two exports read while they iterate', async () => {
    const storage = open({ pool: newPool(3), schema: ownSchema().schema });
    await storage.commit(
      Array.from({ length: 600 }, (_, n) => ({ put: 'gtype', value: gtype(`${n}`) }) as const),
    );
    const exportAll = async (): Promise<number> => {
      let found = 0;
      for await (const entry of storage.entries()) {
        if (found % 50 === 0 && entry.kind === 'gtype') await storage.get(entry);
        found += 1;
      }
      return found;
    };
    expect(await Promise.all([exportAll(), exportAll()])).toEqual([600, 600]);
  });

  test('holds as many storages as it has connections: the feeds that do not fit poll', async () => {
    const pool = newPool(3);
    const storages = [1, 2, 3, 4].map(() => open({ pool, schema: ownSchema().schema, pollInterval: 50 }));
    await Promise.all(storages.map((storage) => storage.open()));
    const events = storages.map((storage) => storage.watch({ after: 0 }).next());
    await Promise.all(storages.map((storage) => storage.storeGType(gtype('x'))));
    expect((await Promise.all(events)).map(({ value }) => value?.revision)).toEqual([1, 1, 1, 1]);
    expect(
      storages.flatMap(({ warnings }) => warnings).filter((line) => line.includes('by polling')),
    ).toHaveLength(3);
    await Promise.all(storages.map((storage) => storage.close()));
    await expect.poll(() => pool.idleCount).toBe(pool.totalCount);
  });

  test('by many storages hears of lost connections through one listener, whatever storages come and go', async () => {
    const pool = newPool(30);
    const before = pool.listenerCount('error');
    const { schema } = ownSchema();
    await open({ pool, schema }).open();
    const storages = Array.from({ length: 12 }, () => open({ pool, schema }));
    await Promise.all(storages.map((storage) => storage.open()));
    expect(pool.listenerCount('error')).toBe(before + 1);
    const client = await pool.connect();
    pool.emit('error', new Error('lost'), client);
    client.release();
    expect(storages.map(({ warnings }) => warnings.filter((line) => line.includes('lost')).length)).toEqual(
      storages.map(() => 1),
    );
    await Promise.all(storages.map((storage) => storage.close()));
    expect(pool.listenerCount('error')).toBe(before + 1);
  });

  test('and reads binary is refused: its values would be taken for damaged', () => {
    const binary: object = { binary: true };
    const pool = newPool(3, binary);
    expect(() => createPostgresStorage({ pool })).toThrow('options.pool must not be one with binary: true.');
  });

  test('whose connections are all taken fails calls in time, and gets back what comes too late', async () => {
    watchRejections();
    const pool = newPool(4);
    const limits = { connectTimeout: 100, retryTimeout: 200 };
    const storage = open({ pool, schema: ownSchema().schema, ...limits, consistency: 'strong' });
    await storage.storeGType(gtype('x'));
    const taken = await Promise.all([1, 2, 3].map(() => pool.connect()));
    const calls = [
      () => storage.getGType('x'),
      () => storage.storeGType(gtype('y')),
      () => firstEntry(storage),
    ];
    for (const call of calls) {
      const error = await errorOf(call());
      expect(error).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
      expect(error.message).toContain('of a pool that you gave, its max');
    }
    expect(await storage.health()).toMatchObject({ status: 'failed' });
    for (const client of taken) client.release();
    await storage.storeGType(gtype('y'));
    await storage.close();
    await expect.poll(() => pool.idleCount).toBe(pool.totalCount);
  });

  test('whose connections are all taken does not keep a storage from closing', async () => {
    const pool = newPool(4);
    const storage = open({ pool, schema: ownSchema().schema, connectTimeout: 100, retryTimeout: 200 });
    await storage.storeGType(gtype('x'));
    const taken = await Promise.all([1, 2, 3].map(() => pool.connect()));
    const write = errorOf(storage.storeGType(gtype('y')));
    await storage.close();
    expect(await write).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    for (const client of taken) client.release();
  });
});
