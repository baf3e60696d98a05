import { randomUUID } from 'node:crypto';
import { StorageError, type StorageEvent } from '@gati-framework/manifest-store';
import { createPostgresStorage, type PostgresStorageOptions } from '@gati-framework/storage-postgres';
import { describeConformance } from '@gati-framework/storage-testkit/vitest';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { places } from './support/conformance.js';
import { BEYOND_THE_TEST } from './support/faults.js';
import { hasPgBouncer, PgBouncer } from './support/pgbouncer.js';
import { dropSchema } from './support/schemas.js';

const server = inject('postgresUrl');

describe.skipIf(!hasPgBouncer)('through PgBouncer in transaction mode', () => {
  let pooler: PgBouncer;
  beforeAll(async () => {
    pooler = await PgBouncer.start(server);
  });
  afterAll(() => pooler?.destroy());

  describeConformance('postgres, through PgBouncer in transaction mode', {
    ...places,
    create: (place, options) => open({ schema: place, ...options }),
    staleness: 40, // two of its pollInterval
  });

  function open(options: PostgresStorageOptions) {
    const common = { connectionString: pooler.url, pooler: true, pollInterval: 20, log: () => {} };
    return createPostgresStorage({ ...common, ...options });
  }

  /** That many storages in one new schema, for one test. */
  function openMany(count: number, options: PostgresStorageOptions = {}) {
    const schema = `pooled_${randomUUID()}`;
    const storages = Array.from({ length: count }, () => open({ schema, ...options }));
    onTestFinished(async () => {
      await Promise.all(storages.map((storage) => storage.close()));
      await dropSchema(server, schema);
    });
    return storages as [ReturnType<typeof open>, ...ReturnType<typeof open>[]];
  }

  test('four storages make the schema at once', async () => {
    const storages = openMany(4);
    await Promise.all(storages.map((storage) => storage.open()));
    await Promise.all(storages.map((storage, i) => storage.storeGType(gtype(`T${i}`))));
    for (const storage of storages)
      expect(await storage.stats()).toMatchObject({ gtypeCount: 4, revision: 4 });
  });

  test('twenty callers in two storages write at once: every write is there, once', async () => {
    const storages = openMany(2);
    const [first] = storages;
    const seen: StorageEvent[] = [];
    const watching = (async () => {
      for await (const event of first.watch({ after: 0 })) if (seen.push(event) === 400) return;
    })();
    await Promise.all(
      Array.from({ length: 20 }, async (_, caller) => {
        const storage = storages[caller % 2] as typeof first;
        for (let i = 0; i < 20; i += 1) {
          await storage.storeGType(gtype(`${caller}-${i}`));
          expect(await storage.getGType(`${caller}-${i}`)).toEqual(gtype(`${caller}-${i}`));
        }
      }),
    );
    await watching;
    expect(seen.map(({ revision }) => revision)).toEqual(seen.map((_, i) => i + 1));
    expect((await first.stats()).gtypeCount).toBe(400);
  });

  test('of those who compare and set at once, one wins each round', async () => {
    const storages = openMany(2);
    const [first] = storages;
    const key = { kind: 'gtype', key: { ref: 'counter' } } as const;
    await first.storeGType(gtype('counter', '0'));
    const increment = async (storage: typeof first): Promise<void> => {
      for (;;) {
        const entry = await storage.get(key);
        if (entry === undefined) throw new Error('it is there');
        const value = gtype('counter', String(Number(entry.value.description) + 1));
        try {
          await storage.commit([{ put: 'gtype', value }], { expect: [entry] });
          return;
        } catch (error) {
          if (!(error instanceof StorageError) || error.code !== 'STORAGE_CONFLICT') throw error;
        }
      }
    };
    await Promise.all(Array.from({ length: 20 }, (_, i) => increment(storages[i % 2] as typeof first)));
    expect((await first.get(key))?.value.description).toBe('20');
    expect((await first.stats()).revision).toBe(21);
  });

  test('entries() are those of one moment, whatever is written meanwhile', async () => {
    const [storage, other] = openMany(2);
    const refs = Array.from({ length: 1_500 }, (_, i) => `T${i}`);
    await storage.commit(refs.map((ref) => ({ put: 'gtype' as const, value: gtype(ref, 'before') })));
    const found: string[] = [];
    for await (const { kind, value } of storage.entries()) {
      if (kind !== 'gtype') continue;
      if (found.length % 300 === 0) await other?.storeGType(gtype(refs.at(-1) as string, 'after'));
      if (found.length % 300 === 0) await storage.storeGType(gtype(`new ${found.length}`));
      expect(value.description).toBe('before');
      found.push(value.ref);
    }
    expect(found).toEqual(refs);
  });

  test('four iterations at once on three connections end, and calls go on after them', async () => {
    const [storage] = openMany(1);
    await storage.commit([{ put: 'gtype', value: gtype('T') }]);
    const count = async (): Promise<number> => {
      let entries = 0;
      for await (const _ of storage.entries()) entries += 1;
      return entries;
    };
    expect(await Promise.all([count(), count(), count(), count()])).toEqual([1, 1, 1, 1]);
    await storage.storeGType(gtype('U'));
  });

  test('a watch hears of the commits of others, and cached reads become fresh', async () => {
    const [storage, other] = openMany(2);
    await storage.storeGType(gtype('T', 'first'));
    expect(await other?.getGType('T')).toEqual(gtype('T', 'first'));
    const watch = other?.watch({ after: 1 });
    const next = watch?.next();
    await storage.storeGType(gtype('T', 'second'));
    expect((await next)?.value).toMatchObject({ revision: 2 });
    expect(await other?.getGType('T')).toEqual(gtype('T', 'second'));
    await watch?.return?.();
  });

  test('PgBouncer is restarted: calls go on, and so does a watch', async () => {
    const own = await PgBouncer.start(server);
    onTestFinished(() => own.destroy());
    const [storage, other] = openMany(2, { connectionString: own.url });
    await storage.storeGType(gtype('T0'));
    const watch = other?.watch({ after: 0 });
    expect((await watch?.next())?.value).toMatchObject({ revision: 1 });
    await own.kill();
    const writing = Promise.all([1, 2, 3].map((i) => storage.storeGType(gtype(`T${i}`))));
    const reading = other?.getGType('T0');
    await own.start();
    await writing;
    expect(await reading).toEqual(gtype('T0'));
    for (const revision of [2, 3, 4]) expect((await watch?.next())?.value).toMatchObject({ revision });
    await expect.poll(() => other?.getGType('T3')).toEqual(gtype('T3'));
    expect((await storage.stats()).revision).toBe(4);
    await watch?.return?.();
  });

  test('a storage that only reads', async () => {
    const schema = `pooled_${randomUUID()}`;
    onTestFinished(() => dropSchema(server, schema));
    const [storage, reader] = [open({ schema }), open({ schema, readOnly: true })];
    await storage.storeGType(gtype('T'));
    expect(await reader.getGType('T')).toEqual(gtype('T'));
    await expect(reader.storeGType(gtype('U'))).rejects.toMatchObject({ code: 'STORAGE_READONLY' });
    await Promise.all([storage.close(), reader.close()]);
  });

  test('forgotten iterations do not keep every connection of the pooler', async () => {
    const own = await PgBouncer.start(server);
    onTestFinished(() => own.destroy());
    const [storage] = openMany(1, {
      connectionString: own.url,
      scanIdleTimeout: 500,
      statementTimeout: 5_000,
    });
    await storage.commit([1, 2, 3].map((i) => ({ put: 'gtype' as const, value: gtype(`T${i}`) })));
    const forgotten = [1, 2, 3].map(() => storage.entries());
    await Promise.all(forgotten.map((entries) => entries.next()));
    await storage.storeGType(gtype('U'));
    await Promise.all(forgotten.map((entries) => entries.return?.()));
  });

  test('a commit that waits for a lock ends after lockTimeout', async () => {
    const schema = `pooled_${randomUUID()}`;
    const storage = open({ schema, lockTimeout: 300, statementTimeout: 3_000, retryTimeout: 500 });
    await storage.storeGType(gtype('T'));
    const holder = new pg.Client({ connectionString: server });
    await holder.connect();
    onTestFinished(async () => {
      await holder.end();
      await storage.close();
      await dropSchema(server, schema);
    });
    await holder.query('BEGIN');
    await holder.query(`SELECT FROM "${schema}".store FOR UPDATE`);
    await expect(storage.storeGType(gtype('U'))).rejects.toMatchObject({ code: 'STORAGE_LOCKED' });
    await holder.query('ROLLBACK');
    await storage.storeGType(gtype('U'));
  });

  test('without pooler: true, the error names the option', async () => {
    const [storage] = openMany(1, { pooler: false, retryTimeout: BEYOND_THE_TEST });
    await expect(storage.open()).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: expect.stringContaining('pooler: true'),
    });
  });

  test("nor does the caller's pool go on without it when statements are lost", async () => {
    const schema = `pooled_${randomUUID()}`;
    const pool = new pg.Pool({ connectionString: pooler.url, max: 8 });
    const storage = createPostgresStorage({ pool, schema, consistency: 'strong', log: () => {} });
    onTestFinished(async () => {
      await storage.close();
      await pool.end();
      await dropSchema(server, schema);
    });
    const calls = async (): Promise<void> => {
      for (let round = 0; round < 20; round += 1) {
        await storage.storeGType(gtype(`T${round}`));
        await Promise.all(Array.from({ length: 8 }, (_, i) => storage.getAllManifestVersions(`h${i}`)));
      }
    };
    await expect(calls()).rejects.toMatchObject({
      code: 'STORAGE_FAILED',
      message: expect.stringContaining('pooler: true'),
    });
  });
});
