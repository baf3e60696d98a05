import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openStorage } from '@gati-framework/storage-tools';
import pg from 'pg';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { temporaryFolder, users } from '../../api-import/test/support/documents.js';
import { type Result, runCommand } from './support/command.js';

const server = inject('postgresUrl');

async function runSql(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

describe('gati-storage on a postgres: store', () => {
  const schema = `cli ${process.pid}`;
  const store = `${server}?schema=${encodeURIComponent(schema)}`;
  const gati = (...args: string[]): Promise<Result> => runCommand([...args, '--store', store]);

  afterAll(() => runSql(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`));

  test('compares with an empty database, imports, lists and shows', async () => {
    const folder = await temporaryFolder();
    const [first, second] = [join(folder, 'old.json'), join(folder, 'new.json')];
    await writeFile(first, users('string', '1.0.0'));
    await writeFile(second, users('number', '2.0.0'));
    expect(await gati('import', first, '--dry-run')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Would import'),
    });
    expect((await gati('list')).err).toContain('STORAGE_UNAVAILABLE');
    expect((await gati('import', first)).out).toContain('as revision 1');
    expect((await gati('import', second)).out).toContain('BREAKING');
    expect((await gati('list')).out).toContain('2 handlers, 3 versions, 1 of them breaking (!); revision 2');
    expect((await gati('show', 'users.get')).out).toContain('version 2.0.0 (latest)');
  });

  test('an import that is refused makes no schema', async () => {
    const name = `cli_refused_${process.pid}`;
    const file = join(await temporaryFolder(), 'bad.json');
    await writeFile(file, '{ "openapi": "1.0" }');
    const { code, err } = await runCommand(['import', file, '--store', `${server}?schema=${name}`]);
    expect([code, err]).toEqual([1, expect.stringContaining('bad.json')]);
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    const found = await client.query('SELECT nspname FROM pg_namespace WHERE nspname = $1', [name]);
    await client.end();
    expect(found.rows).toEqual([]);
  });

  test('a store that is opened to be read is not written to', async () => {
    await using storage = await openStorage(store, { readOnly: true });
    await expect(storage.clear()).rejects.toMatchObject({ code: 'STORAGE_READONLY' });
  });

  test('postgresql: is another name for it, and says nothing of the password when it fails', async () => {
    const { code, err } = await runCommand(['list', '--store', 'postgresql://me:geheim@127.0.0.1:1/x']);
    expect(code).toBe(1);
    expect(err).toContain('STORAGE_UNAVAILABLE');
    expect(err).not.toContain('geheim');
  });
});

describe('gati-storage postgres-schema', () => {
  const schema = `dba ${process.pid}`;
  const role = `app ${process.pid}`;

  afterAll(async () => {
    await runSql(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
    await runSql(`DROP ROLE IF EXISTS "${role}"`);
  });

  test('prints SQL with which a role of few rights has a store', async () => {
    await runSql(`CREATE ROLE "${role}" LOGIN PASSWORD 'app'`);
    const { code, out } = await runCommand(['postgres-schema', '--schema', schema, '--role', role]);
    expect(code).toBe(0);
    await runSql(out);
    const url = new URL(server);
    url.username = encodeURIComponent(role);
    url.password = 'app';
    url.searchParams.set('schema', schema);
    await using storage = await openStorage(url.href);
    await storage.storeGType({ ref: 'A', kind: 'primitive', primitiveType: 'string' });
    expect((await storage.stats()).gtypeCount).toBe(1);
    await storage.clear();
  });

  test.each([
    [['--from', '7'], 'options.from'],
    [['--from', 'x'], 'options.from'],
    [['--schema', ''], 'options.schema'],
    [['--role', 'pg_read_all_data'], 'options.role'],
  ])('%j is refused', async (args, path) => {
    const { code, err, out } = await runCommand(['postgres-schema', ...args]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(path);
  });
});
