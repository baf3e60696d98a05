import pg from 'pg';
import { etcdBinaries } from '../../scripts/etcd.mjs';
import { Etcdctl } from '../../test/support/etcd/etcdctl.mjs';
import { runSql } from '../../test/support/run-sql.mjs';

/** Removes the store that a URL names. */
export async function dropSchema(connectionString) {
  const schema = new URL(connectionString).searchParams.get('schema');
  await runSql(
    connectionString,
    `SET client_min_messages = warning; DROP SCHEMA IF EXISTS ${pg.escapeIdentifier(schema)} CASCADE`,
  );
}

/** Removes the store in etcd that a URL names. */
export async function dropPrefix(connectionString) {
  const [, endpoints, prefix] = /^etcd:\/\/([^/]+)\/(.+)$/.exec(connectionString);
  const ctl = new Etcdctl(etcdBinaries().etcdctl, [`--endpoints=${endpoints}`]);
  await ctl.run('del', '--prefix', `${prefix}/`);
}
