import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change, Storage } from '@gati-framework/manifest-store';
import { createEtcdStorage, type EtcdStorageOptions } from '@gati-framework/storage-etcd';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { etcdBinaries } from '../../../scripts/etcd.mjs';
import { Authority, type Certificate, hasOpenssl } from '../../../test/support/certificates.js';
import { EtcdCluster } from '../../../test/support/etcd/cluster.mjs';
import { gtype } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { EtcdClient } from '../dist/client/etcd-client.js';
import { Stage } from '../dist/commit/staging.js';
import { loadStore } from '../dist/feed/load-store.js';
import { StoreMirror } from '../dist/feed/store-mirror.js';
import { resolveOptions } from '../dist/options/options.js';
import type { Tail } from '../dist/store/ends.js';
import { nameOfParts, nameOfText, StoreKeys } from '../dist/store/keys.js';
import { LogReader } from '../dist/store/read-log.js';
import { writeRows } from '../dist/upkeep/row-writer.js';
import { trimLog } from '../dist/upkeep/trim-log.js';

const hasEtcd = etcdBinaries() !== undefined;
/** Whoever retries until then does not come back before the test is over: what is refused is to be told at once. */
const BEYOND_THE_TEST = 600_000;
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const put = (ref: string, description = ''): Change => ({ put: 'gtype', value: gtype(ref, description) });

async function start(options: Parameters<typeof EtcdCluster.start>[0] = {}): Promise<EtcdCluster> {
  const cluster = await EtcdCluster.start(options);
  onTestFinished(() => cluster.destroy());
  return cluster;
}

function open(options: EtcdStorageOptions): Storage {
  const storage = createEtcdStorage({ log: silent, ...options });
  onTestFinished(() => storage.close());
  return storage;
}

/** As an operator of an etcd at its quota does. */
async function makeRoom({ ctl }: EtcdCluster): Promise<void> {
  const [{ Status: status }] = await ctl.ask('endpoint', 'status');
  await ctl.run('compaction', String(status.header.revision));
  await ctl.run('defrag');
  await ctl.run('alarm', 'disarm');
}

/** That does not go through the relay. */
function clientOf(member: EtcdCluster['members'][number] | undefined): EtcdClient {
  const client = new EtcdClient(resolveOptions({ endpoints: `127.0.0.1:${member?.port}` }));
  onTestFinished(() => client.close());
  return client;
}

/** A commit that is written in advance while a snapshot is taken, and comes to its end after that is restored. */
function largeCommit({ members: [member] }: EtcdCluster) {
  const client = clientOf(member);
  const keys = new StoreKeys('gati');
  const stage = new Stage(client, keys, 'large');
  let count = 0;
  return {
    writeNext: () => {
      const key = keys.text(nameOfText('large', count++));
      return stage.write([{ op: 'put', key, value: Buffer.from('x') }]);
    },
    seal: () => stage.seal(nameOfParts('large', 1), []),
  };
}

/** Upkeep that was begun before a snapshot is restored, and reaches the cluster after that. */
async function upkeepOf({ members: [member] }: EtcdCluster): Promise<{
  allKeys(): Promise<unknown>;
  underWay: readonly (() => Promise<unknown>)[];
}> {
  const client = clientOf(member);
  const keys = new StoreKeys('gati');
  const log = new LogReader(client, keys);
  const store = await loadStore({ client, keys, log });
  if (store === undefined) throw new Error('there is no store');
  const { head, headMod, tailMod } = store;
  const nothingKept = { ...store.tail, retention: { changes: 0, age: 0 } };
  const mirrorOf = (tail: Partial<Tail>, mod = tailMod): StoreMirror =>
    new StoreMirror({ ...store, tail: { ...nothingKept, ...tail }, tailMod: mod });
  const trim = (mirror: StoreMirror) => trimLog({ client, keys, log, mirror }, () => true);
  const indexed = head.revision;
  return {
    allKeys: async () => (await client.range(keys.all)).kvs,
    underWay: [
      () => writeRows(client, keys, mirrorOf({})),
      () => trim(mirrorOf({ indexed })),
      () => trim(mirrorOf({ indexed, oldest: indexed }, headMod + 1)),
    ],
  };
}

describe.skipIf(!hasEtcd || !hasOpenssl)(
  'an etcd that wants TLS and knows its clients by certificates',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'gati-etcd-tls-'));
    let authority: Authority;
    let other: Authority;
    let client: Certificate;
    let cluster: EtcdCluster;

    beforeAll(async () => {
      authority = new Authority(folder, 'trusted');
      other = new Authority(folder, 'other');
      client = authority.sign('client');
      const { certFile, keyFile } = authority.sign('etcd', { san: 'IP:127.0.0.1' });
      const flags = [`--cert-file=${certFile}`, `--key-file=${keyFile}`];
      flags.push('--client-cert-auth', `--trusted-ca-file=${authority.certFile}`);
      flags.push('--bcrypt-cost=4'); // as little as can be: each command of an operator logs in
      const ctlFlags = [
        `--cacert=${authority.certFile}`,
        `--cert=${client.certFile}`,
        `--key=${client.keyFile}`,
      ];
      cluster = await EtcdCluster.start({ scheme: 'https', flags, ctlFlags });
    });
    afterAll(async () => {
      await cluster?.destroy();
      rmSync(folder, { recursive: true, force: true });
    });

    const over = (tls: EtcdStorageOptions['tls']): Storage =>
      open({ endpoints: cluster.endpoints, tls: tls ?? true, retryTimeout: BEYOND_THE_TEST });

    test('who shows a certificate that it trusts, and trusts its own, uses it', async () => {
      const { cert, key, certFile, keyFile } = client;
      const storage = over({ ca: authority.cert, cert, key });
      expect(await storage.commit([put('x')])).toBe(1);
      const parameters = new URLSearchParams({ ca: authority.certFile, cert: certFile, key: keyFile });
      const connectionString = `etcd://${cluster.endpoints.join()}/gati?${parameters}`;
      expect(await open({ connectionString, retryTimeout: BEYOND_THE_TEST }).stats()).toMatchObject({
        revision: 1,
      });
    });

    test('who shows none, one that has expired or one of another authority is refused at once', async () => {
      const expired = authority.sign('client', { isExpired: true });
      const foreign = other.sign('client');
      for (const { cert, key } of [{ cert: undefined, key: undefined }, expired, foreign]) {
        const own = cert === undefined || key === undefined ? {} : { cert, key };
        await expect(over({ ca: authority.cert, ...own }).open()).rejects.toMatchObject({
          code: 'STORAGE_UNAVAILABLE',
          message: expect.stringContaining('options.tls'),
        });
      }
    });

    test('a server whose certificate is of another authority, or of another name, is not trusted', async () => {
      const { cert, key } = client;
      const untrusted = [{}, { ca: other.cert }];
      for (const tls of [...untrusted, { ca: authority.cert, servername: 'elsewhere.example' }]) {
        await expect(over({ cert, key, ...tls }).open()).rejects.toMatchObject({
          code: 'STORAGE_UNAVAILABLE',
          message: expect.stringContaining('options.tls'),
        });
      }
    });

    test('a user who may do nothing but use the prefix does, also after the tokens became void', async () => {
      const { cert, key } = client;
      const tls = { ca: authority.cert, cert, key };
      const common = { endpoints: cluster.endpoints, tls, retryTimeout: BEYOND_THE_TEST };
      const user = { user: 'app', password: 'p:a@ss/wörd' };
      const root = await cluster.ctl.demandUsers({ ...user, prefix: 'gati/' });
      const storage = open({ ...common, ...user });
      const first = await storage.commit([put('x', 'first')]);
      const watch = storage.watch();
      const next = watch.next();
      for (const refused of [{}, { ...user, password: 'wrong' }, { ...user, prefix: 'other' }]) {
        await expect(open({ ...common, ...refused }).open()).rejects.toMatchObject({
          code: 'STORAGE_FORBIDDEN',
          message: expect.not.stringMatching(/p:a@ss|wrong/),
        });
      }
      await root.run('auth', 'disable');
      await root.run('auth', 'enable');
      expect(await storage.commit([put('x', 'second')])).toBe(first + 1);
      expect((await next).value).toMatchObject({ revision: first + 1 });
      // A member that starts again knows no tokens.
      const [member] = cluster.members;
      await member?.kill();
      member?.start({ peers: cluster.members });
      await member?.ready();
      expect(await storage.commit([put('x', 'third')])).toBe(first + 2);

      const mayNotWrite = () =>
        expect(storage.commit([put('x', 'never')])).rejects.toMatchObject({ code: 'STORAGE_FORBIDDEN' });
      await root.run('user', 'revoke-role', user.user, 'of-prefix');
      await mayNotWrite();
      await root.run('user', 'grant-role', user.user, 'of-prefix');
      await root.run('role', 'revoke-permission', 'of-prefix', '--prefix=true', 'gati/');
      await mayNotWrite();
      await root.run('role', 'grant-permission', '--prefix=true', 'of-prefix', 'read', 'gati/');
      await mayNotWrite();
      const reader = open({ ...common, ...user, password: async () => user.password, readOnly: true });
      expect(await reader.stats()).toMatchObject({ revision: first + 2 });
      expect(await reader.getGType('x')).toMatchObject({ description: 'third' });
    });
  },
);

describe.skipIf(!hasEtcd)('an etcd with faults', () => {
  test('at its quota nothing is stored and everything can be read; with room again it goes on', async () => {
    const cluster = await start({ flags: ['--quota-backend-bytes=8388608'] });
    const storage = open({ endpoints: cluster.endpoints, history: { changes: 1 } });
    const large = 'x'.repeat(400_000);
    let acknowledged = 0;
    const error = await (async () => {
      for (;;) {
        try {
          acknowledged = await storage.commit([put('large', `${acknowledged + 1}${large}`)]);
        } catch (reason) {
          return reason;
        }
      }
    })();
    expect(error).toMatchObject({ code: 'STORAGE_FULL', message: expect.stringContaining('alarm disarm') });
    expect(acknowledged).toBeGreaterThan(5);
    const name = { kind: 'gtype', key: { ref: 'large' } } as const;
    for (const reader of [storage, open({ endpoints: cluster.endpoints, readOnly: true })])
      expect((await reader.get(name))?.value).toMatchObject({ description: `${acknowledged}${large}` });

    await makeRoom(cluster);
    await vi.waitFor(() => storage.commit([put('small')]), { timeout: 30_000 });
    expect(await storage.stats()).toMatchObject({ revision: acknowledged + 1, gtypeCount: 2 });

    async function* tooMuch(): AsyncGenerator<Change> {
      for (let n = 0; n < 60; n += 1) yield put(`${n}`, large);
    }
    await expect(storage.commit(tooMuch())).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    await makeRoom(cluster);
    await vi.waitFor(() => storage.commit([put('large')]), { timeout: 30_000 });
    expect(await storage.stats()).toMatchObject({ revision: acknowledged + 2, gtypeCount: 2 });
  });

  test.each([
    ['less', []],
    ['as much', ['3']],
    ['more', ['3', '4', '5']],
  ])('what a snapshot brings back is another history, where it has %s than is known', async (_, after) => {
    const cluster = await start();
    const { endpoints } = cluster;
    const others = () => open({ endpoints: [`127.0.0.1:${cluster.members[0]?.port}`] });
    const storage = open({ endpoints, pollInterval: 100, requestTimeout: 500 });
    await storage.commit([put('x', '1')]);
    await storage.commit([put('x', '2')]);
    const large = largeCommit(cluster);
    await large.writeNext();
    const snapshot = join(temporaryFolder(), 'snapshot.db');
    await cluster.ctl.run('snapshot', 'save', snapshot);
    expect(await storage.commit([put('x', 'lost'), put('y', 'lost')])).toBe(3);
    await large.writeNext();
    const watch = storage.watch();
    expect(await storage.getGType('y')).toMatchObject({ description: 'lost' });
    const unaware = open({ endpoints, pollInterval: BEYOND_THE_TEST });
    await unaware.open();
    const upkeep = await upkeepOf(cluster);
    const ended = watch.next().catch((error) => error);

    cluster.clientsOf(0).cut();
    await cluster.restore(snapshot);
    const writer = others();
    for (const description of after) await writer.commit([put('x', description)]);
    const restored = await upkeep.allKeys();
    for (const work of upkeep.underWay) await work();
    expect(await upkeep.allKeys()).toEqual(restored);
    // Of what was written in advance a part is lost.
    await expect(large.seal()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    cluster.clientsOf(0).redirect(Number(cluster.members[0]?.port));
    // It is decided for a store in which y was written by the commit that is lost.
    const y = { kind: 'gtype', key: { ref: 'y' }, revision: 3 } as const;
    await expect(unaware.commit([put('w')], { expect: [y] })).rejects.toMatchObject({
      code: 'STORAGE_CONFLICT',
      details: { actual: null },
    });
    expect(await ended).toMatchObject({ code: 'STORAGE_COMPACTED' });
    expect(await storage.getGType('y')).toBeUndefined();
    expect(await storage.getGType('x')).toMatchObject({ description: after.at(-1) ?? '2' });
    expect(await storage.commit([put('z')])).toBe(after.length + 3);
  });
});
