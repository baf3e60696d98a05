import { createPostgresStorage, schemaScript } from '@gati-framework/storage-postgres';
import pg from 'pg';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { prepareSchema } from '../dist/schema/migrate.js';
import { SCHEMA_STEPS } from '../dist/schema/schema.js';
import { BEYOND_THE_TEST, errorOf, open, ownSchema, runScript, watchRejections } from './support/faults.js';
import { runSql } from './support/schemas.js';

const owner = inject('postgresUrl');
let roles = 0;

/** A role that may do nothing, and the URL for it. */
async function ownRole(): Promise<{ role: string; url: string }> {
  roles += 1;
  const role = `role_${process.pid}_${roles}`;
  await runSql(owner, `CREATE ROLE ${role} LOGIN PASSWORD 'pw'`);
  onTestFinished(async () => {
    await runSql(owner, `DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
  });
  return { role, url: urlOf(role, 'pw') };
}

function urlOf(user: string, password: string, database = 'postgres'): string {
  const url = new URL(owner);
  Object.assign(url, { username: user, password, pathname: database });
  return url.href;
}

async function prepare(schema: string, steps: typeof SCHEMA_STEPS): Promise<void> {
  const client = new pg.Client(owner);
  await client.connect();
  try {
    await prepareSchema(client as never, { schema, migrate: true }, steps);
  } finally {
    await client.end();
  }
}

describe('the server lets nobody in', () => {
  test.each([
    ['a wrong password', urlOf('gati', 'wrong'), 'STORAGE_FORBIDDEN', /password/],
    ['an unknown user', urlOf('nobody', 'x'), 'STORAGE_FORBIDDEN', /user/],
    ['an unknown database', urlOf('gati', 'secret', 'nowhere'), 'STORAGE_UNAVAILABLE', /CREATE DATABASE/],
  ])('%s is told at once', async (_, connectionString, code, message) => {
    const storage = open({ connectionString, retryTimeout: BEYOND_THE_TEST });
    const error = await errorOf(storage.open());
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/secret|wrong/);
    expect(await storage.health()).toMatchObject({ status: 'failed', error: { code } });
  });
});

describe('a role without rights', () => {
  test('may not make a schema', async () => {
    const { url } = await ownRole();
    const { schema } = ownSchema();
    const error = await errorOf(open({ connectionString: url, schema }).open());
    expect(error.code).toBe('STORAGE_FORBIDDEN');
    expect(error.message).toContain('postgres-schema');
  });

  test.each([true, false])('may not use the schema of others (migrate: %j)', async (migrate) => {
    const { url } = await ownRole();
    const { schema } = ownSchema();
    await open({ connectionString: owner, schema }).open();
    const error = await errorOf(open({ connectionString: url, schema, migrate }).open());
    expect(error.code).toBe('STORAGE_FORBIDDEN');
  });

  test('that may only read gets to read, and no further', async () => {
    const { role, url } = await ownRole();
    const { schema } = ownSchema();
    await runSql(owner, schemaScript({ schema, readOnlyRole: role }));
    await open({ connectionString: owner, schema }).storeGType(gtype('a'));
    const storage = open({ connectionString: url, schema, migrate: false });
    expect(await storage.getGType('a')).toEqual(gtype('a'));
    expect(await errorOf(storage.storeGType(gtype('b')))).toMatchObject({ code: 'STORAGE_FORBIDDEN' });
    expect(await errorOf(storage.clear())).toMatchObject({ code: 'STORAGE_FORBIDDEN' });
    expect((await storage.stats()).revision).toBe(1);
  });

  test('loses its rights while open, and gets them back', async () => {
    const { role, url } = await ownRole();
    const { schema } = ownSchema();
    await runSql(owner, schemaScript({ schema, role }));
    const storage = open({ connectionString: url, schema, pollInterval: 100 });
    await storage.storeGType(gtype('a'));
    await runSql(owner, `REVOKE ALL ON SCHEMA ${schema} FROM ${role}`);
    expect(await errorOf(storage.storeGType(gtype('b')))).toMatchObject({ code: 'STORAGE_FORBIDDEN' });
    await expect.poll(async () => errorCode(storage.getGType('a'))).toBe('STORAGE_FORBIDDEN');
    await runSql(owner, `GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
    expect(await storage.getGType('a')).toEqual(gtype('a'));
    await storage.storeGType(gtype('b'));
  });
});

async function errorCode(promise: unknown): Promise<string | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

test('after the script of the DBA everything works without further rights', async () => {
  const { role, url } = await ownRole();
  const { schema } = ownSchema();
  await runSql(owner, schemaScript({ schema, role }));
  const place = { connectionString: url, schema, migrate: false, historyLimit: 5 };
  const storage = open(place);
  const watch = open(place).watch({ after: 0 });
  const first = watch.next();
  await storage.storeGType(gtype('a'));
  expect((await first).value).toMatchObject({ revision: 1 });
  await storage.commit([
    { delete: 'gtype', key: { ref: 'a' } },
    { put: 'gtype', value: gtype('b') },
  ]);
  await storage.clear();
  for (let n = 0; n < 20; n += 1) await storage.storeGType(gtype(`${n}`));
  const found = [];
  for await (const { value } of storage.entries()) found.push(value);
  expect(found).toHaveLength(20);
  expect(await storage.health()).toMatchObject({ status: 'ok', revision: 23 });
  await expect
    .poll(async () => (await runSql(owner, `SELECT count(*)::integer AS n FROM ${schema}.changes`)).rows)
    .not.toEqual([{ n: 24 }]);
  expect(storage.warnings).toEqual([]);
});

describe('a schema that is not as it should be', () => {
  test('a missing one, with migrate: false', async () => {
    const error = await errorOf(open({ ...ownSchema(), migrate: false }).open());
    expect(error).toMatchObject({ code: 'STORAGE_UNAVAILABLE', details: { found: 0 } });
    expect(error.message).toContain('postgres-schema --schema');
  });

  test.each([
    ['a table called records', 'CREATE TABLE %.records (mine text)'],
    ['a table called migrations', 'CREATE TABLE %.migrations (id serial, name text)'],
    ['a view called manifests', 'CREATE VIEW %.manifests AS SELECT 1 AS mine'],
    ['a type called store', "CREATE TYPE %.store AS ENUM ('mine')"],
    [
      'a function called commit_changes',
      'CREATE FUNCTION %.commit_changes() RETURNS integer LANGUAGE sql AS $$SELECT 1$$',
    ],
  ])('%s of something else is left alone', async (what, sql) => {
    const { schema } = ownSchema();
    await runSql(owner, `CREATE SCHEMA ${schema}; ${sql.replace('%', schema)}`);
    if (what.includes('function')) {
      await open({ connectionString: owner, schema }).storeGType(gtype('a')); // other arguments, other function
      return;
    }
    const error = await errorOf(open({ connectionString: owner, schema }).open());
    expect(error.code).toBe('STORAGE_FOREIGN');
    expect(error.message).toContain('option schema');
    const { rows } = await runSql(
      owner,
      `SELECT relname FROM pg_class WHERE relnamespace = '${schema}'::regnamespace AND relkind = 'r'`,
    );
    expect(rows.length).toBeLessThan(2);
  });

  test('the same, with migrate: false', async () => {
    const { schema } = ownSchema();
    await runSql(owner, `CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.migrations (id serial, name text)`);
    const error = await errorOf(open({ connectionString: owner, schema, migrate: false }).open());
    expect(error.code).toBe('STORAGE_FOREIGN');
  });

  test('a newer one that this library cannot use', async () => {
    const { schema } = ownSchema();
    const sql = (s: string): string => `ALTER TABLE ${s}.store ADD COLUMN more text;`;
    await prepare(schema, [...SCHEMA_STEPS, { compatibleFrom: SCHEMA_STEPS.length + 1, sql }]);
    for (const migrate of [true, false]) {
      const error = await errorOf(open({ connectionString: owner, schema, migrate }).open());
      expect(error).toMatchObject({ code: 'STORAGE_SCHEMA_TOO_NEW' });
      expect(error.message).toContain('Update @gati-framework/storage-postgres');
    }
  });

  test('a newer one that this library can use, made while it is open', async () => {
    const { schema } = ownSchema();
    const storage = open({ connectionString: owner, schema });
    await storage.storeGType(gtype('a'));
    await storage.commit([{ delete: 'gtype', key: { ref: 'zz' } }]);
    const sql = (s: string): string =>
      ['store', 'records', 'changes', 'record_counts']
        .map((table) => `ALTER TABLE ${s}.${table} ADD COLUMN more text DEFAULT 'x';`)
        .join('\n');
    await prepare(schema, [...SCHEMA_STEPS, { compatibleFrom: 1, sql }]);
    for (const one of [storage, open({ connectionString: owner, schema })]) {
      await one.storeGType(gtype('b'));
      await one.commit([{ delete: 'gtype', key: { ref: 'zz' } }]);
      expect(await one.getGType('a')).toEqual(gtype('a'));
      expect((await one.stats()).gtypeCount).toBe(2);
    }
    expect(storage.warnings).toEqual([]);
  });
});

test('eight processes open one empty database at once', async () => {
  const { schema } = ownSchema();
  const script = `
    import { createPostgresStorage } from '@gati-framework/storage-postgres';
    const [connectionString, schema, n] = process.argv.slice(1);
    const storage = createPostgresStorage({ connectionString, schema });
    console.log(await storage.commit([{ put: 'gtype', value: { ref: n, kind: 'object' } }]));
    await storage.close();`;
  const ends = await Promise.all(
    Array.from({ length: 8 }, (_, n) => runScript(script, [owner, schema, `${n}`], 40_000)),
  );
  expect(ends.map(({ status, stderr }) => ({ status, stderr }))).toEqual(
    ends.map(() => ({ status: 0, stderr: '' })),
  );
  expect(ends.map(({ stdout }) => Number(stdout)).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

describe('under an open storage', () => {
  async function watched(options: object = {}) {
    watchRejections();
    const place = { ...ownSchema(), pollInterval: 200, ...options };
    const storage = open(place);
    for (const text of ['one', 'two', 'three', 'four']) await storage.storeGType(gtype('a', text));
    await storage.storeGType(gtype('b', 'five'));
    expect(await storage.getGType('a')).toEqual(gtype('a', 'four'));
    const watch = storage.watch({ after: 5 });
    const next = errorOf(watch.next());
    next.catch(() => {});
    return { place, storage, next, s: place.schema };
  }

  /** As a backup of revision 3 would be. */
  const restore = (s: string): string => `
    DELETE FROM ${s}.records WHERE key1 = 'b';
    UPDATE ${s}.records SET revision = 3, (value, digest) = (SELECT value, digest FROM ${s}.changes WHERE revision = 3);
    DELETE FROM ${s}.changes WHERE revision > 3;
    UPDATE ${s}.record_counts SET count = 1;
    UPDATE ${s}.store SET revision = 3`;

  test('the schema is dropped', async () => {
    const { place, storage, s } = await watched();
    await runSql(owner, `DROP SCHEMA ${s} CASCADE`);
    const error = await errorOf(storage.storeGType(gtype('c')));
    expect(error.code).toBe('STORAGE_REPLACED');
    expect(await errorCode(storage.stats())).toBe('STORAGE_REPLACED');
    expect(error.message).toContain('open a new one');
    await expect.poll(() => errorCode(storage.getGType('a'))).toBe('STORAGE_REPLACED');
    expect(await storage.health()).toMatchObject({ status: 'failed', error: { code: 'STORAGE_REPLACED' } });
    expect(storage.warnings.length).toBeLessThan(8);
    // And made again: what was cached is not of it.
    await open(place).storeGType(gtype('c'));
    await expect.poll(async () => (await storage.stats()).revision).toBe(1);
    expect(await storage.getGType('a')).toBeUndefined();
  });

  test('the schema is dropped and made again between two questions of the feed', async () => {
    const { place, storage, next, s } = await watched({ pollInterval: 2_000 });
    await runSql(owner, `DROP SCHEMA ${s} CASCADE`);
    const other = open(place);
    for (let n = 0; n < 5; n += 1) await other.storeGType(gtype('c', `${n}`));
    expect(await storage.commit([{ put: 'gtype', value: gtype('d') }])).toBe(6);
    expect(await storage.getGType('a')).toBeUndefined();
    expect(await next).toMatchObject({ code: 'STORAGE_COMPACTED' });
  });

  test('an older state is restored', async () => {
    const { storage, next, s } = await watched();
    await runSql(owner, restore(s));
    expect(await next).toMatchObject({ code: 'STORAGE_COMPACTED' });
    expect(await storage.getGType('a')).toEqual(gtype('a', 'three'));
    expect(await storage.getGType('b')).toBeUndefined();
    expect(storage.getStats().gtypeCount).toBe(1);
    expect(await storage.commit([{ put: 'gtype', value: gtype('c') }])).toBe(4);
  });

  test('an older state is restored, and others commit past what was known', async () => {
    const { place, storage, next, s } = await watched();
    const other = open({ ...place, listen: false });
    await runSql(owner, restore(s));
    for (let n = 4; n <= 8; n += 1) await other.storeGType(gtype('c', `${n}`));
    expect(await next).toMatchObject({ code: 'STORAGE_COMPACTED' });
    expect(await storage.getGType('a')).toEqual(gtype('a', 'three'));
    expect((await storage.getGType('c'))?.description).toBe('8');
    expect(storage.getStats().gtypeCount).toBe(2);
  });

  test('an older state is restored, others commit as much, and this process commits first', async () => {
    const { place, storage, next, s } = await watched({ pollInterval: 1_500 });
    const other = open(place);
    await other.open();
    await runSql(owner, restore(s));
    for (let n = 4; n <= 5; n += 1) await other.storeGType(gtype('c', `${n}`));
    expect(await storage.commit([{ put: 'gtype', value: gtype('d') }])).toBe(6);
    await expect.poll(() => storage.getGType('a')).toEqual(gtype('a', 'three'));
    expect(await next).toMatchObject({ code: 'STORAGE_COMPACTED' });
    expect((await storage.getGType('c'))?.description).toBe('5');
  });

  test('another store is put in its place, at the same revision', async () => {
    const { storage, next, s } = await watched();
    await runSql(
      owner,
      `UPDATE ${s}.store SET epoch = gen_random_uuid();
       UPDATE ${s}.records SET (value, digest) = (SELECT value, digest FROM ${s}.changes WHERE revision = 1) WHERE key1 = 'a'`,
    );
    expect(await next).toMatchObject({ code: 'STORAGE_COMPACTED' });
    expect(await storage.getGType('a')).toEqual(gtype('a', 'one'));
  });
});

test('older and newer libraries open one empty database at once', async () => {
  const { schema } = ownSchema();
  const sql = (s: string): string => `ALTER TABLE "${s}".store ADD COLUMN more text;`;
  const newer = [...SCHEMA_STEPS, { compatibleFrom: 1, sql }];
  const lists = [SCHEMA_STEPS, newer, SCHEMA_STEPS, newer, newer, SCHEMA_STEPS];
  await Promise.all(lists.map((steps) => prepare(schema, steps)));
  const { rows } = await runSql(owner, `SELECT version FROM ${schema}.migrations ORDER BY 1`);
  expect(rows).toEqual(newer.map((_, i) => ({ version: i + 1 })));
  await createPostgresStorage({ connectionString: owner, schema }).close();
  await open({ connectionString: owner, schema }).storeGType(gtype('a'));
});
