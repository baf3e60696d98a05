import type { TestProject } from 'vitest/node';
import { etcdBinaries } from '../../../scripts/etcd.mjs';
import { EtcdCluster } from './cluster.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of an etcd for every test that needs nothing but a prefix of its own; empty where there is none. */
    etcdUrl: string;
  }
}

/** One member for the whole run, or the etcd that GATI_TEST_ETCD_URL names. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.GATI_TEST_ETCD_URL;
  if (given !== undefined || etcdBinaries() === undefined) {
    project.provide('etcdUrl', given ?? '');
    return async () => {};
  }
  const cluster = await EtcdCluster.start();
  project.provide('etcdUrl', `http://${cluster.endpoints[0]}`);
  return () => cluster.destroy();
}
