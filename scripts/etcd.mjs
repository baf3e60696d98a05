// etcd for the tests: of this machine, or from Debian's packages.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { unpackedIn, unpackPackages } from './debian-packages.mjs';

const NAME = 'etcd';

/** The paths of `etcd` and `etcdctl`; undefined where there are none. */
export function etcdBinaries() {
  return [join(unpackedIn(NAME), 'usr/bin/'), '']
    .map((folder) => ({ etcd: `${folder}etcd`, etcdctl: `${folder}etcdctl` }))
    .find(({ etcd, etcdctl }) => runs(etcd, '--version') && runs(etcdctl, 'version'));
}

/** Gets them, unless they are there. Where they cannot be had the tests that need them are skipped, but not in CI. */
export async function installEtcd() {
  if (etcdBinaries() !== undefined) return;
  try {
    await unpackPackages(NAME, ['etcd-server', 'etcd-client']);
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    process.stderr.write(
      'No etcd is to be had here, so its tests are skipped. Put etcd and etcdctl on PATH for them.\n',
    );
  }
}

function runs(binary, argument) {
  return spawnSync(binary, [argument], { stdio: 'ignore' }).status === 0;
}
