import type { PostgresPool, PostgresQuery, PostgresResult } from '@gati-framework/storage-postgres';
import pg from 'pg';
import { describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { BEYOND_THE_TEST, errorOf, open, ownSchema, watchRejections } from './support/faults.js';
import { runSql } from './support/schemas.js';

const connectionString = inject('postgresUrl');

describe('a pool of the caller', () => {
  test('stays open when the storage is closed', async () => {
    const pool = new pg.Pool({ connectionString, max: 4 });
    onTestFinished(() => pool.end());
    const storage = open({ pool, schema: ownSchema().schema });
    await storage.storeGType(gtype('x'));
    await storage.close();
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await vi.waitFor(() => expect(pool.idleCount).toBe(pool.totalCount), 30_000);
  });

  test('that was ended before the first call', async () => {
    watchRejections();
    const pool = new pg.Pool({ connectionString });
    await pool.end();
    const error = await errorOf(open({ pool, retryTimeout: BEYOND_THE_TEST }).getGType('x'));
    expect(error).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(error.message).toContain('pool that this storage was given was ended');
  });

  test('that is ended while the storage is open gets its connections back', async () => {
    watchRejections();
    const pool = new pg.Pool({ connectionString, max: 4 });
    const storage = open({ pool, schema: ownSchema().schema });
    await storage.storeGType(gtype('x'));
    await pool.end();
    expect(await errorOf(storage.storeGType(gtype('y')))).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });
});

describe('iterations', () => {
  test('reads go on inside one, with the smallest pool', async () => {
    const storage = open({ ...ownSchema(), poolSize: 2 });
    await storage.commit([1, 2, 3].map((n) => ({ put: 'gtype', value: gtype(`${n}`) }) as const));
    const seen: string[] = [];
    for await (const { kind, key } of storage.entries({ kinds: ['gtype'] })) {
      if (kind !== 'gtype') continue;
      expect((await storage.get({ kind, key }))?.revision).toBe(1);
      await storage.storeGType(gtype(`later ${key.ref}`));
      seen.push(key.ref);
    }
    expect(seen).toEqual(['1', '2', '3']);
  });

  test('more than a pool has room for: the next one waits, and is told why it does not begin', async () => {
    const storage = open({ ...ownSchema(), poolSize: 3, retryTimeout: 300 });
    await storage.storeGType(gtype('x'));
    const held = storage.entries();
    await held.next();
    const error = await errorOf(storage.entries().next());
    expect(error).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(error.message).toContain('Raise poolSize (of a pool that you gave, its max), or end iterations');
    const waiting = storage.entries().next();
    await held.return?.();
    expect((await waiting).value).toMatchObject({ revision: 1 });
  });

  test('as many as there may be, all idle, are in nobody else’s way', async () => {
    const storage = open({ ...ownSchema(), consistency: 'strong' });
    await storage.commit(
      Array.from({ length: 600 }, (_, n) => ({ put: 'gtype', value: gtype(`${n}`) }) as const),
    );
    const held = Array.from({ length: 10 }, () => storage.entries());
    const begun = held.map((entries) => entries.next());
    await Promise.all(begun.slice(0, 8));
    await storage.storeGType(gtype('y', 'written meanwhile'));
    expect(await storage.getGType('y')).toMatchObject({ description: 'written meanwhile' });
    expect(await storage.health()).toMatchObject({ status: 'ok', revision: 2 });
    await Promise.all(held.slice(0, 8).map((entries) => entries.return?.()));
    await Promise.all(begun);
    await Promise.all(held.map((entries) => entries.return?.()));
  });

  test('that wait for their turn are told when the storage closes', async () => {
    const storage = open({ ...ownSchema(), poolSize: 2 });
    await storage.storeGType(gtype('x'));
    await storage.entries().next();
    const waiting = errorOf(storage.entries().next());
    await storage.stats();
    await storage.close();
    expect(await waiting).toMatchObject({ code: 'STORAGE_CLOSED' });
  });

  test('one that is left lying about does not keep the storage from closing', async () => {
    const storage = open(ownSchema());
    await storage.storeGType(gtype('x'));
    const entries = storage.entries();
    await entries.next();
    await storage.close();
    expect(await errorOf(entries.next())).toMatchObject({ code: 'STORAGE_CLOSED' });
  });

  test('a consumer that takes too long is told so', async () => {
    const storage = open({ ...ownSchema(), scanIdleTimeout: 100 });
    await storage.commit(
      Array.from({ length: 600 }, (_, n) => ({ put: 'gtype', value: gtype(`${n}`) }) as const),
    );
    const entries = storage.entries();
    await entries.next();
    await vi.waitFor(async () => {
      const idle = `SELECT FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE '%r.position%'`;
      expect((await runSql(connectionString, idle)).rowCount).toBe(0);
    }, 30_000);
    const rest = (async () => {
      for await (const _ of entries);
    })();
    const error = await errorOf(rest);
    expect(error).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });
});

describe('locks and history', () => {
  test('who holds the store too long stops writers, and no reader', async () => {
    const options = ownSchema();
    const storage = open({ ...options, lockTimeout: 300, consistency: 'strong' });
    await storage.storeGType(gtype('x', 'first'));
    const holder = new pg.Client({ connectionString });
    await holder.connect();
    onTestFinished(() => holder.end());
    await holder.query('BEGIN');
    await holder.query(`SELECT FROM "${options.schema}".store FOR UPDATE`);
    for (const changes of [[{ put: 'gtype', value: gtype('x', 'second') }], [{ clear: true }]] as const) {
      expect(await errorOf(storage.commit(changes))).toMatchObject({ code: 'STORAGE_LOCKED' });
    }
    expect(await storage.getGType('x')).toEqual(gtype('x', 'first'));
    expect((await storage.stats()).revision).toBe(1);
    await holder.query('ROLLBACK');
    expect(await storage.commit([{ put: 'gtype', value: gtype('x', 'third') }])).toBe(2);
  });

  test('the log keeps about as much as it was told, always the newest commit, and says what is gone', async () => {
    const storage = open({ ...ownSchema(), historyLimit: 20 });
    for (let n = 1; n <= 60; n += 1) await storage.storeGType(gtype('x', `${n}`));
    const oldest = async (): Promise<number> => {
      const error = await errorOf(storage.watch({ after: 0 }).next() as Promise<unknown>);
      expect(error.code).toBe('STORAGE_COMPACTED');
      return (error.details as { oldest: number }).oldest;
    };
    // The commit that the last change to keep is part of stays; the last trim comes after the last commit.
    await vi.waitFor(async () => expect(await oldest()).toBe(60 - 20 - 1), 30_000);
    const watch = storage.watch({ after: 39 });
    expect((await watch.next()).value).toMatchObject({ revision: 40 });
    await watch.return?.();
    const big = Array.from({ length: 100 }, (_, n) => ({ put: 'gtype', value: gtype(`${n}`) }) as const);
    expect(await storage.commit(big)).toBe(61);
    await vi.waitFor(async () => expect(await oldest()).toBe(60), 30_000);
    const whole = await storage.watch({ after: 60 }).next();
    expect(whole.value?.changes).toHaveLength(100);
  });

  test('a log that is far too long is shortened by whole commits, a few at a time, with every commit that stays whole', async () => {
    const { pool, deletions } = poolThatCountsDeletions();
    const { schema } = ownSchema();
    const options = { pool, schema, historyLimit: 1_000 };
    const unlimited = open({ connectionString, schema });
    const commitOf = (size: number) =>
      Array.from({ length: size }, (_, n) => ({ put: 'gtype', value: gtype(`${n}`) }) as const);
    const sizes = [6_000, ...Array<number>(30).fill(400), 7_000, ...Array<number>(3).fill(400)];
    for (const size of sizes) await unlimited.commit(commitOf(size));
    const trimming = open(options);
    const last = await trimming.commit(commitOf(500));
    const counts = `SELECT revision::integer AS revision, count(*)::integer AS changes FROM "${schema}".changes GROUP BY revision ORDER BY revision`;
    await vi.waitFor(
      async () => {
        const { rows } = await runSql(connectionString, counts);
        for (const { revision, changes } of rows) expect(changes).toBe(sizes[revision - 1] ?? 500);
        expect(rows.map(({ revision }) => revision)).toEqual([last - 2, last - 1, last]);
      },
      { timeout: 30_000 },
    );
    // The large commits go alone, the small ones together, in at most as many changes as a step has.
    expect(deletions.filter((size) => size > 0)).toEqual([6_000, 4_800, 4_800, 2_400, 7_000, 400]);
  });
});

function poolThatCountsDeletions(): { pool: PostgresPool; deletions: number[] } {
  const pool = new pg.Pool({ connectionString, max: 5 });
  onTestFinished(() => pool.end());
  const deletions: number[] = [];
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (config: PostgresQuery) => Promise<PostgresResult>;
    Object.assign(client, {
      query: async (config: PostgresQuery) => {
        const result = await query(config);
        if (/DELETE FROM .*changes/.test(config.text)) deletions.push(result.rows[0][0]);
        return result;
      },
    });
  });
  return { pool, deletions };
}
