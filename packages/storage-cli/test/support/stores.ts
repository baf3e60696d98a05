import { join } from 'node:path';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.js';

let made = 0;

/** The URL of a store of its own for the test that runs, which is gone when it ends. */
export function ownStore(scheme: 'postgres' | 'sqlite' | 'sqljs'): string {
  if (scheme !== 'postgres') return `${scheme}:${join(temporaryFolder(), 'gati.db')}`;
  const server = inject('postgresUrl');
  made += 1;
  const schema = `own_${process.pid}_${made}`;
  onTestFinished(async () => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`).finally(() => client.end());
  });
  return `${server}?schema=${schema}`;
}
