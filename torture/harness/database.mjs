import pg from 'pg';
import { etcdBinaries } from '../../scripts/etcd.mjs';
import { Etcdctl } from '../../test/support/etcd/etcdctl.mjs';

/** Runs SQL on a connection of its own. */
export async function runSql(connectionString, text) {
  const client = new pg.Client({ connectionString: withoutSchema(connectionString) });
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}

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

/** The parameter is ours. */
function withoutSchema(connectionString) {
  const url = new URL(connectionString);
  url.searchParams.delete('schema');
  return url.href;
}
