import { StorageError } from '@gati-framework/manifest-store';
import { createPostgresStorage, type PostgresStorageOptions } from '@gati-framework/storage-postgres';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { PostgresCluster } from '../../../test/support/postgres-cluster.mjs';
import { gtype, manifest } from '../../../test/support/records.js';
import { Relay } from '../../../test/support/relay.mjs';
import { BEYOND_THE_TEST, startServer } from './support/faults.js';
import { runSql } from './support/schemas.js';

const account = { user: 'gati', password: 'secret', database: 'postgres' };

function open(options: PostgresStorageOptions) {
  const storage = createPostgresStorage({ log: () => {}, pollInterval: 200, ...options });
  onTestFinished(() => storage.close());
  return storage;
}

async function startCluster(): Promise<PostgresCluster> {
  const cluster = await PostgresCluster.start();
  onTestFinished(() => cluster.destroy());
  return cluster;
}

async function errorOf(promise: Promise<unknown>): Promise<StorageError> {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(StorageError);
  return error;
}

describe('a primary and a standby', () => {
  let cluster: PostgresCluster;
  beforeAll(async () => {
    cluster = await PostgresCluster.start();
  });
  afterAll(() => cluster?.destroy());

  test('the one that can be written to is found, whichever comes first', async () => {
    const { hosts } = cluster;
    const strings = [hosts, hosts.toReversed()].map((both) => `postgres://gati:secret@${both}/postgres`);
    const ways: PostgresStorageOptions[] = [
      { hosts, ...account },
      { hosts: hosts.toReversed(), ...account },
      { hosts: hosts.toReversed(), connectionString: 'postgres://gati:secret@nowhere.invalid/postgres' },
      ...strings.map((connectionString) => ({ connectionString })),
    ];
    for (const [i, way] of ways.entries()) {
      const storage = open({ ...way, schema: 'orders' });
      await storage.storeGType(gtype(`T${i}`));
      expect(await storage.stats()).toMatchObject({ gtypeCount: i + 1, revision: i + 1 });
    }
  });

  test('a standby alone is refused, with a hint', async () => {
    const storage = open({ connectionString: cluster.standby.url, retryTimeout: 500 });
    const error = await errorOf(storage.open());
    expect(error).toMatchObject({ code: 'STORAGE_READONLY' });
    expect(error.message).toContain(`127.0.0.1:${cluster.standby.port} is a standby`);
    expect(error.message).toContain('name all servers in hosts');
  });

  test('a standby and a server that is down: the standby is what the error tells of', async () => {
    const hosts = [`127.0.0.1:1`, `127.0.0.1:${cluster.standby.port}`];
    expect(await errorOf(open({ hosts, ...account, retryTimeout: 500 }).open())).toMatchObject({
      code: 'STORAGE_READONLY',
    });
  });

  test('a standby serves a storage that only reads, and shows what the primary commits', async () => {
    const writer = open({ connectionString: cluster.primary.url, schema: 'shown' });
    await writer.storeGType(gtype('T', 'first'));
    await cluster.settle();
    const reader = open({
      connectionString: cluster.standby.url,
      schema: 'shown',
      readOnly: true,
      pollInterval: 20,
    });
    expect(await reader.getGType('T')).toEqual(gtype('T', 'first'));
    expect(await errorOf(reader.storeGType(gtype('U')))).toMatchObject({ code: 'STORAGE_READONLY' });
    const watch = reader.watch({ after: 1 });
    const next = watch.next();
    await writer.storeGType(gtype('T', 'second'));
    expect((await next).value).toMatchObject({ revision: 2 });
    await expect.poll(() => reader.getGType('T')).toEqual(gtype('T', 'second'));
    const found = [];
    for await (const { value } of reader.entries()) found.push(value);
    expect(found).toEqual([gtype('T', 'second')]);
    await watch.return?.();
  });
});

test('callers that waited for a connection of the dead server do not wait until connectTimeout', async () => {
  const cluster = await startCluster();
  const options = { connectTimeout: BEYOND_THE_TEST, retryTimeout: BEYOND_THE_TEST, poolSize: 2 };
  const storage = open({ hosts: cluster.hosts, ...account, ...options, consistency: 'strong' });
  await storage.storeManifest(manifest('users', '1.0.0'));
  await cluster.settle();
  cluster.primary.pause();
  const reads = Promise.all(Array.from({ length: 20 }, () => storage.getAllManifestVersions('users')));
  await cluster.primary.kill();
  await cluster.promote();
  for (const found of await reads) expect(found).toEqual([manifest('users', '1.0.0')]);
});

test('the primary hangs and the standby takes over: commits that wait for its answer do not wait until statementTimeout', async () => {
  const cluster = await startCluster();
  const options = { connectTimeout: 500, retryTimeout: BEYOND_THE_TEST, statementTimeout: BEYOND_THE_TEST };
  const storage = open({ hosts: cluster.hosts, ...account, ...options });
  await storage.storeGType(gtype('T', 'first'));
  await cluster.settle();
  cluster.primary.pause();
  onTestFinished(() => cluster.primary.resume());
  const commit = storage.commit([{ put: 'gtype', value: gtype('T', 'second') }]);
  await cluster.promote();
  expect(await commit).toBe(2);
  expect(await storage.getGType('T')).toEqual(gtype('T', 'second'));
});

test('a former primary that does not know it is not used again, however long the new one is away', async () => {
  const cluster = await startCluster();
  const relay = await Relay.to(cluster.standby.port);
  onTestFinished(() => relay.close());
  const hosts = [`127.0.0.1:${cluster.primary.port}`, `127.0.0.1:${relay.port}`];
  const storage = open({ hosts, ...account, connectTimeout: 500, consistency: 'strong' });
  const hasty = open({ hosts, ...account, connectTimeout: 500, retryTimeout: 1_000 });
  await storage.storeGType(gtype('T', 'first'));
  await hasty.open();
  await cluster.settle();
  cluster.primary.pause();
  onTestFinished(() => cluster.primary.resume());
  await cluster.promote();
  await storage.storeGType(gtype('T', 'second'));
  expect(await hasty.stats()).toMatchObject({ revision: 2 });

  relay.cut();
  cluster.primary.resume();
  const refusal = async () => {
    const error = await errorOf(hasty.get({ kind: 'gtype', key: { ref: 'T' } }));
    expect(error).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    return error.message;
  };
  // At first it may tell of the one that is away.
  await expect.poll(refusal).toContain(`127.0.0.1:${cluster.primary.port} is a former primary`);
  const reading = storage.getGType('T');
  relay.redirect(cluster.standby.port);
  expect(await reading).toEqual(gtype('T', 'second'));
});

describe('a server that is set read-only', () => {
  const SET_BACK = 'ALTER SYSTEM RESET default_transaction_read_only';

  async function setReadOnly(url: string, statement: string): Promise<void> {
    await runSql(url, statement);
    await runSql(url, 'SELECT pg_reload_conf()');
    const expected = statement === SET_BACK ? 'off' : 'on';
    const setting = async () => (await runSql(url, 'SHOW default_transaction_read_only')).rows[0];
    await expect.poll(setting).toEqual({ default_transaction_read_only: expected });
  }

  test('a write fails after retryTimeout, and succeeds when the server is set back in time', async () => {
    const primary = await startServer();
    const patient = open({ connectionString: primary.url });
    const hasty = open({ connectionString: primary.url, retryTimeout: 500 });
    await patient.storeGType(gtype('T', 'first'));
    await hasty.open();
    await setReadOnly(primary.url, 'ALTER SYSTEM SET default_transaction_read_only = on');

    expect(await errorOf(hasty.storeGType(gtype('U')))).toMatchObject({ code: 'STORAGE_READONLY' });
    const write = patient.storeGType(gtype('T', 'second'));
    expect(await patient.getGType('T')).toEqual(gtype('T', 'first'));
    await setReadOnly(primary.url, SET_BACK);
    await write;
    expect(await hasty.getGType('U')).toBeUndefined();
    expect(await hasty.getGType('T')).toEqual(gtype('T', 'second'));
    expect((await patient.stats()).revision).toBe(2);
  });

  test('among several hosts it is not taken for the one that can be written to', async () => {
    const cluster = await startCluster();
    await open({ connectionString: cluster.primary.url }).storeGType(gtype('T'));
    await cluster.settle();
    await setReadOnly(cluster.primary.url, 'ALTER SYSTEM SET default_transaction_read_only = on');
    await cluster.promote();
    // Several times, as chance may choose the right one.
    for (let i = 0; i < 10; i += 1) {
      const storage = open({ hosts: cluster.hosts, ...account, retryTimeout: 1 });
      await storage.storeGType(gtype(`T${i}`));
    }
  });

  test('the feed moves with the calls to the server that took over', async () => {
    const cluster = await startCluster();
    const relay = await Relay.to(cluster.primary.port);
    onTestFinished(() => relay.close());
    const storage = open({ ...account, hosts: [`127.0.0.1:${relay.port}`] });
    await storage.storeGType(gtype('T', 'first'));
    const watch = storage.watch();
    const second = watch.next();
    await cluster.settle();
    await cluster.promote();
    await setReadOnly(cluster.primary.url, 'ALTER SYSTEM SET default_transaction_read_only = on');
    relay.redirect(cluster.standby.port);

    await storage.storeGType(gtype('U')); // refused by the former primary, made at the new one
    expect((await second).value).toMatchObject({ revision: 2 });
    const other = open({ connectionString: cluster.standby.url });
    for (const [i, text] of ['second', 'third'].entries()) {
      await other.storeGType(gtype('T', text));
      await expect.poll(() => storage.getGType('T'), { interval: 100 }).toEqual(gtype('T', text));
      expect((await watch.next()).value).toMatchObject({ revision: i + 3 });
    }
  });
});

describe('a synchronous standby that is gone', () => {
  test('a write is not acknowledged while only the primary has it, even if the wait is cancelled', async () => {
    const cluster = await startCluster();
    const storage = open({ hosts: cluster.hosts, ...account, retryTimeout: 30_000 });
    await storage.storeGType(gtype('T', 'first'));
    await cluster.makeSynchronous();
    await cluster.standby.stop();
    let isAcknowledged = false;
    const write = storage.storeGType(gtype('T', 'second')).then(() => {
      isAcknowledged = true;
    });
    const cancel = `SELECT pg_cancel_backend(pid) AS cancelled FROM pg_stat_activity WHERE wait_event = 'SyncRep'`;
    const cancelled = async () => (await runSql(cluster.primary.url, cancel)).rows.length;
    await expect.poll(cancelled).toBe(1);
    await expect(expect.poll(() => isAcknowledged, { timeout: 2_000 }).toBe(true)).rejects.toThrow();
    await cluster.standby.start();
    await write;
    await cluster.primary.kill();
    await cluster.promote();
    expect((await storage.get({ kind: 'gtype', key: { ref: 'T' } }))?.value).toEqual(gtype('T', 'second'));
    expect((await storage.stats()).revision).toBe(2);
  });

  test('a write that nobody can vouch for in time is in doubt, and made once', async () => {
    const cluster = await startCluster();
    const timeouts = { statementTimeout: 500, lockTimeout: 500, retryTimeout: 1_000 };
    const storage = open({ hosts: cluster.hosts, ...account, ...timeouts });
    await storage.storeGType(gtype('T', 'first'));
    await cluster.makeSynchronous();
    await cluster.standby.stop();
    const error = await errorOf(storage.storeGType(gtype('T', 'second')));
    expect(error).toMatchObject({ code: 'STORAGE_IN_DOUBT' });
    await cluster.standby.start();
    const read = () => storage.getGType('T');
    await expect.poll(read).toEqual(gtype('T', 'second'));
    await storage.storeGType(gtype('U'));
    expect((await storage.stats()).revision).toBe(3);
  });
});

describe('a failover that loses commits', () => {
  /** The standby misses what `commit` does, and takes over. */
  async function lose(cluster: PostgresCluster, commit: () => Promise<unknown>): Promise<void> {
    await cluster.settle();
    await cluster.standby.stop();
    await commit();
    await cluster.primary.kill();
    await cluster.standby.start();
    await cluster.promote();
  }

  test('what was lost is not served from memory, and a watch ends', async () => {
    const cluster = await startCluster();
    const storage = open({ hosts: cluster.hosts, ...account, retryTimeout: 30_000 });
    await storage.storeGType(gtype('T', 'kept'));
    const watch = storage.watch();
    const first = watch.next();
    await lose(cluster, async () => {
      await storage.storeGType(gtype('T', 'lost'));
      await storage.storeGType(gtype('U', 'lost'));
      expect((await first).value).toMatchObject({ revision: 2 });
      expect((await watch.next()).value).toMatchObject({ revision: 3 });
    });
    expect(await errorOf(watch.next())).toMatchObject({ code: 'STORAGE_COMPACTED' });
    expect(await storage.getGType('T')).toEqual(gtype('T', 'kept'));
    expect(await storage.getGType('U')).toBeUndefined();
    expect(await storage.commit([{ put: 'gtype', value: gtype('T', 'new') }])).toBe(2);
    expect(await storage.getGType('T')).toEqual(gtype('T', 'new'));
  });

  test('nor when this process commits before the feed is back, and as much was committed elsewhere', async () => {
    const cluster = await startCluster();
    const relay = await Relay.to(cluster.primary.port);
    onTestFinished(() => relay.close());
    let interruptions = 0;
    const log = () => {
      interruptions += 1;
    };
    const storage = open({ ...account, hosts: [`127.0.0.1:${relay.port}`], log });
    await storage.storeGType(gtype('T', 'kept'));
    const watch = storage.watch();
    await lose(cluster, async () => {
      await storage.storeGType(gtype('T', 'lost'));
      expect(await storage.getGType('T')).toEqual(gtype('T', 'lost'));
      expect((await watch.next()).value).toMatchObject({ revision: 2 });
      relay.cut();
    });
    // The feed asks less and less often.
    await expect.poll(() => interruptions).toBeGreaterThan(3);
    await open({ connectionString: cluster.standby.url }).storeGType(gtype('U', 'elsewhere'));
    relay.redirect(cluster.standby.port);
    expect(await storage.commit([{ put: 'gtype', value: gtype('V') }])).toBe(3);
    await expect.poll(() => storage.getGType('T')).toEqual(gtype('T', 'kept'));
    expect(await errorOf(watch.next())).toMatchObject({ code: 'STORAGE_COMPACTED' });
    expect(await storage.getGType('U')).toEqual(gtype('U', 'elsewhere'));
  });
});
