import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { schemaScript } from '@gati-framework/storage-postgres';
import pg from 'pg';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { prepareSchema } from '../dist/schema/migrate.js';
import { SCHEMA_STEPS, type SchemaStep } from '../dist/schema/schema.js';
import { BEYOND_THE_TEST, errorOf, open, ownSchema } from './support/faults.js';
import { runSql } from './support/schemas.js';

const server = inject('postgresUrl');

describe('migrations', () => {
  test('eight processes open an empty database at once', async () => {
    const { schema } = ownSchema();
    const script = fileURLToPath(new URL('./support/children/opens.mjs', import.meta.url));
    const children = Array.from({ length: 8 }, (_, n) => fork(script, [server, schema, `${n}`]));
    await Promise.all(children.map((child) => once(child, 'message')));
    const answers = children.map((child) => once(child, 'message'));
    for (const child of children) child.send('open');
    const revisions = (await Promise.all(answers)).map(([answer]) => answer.revision ?? answer.error);
    expect(revisions.sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  const step = (compatibleFrom: number): SchemaStep => ({
    compatibleFrom,
    sql: (schema) => `ALTER TABLE "${schema}".store ADD COLUMN of_the_future integer;`,
  });

  /** The version that it would make. */
  const next = SCHEMA_STEPS.length + 1;

  /** As a library does that knows these steps. */
  async function prepare(schema: string, steps: readonly SchemaStep[], migrate = true): Promise<void> {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    try {
      await prepareSchema(Object.assign(client, { release: () => {} }), { schema, migrate }, steps);
    } finally {
      await client.end();
    }
  }

  test('an older library goes on beside a newer one that is compatible', async () => {
    const options = ownSchema();
    const running = open(options);
    await running.storeGType(gtype('a'));
    await prepare(options.schema, [...SCHEMA_STEPS, step(1)]);
    await prepare(options.schema, [...SCHEMA_STEPS, step(1)]); // nothing left to do
    await running.commit([{ delete: 'gtype', key: { ref: 'a' } }]);
    await running.storeGType(gtype('b'));
    const started = open(options);
    await started.storeGType(gtype('c'));
    expect((await running.stats()).gtypeCount).toBe(2);
  });

  test('an older library refuses what a newer one made incompatible, and changes nothing', async () => {
    const options = ownSchema();
    await prepare(options.schema, [...SCHEMA_STEPS, step(next)]);
    const error = await errorOf(open(options).storeGType(gtype('a')));
    expect(error).toMatchObject({
      code: 'STORAGE_SCHEMA_TOO_NEW',
      details: { found: next, supported: next - 1 },
    });
    const { rows } = await runSql(server, `SELECT revision::integer FROM "${options.schema}".store`);
    expect(rows).toEqual([{ revision: 0 }]);
  });

  test('a newer library that may not migrate says what is missing', async () => {
    const options = ownSchema();
    await open(options).open();
    const error = await errorOf(prepare(options.schema, [...SCHEMA_STEPS, step(1)], false));
    expect(error).toMatchObject({ code: 'STORAGE_UNAVAILABLE', details: { found: next - 1, wanted: next } });
    expect(error.message).toContain(`--from ${next - 1}`);
  });

  test('a step that was changed after it was applied is noticed', async () => {
    const options = ownSchema();
    await open(options).open();
    await runSql(server, `UPDATE "${options.schema}".migrations SET checksum = 'other'`);
    expect(await errorOf(open(options).open())).toMatchObject({ code: 'STORAGE_FOREIGN' });
  });

  test('tables of something else are left alone', async () => {
    const options = ownSchema();
    await runSql(
      server,
      `CREATE SCHEMA "${options.schema}"; CREATE TABLE "${options.schema}".records (mine text)`,
    );
    expect(await errorOf(open(options).open())).toMatchObject({ code: 'STORAGE_FOREIGN' });
    const tables = `SELECT tablename FROM pg_tables WHERE schemaname = '${options.schema}'`;
    expect((await runSql(server, tables)).rows).toEqual([{ tablename: 'records' }]);
  });
});

describe('rights', () => {
  const password = 'few-rights';

  /** A role that owns nothing, and how it connects. */
  async function newRole(name: string): Promise<{ role: string; connectionString: string }> {
    const role = `${name} ${process.pid}`;
    await runSql(server, `CREATE ROLE "${role}" LOGIN PASSWORD '${password}'`);
    onTestFinished(async () => {
      await runSql(server, `DROP OWNED BY "${role}"; DROP ROLE "${role}"`);
    });
    const url = new URL(server);
    Object.assign(url, { username: encodeURIComponent(role), password });
    return { role, connectionString: url.href };
  }

  test('the printed SQL is all that a role needs', async () => {
    const { role, connectionString } = await newRole('writer');
    const { schema } = ownSchema();
    const storage = open({ connectionString, schema, migrate: false, historyLimit: 10 });
    expect(await errorOf(storage.open())).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await runSql(server, schemaScript({ schema, role }));
    for (let n = 0; n < 30; n += 1) await storage.storeGType(gtype(`${n}`)); // trims, too
    await storage.commit([{ delete: 'gtype', key: { ref: '1' } }]);
    await storage.clear();
    expect((await storage.stats()).revision).toBe(32);
    const harm = runSql(connectionString, `DROP TABLE "${schema}".records`);
    await expect(harm).rejects.toThrow('must be owner');
  });

  test('a role that may only read can only read', async () => {
    const { role, connectionString } = await newRole('reader');
    const { schema } = ownSchema();
    await runSql(server, schemaScript({ schema, readOnlyRole: role }));
    await open({ connectionString: server, schema }).storeGType(gtype('a', 'a'));
    const storage = open({ connectionString, schema, migrate: false });
    expect(await storage.getGType('a')).toEqual(gtype('a', 'a'));
    const error = await errorOf(storage.storeGType(gtype('b')));
    expect(error).toMatchObject({ code: 'STORAGE_FORBIDDEN' });
    expect(error.message).toContain('postgres-schema');
    const reader = open({ connectionString, schema, readOnly: true });
    expect(await reader.getGType('a')).toEqual(gtype('a', 'a'));
    expect(await errorOf(reader.clear())).toMatchObject({ code: 'STORAGE_READONLY' });
  });

  test('a role without any is told where to turn', async () => {
    const { connectionString } = await newRole('nobody');
    const { schema } = ownSchema();
    const options = { connectionString, schema, retryTimeout: BEYOND_THE_TEST };
    expect(await errorOf(open(options).open())).toMatchObject({
      code: 'STORAGE_FORBIDDEN',
    });
    await open({ connectionString: server, schema }).open();
    expect(await errorOf(open(options).open())).toMatchObject({
      code: 'STORAGE_FORBIDDEN',
    });
  });
});

describe('a store that is changed under a storage', () => {
  /** As it was after revision 1, when the backup was made. */
  const restore = (s: string): string => `
    UPDATE "${s}".store SET revision = 1;
    DELETE FROM "${s}".changes WHERE revision > 1;
    UPDATE "${s}".records SET value = replace(value, 'second', 'first'), digest = (
      SELECT digest FROM "${s}".changes WHERE revision = 1), revision = 1;`;

  test.each([
    ['to an older state', (s: string) => restore(s)],
    [
      'to an older state, under a new epoch',
      (s: string) => `${restore(s)} UPDATE "${s}".store SET epoch = gen_random_uuid();`,
    ],
  ])('restored %s: caches are dropped, and watches end', async (_, sql) => {
    const options = ownSchema();
    const storage = open({ ...options, pollInterval: 100 });
    await storage.storeGType(gtype('a', 'first'));
    await storage.storeGType(gtype('a', 'second'));
    expect(await storage.getGType('a')).toEqual(gtype('a', 'second'));
    const watch = storage.watch({ after: 2 });
    const next = errorOf(watch.next() as Promise<unknown>);
    await runSql(server, sql(options.schema));
    expect(await next).toMatchObject({ code: 'STORAGE_COMPACTED' });
    expect(await storage.getGType('a')).toEqual(gtype('a', 'first'));
    expect(await storage.commit([{ put: 'gtype', value: gtype('b') }])).toBe(2);
  });

  test('restored, and then further than it was, before anybody looked', async () => {
    const options = ownSchema();
    const storage = open({ ...options, pollInterval: 100 });
    await storage.storeGType(gtype('a', 'first'));
    await storage.storeGType(gtype('a', 'second'));
    const next = errorOf(storage.watch({ after: 2 }).next() as Promise<unknown>);
    // In one transaction, so that nobody sees the revision go back.
    const operation = `'00000000-0000-4000-8000-000000000000'`;
    const change = (revision: number): string => `INSERT INTO "${options.schema}".changes
      VALUES (${revision}, 1, ${operation}, ${revision === 2}, 1, 0, 'delete', 'gtype', 'other', '');`;
    const further = `${change(2)} ${change(3)} UPDATE "${options.schema}".store SET revision = 3;`;
    await runSql(server, `BEGIN; ${restore(options.schema)} ${further} COMMIT;`);
    expect(await next).toMatchObject({ code: 'STORAGE_COMPACTED' });
    expect(await storage.getGType('a')).toEqual(gtype('a', 'first'));
  });

  test('replaced, and told first to who reads its history: what is read after that is not of the cache', async () => {
    const options = ownSchema();
    const storage = open({ ...options, pollInterval: 60_000, listen: false });
    await storage.storeGType(gtype('a', 'first'));
    await storage.storeGType(gtype('a', 'second'));
    await runSql(server, restore(options.schema));
    expect(await storage.getGType('a'), 'still cached').toEqual(gtype('a', 'second'));
    const read = errorOf(storage.watch({ after: 1 }).next() as Promise<unknown>);
    expect(await read).toMatchObject({ code: 'STORAGE_COMPACTED' });
    expect(await storage.getGType('a')).toEqual(gtype('a', 'first'));
  });
});
