import { createPostgresStorage, type PostgresStorageOptions } from '@gati-framework/storage-postgres';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { PostgresCluster } from '../../../test/support/postgres-cluster.mjs';
import { gtype } from '../../../test/support/records.js';
import { Relay } from '../../../test/support/relay.mjs';
import { BEYOND_THE_TEST, errorOf } from './support/faults.js';
import { runSql } from './support/schemas.js';

const NAME = { kind: 'gtype', key: { ref: 'x' } } as const;

let cluster: PostgresCluster;
beforeAll(async () => {
  cluster = await PostgresCluster.start();
});
afterAll(() => cluster?.destroy());

function open(options: PostgresStorageOptions) {
  const storage = createPostgresStorage({ log: () => {}, pollInterval: 100, ...options });
  onTestFinished(() => storage.close());
  return storage;
}

/** From here on the standby shows nothing more, until {@link resumeReplay}. */
async function pauseReplay(): Promise<void> {
  await cluster.settle();
  await runSql(cluster.standby.url, 'SELECT pg_wal_replay_pause()');
  onTestFinished(resumeReplay);
  const state = async () =>
    (await runSql(cluster.standby.url, 'SELECT pg_get_wal_replay_pause_state()')).rows;
  await expect.poll(state).toEqual([{ pg_get_wal_replay_pause_state: 'paused' }]);
}

async function resumeReplay(): Promise<void> {
  await runSql(cluster.standby.url, 'SELECT pg_wal_replay_resume()');
}

/** An address that leads to the primary, until it is moved to the standby. */
async function movingAddress(): Promise<{ url: string; moveToStandby(): void }> {
  const relay = await Relay.to(cluster.primary.port);
  onTestFinished(() => relay.close());
  return {
    url: `postgres://gati:secret@127.0.0.1:${relay.port}/postgres`,
    moveToStandby() {
      relay.cut();
      relay.redirect(cluster.standby.port);
    },
  };
}

describe('a standby that is behind', () => {
  test('lets a watch wait for the commits that it will have', async () => {
    const schema = 'waits';
    const primary = open({ connectionString: cluster.primary.url, schema });
    await primary.storeGType(gtype('x', '1'));
    await pauseReplay();
    const standby = open({ connectionString: cluster.standby.url, schema, readOnly: true });
    for (const n of [2, 3]) await primary.storeGType(gtype('x', `${n}`));
    await standby.open();
    const watches = [1, 2, 3].map((after) => standby.watch({ after }));
    const events = Promise.all(watches.map((watch) => watch.next()));
    for (const _ of watches) expect((await standby.stats()).revision).toBe(1);
    await resumeReplay();
    await primary.storeGType(gtype('x', '4'));
    expect((await events).map(({ value }) => value?.revision)).toEqual([2, 3, 4]);
  });

  test('tells a watch that the store was restored while it waited', async () => {
    const schema = 'restored';
    const primary = open({ connectionString: cluster.primary.url, schema });
    await primary.storeGType(gtype('x', '1'));
    await pauseReplay();
    const standby = open({ connectionString: cluster.standby.url, schema, readOnly: true });
    await standby.open();
    const waiting = standby.watch({ after: 7 }).next();
    expect((await standby.stats()).revision).toBe(1);
    await runSql(cluster.primary.url, `UPDATE ${schema}.store SET epoch = gen_random_uuid()`);
    await resumeReplay();
    expect(await errorOf(waiting)).toMatchObject({ code: 'STORAGE_COMPACTED' });
  });

  test('is waited for by those who read a revision that it has yet to reach', async () => {
    const schema = 'past';
    const primary = open({ connectionString: cluster.primary.url, schema });
    await primary.storeGType(gtype('x', '1'));
    const standby = open({
      connectionString: cluster.standby.url,
      schema,
      readOnly: true,
      retryTimeout: BEYOND_THE_TEST,
    });
    await cluster.settle();
    await standby.open();
    await pauseReplay();
    await primary.storeGType(gtype('x', '2'));
    await primary.storeGType(gtype('x', '3'));
    let isResumed = false;
    const reads = [
      async () => expect(await standby.get(NAME, { at: 2 })).toMatchObject({ revision: 2 }),
      async () => expect((await standby.entries({ at: 2 }).next()).value).toMatchObject({ revision: 2 }),
      async () => expect((await standby.log({ after: 2 }).next()).done).toBe(true), // as of its own moment
    ].map(async (read) => {
      await read();
      expect(isResumed).toBe(true);
    });
    expect(await standby.get(NAME, { at: 1 })).toMatchObject({ revision: 1 });
    isResumed = true;
    await resumeReplay();
    await Promise.all(reads);
    const impatient = open({
      connectionString: cluster.standby.url,
      schema,
      readOnly: true,
      retryTimeout: 50,
    });
    const error = await errorOf(impatient.get(NAME, { at: 4 }));
    expect(error).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(error.message).toContain('retryTimeout');
  });

  test('a primary that lacks the revision is not behind: it is another store', async () => {
    const primary = open({ connectionString: cluster.primary.url, schema: 'other', readOnly: false });
    await primary.storeGType(gtype('x', '1'));
    const reader = open({ connectionString: cluster.primary.url, schema: 'other', readOnly: true });
    expect(await errorOf(reader.watch({ after: 7 }).next())).toMatchObject({ code: 'STORAGE_COMPACTED' });
  });

  test.each(['cached', 'strong'] as const)(
    'than another one was is waited for by %s reads, iterations and watches',
    async (consistency) => {
      const schema = `moved_${consistency}`;
      const primary = open({ connectionString: cluster.primary.url, schema });
      await primary.storeGType(gtype('x', 'old'));
      await pauseReplay();
      await primary.storeGType(gtype('x', 'new'));
      const address = await movingAddress();
      const reader = open({
        connectionString: address.url,
        schema,
        readOnly: true,
        consistency,
        cacheSize: 1,
        retryTimeout: 30_000,
      });
      expect(await reader.getGType('x')).toMatchObject({ description: 'new' });
      const events = reader.watch({ after: 1 });
      expect((await events.next()).value?.revision).toBe(2);
      address.moveToStandby();

      let isResumed = false;
      const next = events.next();
      const reads = [
        async () => expect(await reader.getGType('x')).toMatchObject({ description: 'new' }),
        async () => expect(await reader.get(NAME)).toMatchObject({ revision: 2 }),
        async () => expect(await reader.get(NAME, { at: 1 })).toMatchObject({ revision: 1 }),
        async () => expect((await reader.log({ reverse: true }).next()).value).toMatchObject({ revision: 2 }),
        async () => expect((await reader.stats()).revision).toBe(2),
        async () => expect((await reader.entries().next()).value).toMatchObject({ revision: 2 }),
      ].map(async (read) => {
        await read();
        expect(isResumed).toBe(true);
      });
      const client = await runSql(cluster.standby.url, `SELECT revision FROM ${schema}.store`);
      expect(client.rows).toEqual([{ revision: '1' }]);
      isResumed = true;
      await resumeReplay();
      await Promise.all(reads);
      await primary.storeGType(gtype('x', 'newest'));
      expect((await next).value?.revision).toBe(3);
    },
  );

  test('for longer than retryTimeout is told of', async () => {
    const schema = 'too_long';
    const primary = open({ connectionString: cluster.primary.url, schema });
    await primary.storeGType(gtype('x', 'old'));
    await pauseReplay();
    await primary.storeGType(gtype('x', 'new'));
    const address = await movingAddress();
    const reader = open({
      connectionString: address.url,
      schema,
      readOnly: true,
      consistency: 'strong',
      retryTimeout: 500,
    });
    await reader.getGType('x');
    address.moveToStandby();
    const error = await errorOf(reader.getGType('x'));
    expect(error).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(error.message).toContain('behind what this process has seen');
  });
});
