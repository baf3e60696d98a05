import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, inject, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.js';
import { dropPrefix } from '../../../storage-etcd/test/support/places.js';

let made = 0;

/** The URL of a store of its own for the test that runs, which is gone when it ends. */
export function ownStore(scheme: 'etcd' | 'postgres' | 'sqlite' | 'sqljs'): string {
  if (scheme === 'etcd') return ownPrefix();
  if (scheme !== 'postgres') return `${scheme}:${join(temporaryFolder(), 'gati.db')}`;
  const server = inject('postgresUrl');
  made += 1;
  const schema = `own_${process.pid}_${made}`;
  onTestFinished(() => drop(server, schema));
  return `${server}?schema=${schema}`;
}

function ownPrefix(): string {
  const { host } = new URL(inject('etcdUrl'));
  const prefix = `own-${randomUUID()}`;
  onTestFinished(() => void dropPrefix(host, prefix));
  return `etcd://${host}/${prefix}`;
}

/** The URL of a store on a server for the tests of a block, gone after them. Its schema has a space in its name. */
export function serverStore(name: string): string {
  const server = inject('postgresUrl');
  const schema = `${name} ${process.pid}`;
  afterAll(() => drop(server, schema));
  return `${server}?schema=${encodeURIComponent(schema)}`;
}

async function drop(server: string, schema: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`).finally(() => client.end());
}
