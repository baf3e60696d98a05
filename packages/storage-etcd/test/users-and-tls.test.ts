import type { Storage } from '@gati-framework/manifest-store';
import { createEtcdStorage, type EtcdStorageOptions } from '@gati-framework/storage-etcd';
import { expect, inject, onTestFinished, test } from 'vitest';
import { etcdBinaries } from '../../../scripts/etcd.mjs';
import { Authority, hasOpenssl } from '../../../test/support/certificates.js';
import { EtcdCluster } from '../../../test/support/etcd/cluster.mjs';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';

const canRun = inject('etcdUrl') !== '' && etcdBinaries() !== undefined && hasOpenssl;
const put = (ref: string) => [{ put: 'gtype', value: { ref, kind: 'object' } }] as const;

test.skipIf(!canRun)(
  'a cluster is reached through TLS and by users with rights, and refuses others at once',
  async () => {
    const folder = temporaryFolder();
    const [authority, stranger] = [new Authority(folder, 'ca'), new Authority(folder, 'stranger')];
    const server = authority.sign('etcd', { san: 'IP:127.0.0.1' });
    const client = authority.sign('operator');
    const cluster = await EtcdCluster.start({
      scheme: 'https',
      flags: [
        `--cert-file=${server.certFile}`,
        `--key-file=${server.keyFile}`,
        `--trusted-ca-file=${authority.certFile}`,
        '--client-cert-auth',
      ],
      ctlFlags: [`--cacert=${authority.certFile}`, `--cert=${client.certFile}`, `--key=${client.keyFile}`],
    });
    onTestFinished(() => cluster.destroy());
    const tls = { ca: authority.cert, cert: client.cert, key: client.key };
    const log = { info: () => {}, warn: () => {}, error: () => {} };
    const open = (options: EtcdStorageOptions = {}): Storage => {
      const { endpoints } = cluster;
      const storage = createEtcdStorage({ endpoints, tls, retryTimeout: 30_000, log, ...options });
      onTestFinished(() => storage.close());
      return storage;
    };
    const refusal = async (options: EtcdStorageOptions): Promise<{ code: string; message: string }> =>
      open(options)
        .open()
        .then(
          () => expect.unreachable(JSON.stringify(Object.keys(options))),
          (error) => error,
        );

    expect(await open().commit(put('a'))).toBe(1);
    for (const distrusted of [
      { ca: authority.cert },
      { cert: client.cert, key: client.key },
      { ...tls, ca: stranger.cert },
      { ...tls, servername: 'another.internal' },
    ]) {
      const { code, message } = await refusal({ tls: distrusted });
      expect([code, message]).toEqual([
        'STORAGE_UNAVAILABLE',
        expect.stringContaining('No trusted connection'),
      ]);
    }

    const root = await cluster.ctl.demandUsers({ user: 'app', password: 'geheim', prefix: 'gati/' });
    const [user, password] = ['app', 'geheim'];
    for (const options of [{}, { user, password: 'guessed' }, { user, password, prefix: 'other' }]) {
      const { code, message } = await refusal(options);
      expect(code).toBe('STORAGE_FORBIDDEN');
      expect(message).not.toMatch(/geheim|guessed/);
    }
    const storage = open({ user, password });
    expect(await storage.commit(put('b'))).toBe(2);
    // A member that starts again knows no tokens.
    const [member] = cluster.members;
    await member?.kill();
    member?.start({ peers: cluster.members });
    await member?.ready();
    expect(await storage.commit(put('c'))).toBe(3);
    await root.run('role', 'revoke-permission', 'of-prefix', '--prefix=true', 'gati/');
    await expect(storage.commit(put('d'))).rejects.toMatchObject({ code: 'STORAGE_FORBIDDEN' });
    await root.run('role', 'grant-permission', '--prefix=true', 'of-prefix', 'read', 'gati/');
    const reader = open({ user, password: async () => password, readOnly: true });
    expect(await reader.stats()).toMatchObject({ revision: 3, gtypeCount: 3 });
  },
);
