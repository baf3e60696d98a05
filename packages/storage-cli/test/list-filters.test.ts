import { join } from 'node:path';
import type { TimescapeMetadata } from '@gati-framework/manifest-store';
import { openStorage } from '@gati-framework/storage-tools';
import pg from 'pg';
import { beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest';
import { manifest } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { type Result, runCommand } from './support/command.js';

function timescape(version: string, status: TimescapeMetadata['deployment']['status']): TimescapeMetadata {
  return {
    handlerId: 'users.get',
    version,
    fingerprint: 'f',
    compatibility: { compatible: [], incompatible: [], transformable: [] },
    deployment: { strategy: 'canary', status },
  };
}

async function fill(store: string): Promise<void> {
  await using storage = await openStorage(store);
  await storage.commit([
    { put: 'manifest', value: { ...manifest('users.get', '1', 'a'), path: '/users/:id' } },
    {
      put: 'manifest',
      value: {
        ...manifest('users.get', '2', 'b'),
        path: '/people/:id',
        createdAt: 2,
        policies: { roles: ['admin'] },
      },
    },
    { put: 'manifest', value: { ...manifest('orders.add', '1'), path: '/orders', method: 'POST' } },
    { put: 'timescapeMetadata', value: timescape('1', 'draining') },
    { put: 'timescapeMetadata', value: timescape('2', 'active') },
  ]);
}

/** A schema of PostgreSQL that goes when the test ends. */
function ownSchema(): string {
  const server = inject('postgresUrl');
  const schema = `list_${process.pid}`;
  onTestFinished(async () => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`).finally(() => client.end());
  });
  return `${server}?schema=${schema}`;
}

describe.each(['sqlite', 'sqljs', 'postgres'])('gati-storage list with filters on a %s: store', (scheme) => {
  let store: string;
  const list = (...args: string[]): Promise<Result> => runCommand(['list', ...args, '--store', store]);

  beforeEach(async () => {
    store = scheme === 'postgres' ? ownSchema() : `${scheme}:${join(temporaryFolder(), 'gati.db')}`;
    await fill(store);
  });

  test('shows only versions that pass, and what the store holds', async () => {
    const { code, out } = await list('--path', '/users/*');
    expect(code).toBe(0);
    expect(out.split('\n\n')).toEqual([
      'HANDLER    METHOD  PATH        VERSIONS\nusers.get  GET     /users/:id  1',
      '1 of 2 handlers',
      expect.stringMatching(/^2 handlers, 3 versions, 0 of them breaking \(!\); revision 1\n/),
    ]);
  });

  test('gives the same as JSON, with the status of each version', async () => {
    const { handlers } = JSON.parse((await list('--status', 'active', '--role', 'admin', '--json')).out);
    expect(handlers).toEqual([
      {
        handlerId: 'users.get',
        method: 'GET',
        path: '/people/:id',
        latest: '2',
        versions: [{ version: '2', breaking: false, status: 'active' }],
      },
    ]);
    const all = JSON.parse((await list('--json')).out);
    expect(all.handlers.map(({ versions }: { versions: unknown }) => versions)).toEqual([
      [{ version: '1', breaking: false }],
      [
        { version: '1', breaking: false, status: 'draining' },
        { version: '2', breaking: false, status: 'active' },
      ],
    ]);
  });

  test('says when no version passes all of them', async () => {
    expect(await list('--method', 'post', '--status', 'active')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^None of 2 handlers has such a version\.\n/),
    });
    expect(JSON.parse((await list('--dependency', 'db', '--json')).out).handlers).toEqual([]);
  });
});

test('a filter that cannot be understood is wrong usage', async () => {
  const store = `sqlite:${join(temporaryFolder(), 'gati.db')}`;
  await fill(store);
  expect(await runCommand(['list', '--status', 'gone', '--store', store])).toMatchObject({
    code: 2,
    err: expect.stringContaining('Allowed choices are pending, active, draining, decommissioned.'),
  });
  expect((await runCommand(['list', '--path', '', '--store', store])).err).toContain('--path must be a text');
  const empty = await runCommand(['list', '--path', '', '--json', '--store', store]);
  expect(empty.code).toBe(2);
  expect(JSON.parse(empty.err)).toMatchObject({ error: { code: 'INVALID_OPTIONS', path: 'filter.path' } });
});

test('a record of another shape than its kind has leads to verify, as any store takes one', async () => {
  const store = `sqlite:${join(temporaryFolder(), 'gati.db')}`;
  {
    await using storage = await openStorage(store);
    const odd = { ...manifest('odd', '1'), dependencies: ['db'] };
    await storage.commit([{ put: 'manifest', value: odd as never }]);
  }
  const { code, err } = await runCommand(['list', '--dependency', 'db', '--store', store]);
  expect({ code, err }).toMatchObject({
    code: 1,
    err: expect.stringContaining('If gati-storage verify finds'),
  });
  expect(await runCommand(['verify', '--store', store])).toMatchObject({
    code: 3,
    out: expect.stringContaining('wrong-type: manifest (odd, 1)'),
  });
});
