import { createPostgresStorage, schemaScript } from '@gati-framework/storage-postgres';
import pg from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { open, ownSchema } from './support/faults.js';
import { roleWith } from './support/roles.js';
import { dropSchema, runSql } from './support/schemas.js';

const owner = inject('postgresUrl');

/** Functions that our statements would rather have from pg_catalog, with the very types that are given to them. */
const FUNCTIONS = [
  'cardinality(integer[]) RETURNS integer',
  'cardinality(bigint[]) RETURNS integer',
  'coalesce(bigint, bigint) RETURNS bigint',
  'current_setting(text) RETURNS text',
  'gen_random_uuid() RETURNS uuid',
  'json_build_object(text, uuid, text, bigint, text, uuid, text, json) RETURNS json',
  'now() RETURNS timestamptz',
  'octet_length(text) RETURNS integer',
  'pg_advisory_xact_lock(integer, integer) RETURNS void',
  'pg_is_in_recovery() RETURNS boolean',
  'pg_notify(text, text) RETURNS void',
  'row_number() RETURNS bigint',
  'set_config(text, text, boolean) RETURNS text',
  'to_regclass(text) RETURNS regclass',
  'to_timestamp(double precision) RETURNS timestamptz',
  'unnest(integer[]) RETURNS SETOF integer',
  'unnest(bigint[]) RETURNS SETOF bigint',
  'unnest(text[]) RETURNS SETOF text',
  'unnest(double precision[]) RETURNS SETOF double precision',
];
const AGGREGATES = [
  'min(bigint)',
  'max(bigint)',
  'sum(integer)',
  'count(*)',
  'json_object_agg(text, bigint)',
];

/** A schema in which whatever is called fails. */
async function setTrap(): Promise<string> {
  const trap = `trap_${ownSchema().schema}`;
  onTestFinished(() => dropSchema(owner, trap));
  const functions = FUNCTIONS.filter((name) => !name.startsWith('coalesce')).map(
    (head) => `CREATE FUNCTION ${trap}.${head} LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped: ${head}'; END $$`,
  );
  const states = AGGREGATES.map((head, i) => {
    const types = head.slice(head.indexOf('(') + 1, -1).replace('*', '');
    const state = `${trap}.state_${i}(${['bigint', types].filter(Boolean).join(', ')})`;
    return `CREATE FUNCTION ${state} RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped: ${head}'; END $$;
      CREATE AGGREGATE ${trap}.${head} (SFUNC = ${trap}.state_${i}, STYPE = bigint)`;
  });
  await runSql(owner, [`CREATE SCHEMA ${trap}`, ...functions, ...states].join(';\n'));
  return trap;
}

test.each(['its own', 'given'])(
  'functions of the same name in the search_path are not called; the pool is %s',
  async (whose) => {
    const trap = await setTrap();
    const connectionString = await roleWith(`search_path = ${trap}, pg_catalog`);
    const { schema } = ownSchema();
    const pool = whose === 'given' ? new pg.Pool({ connectionString, max: 6 }) : undefined;
    if (pool !== undefined) onTestFinished(() => pool.end());
    const given = pool === undefined ? { connectionString } : { pool };
    const log: string[] = [];
    const storage = createPostgresStorage({
      ...given,
      schema,
      historyLimit: 5,
      log: (line) => log.push(line),
    });
    onTestFinished(() => storage.close());
    for (let n = 1; n <= 20; n += 1) await storage.storeGType(gtype(`${n}`));
    await storage.commit([
      { delete: 'gtype', key: { ref: '1' } },
      { put: 'manifest', value: manifest('h', '1.0.0') },
    ]);
    await storage.clear();
    await Promise.all(
      Array.from({ length: 8 }, (_, n) => storage.get({ kind: 'gtype', key: { ref: `${n}` } })),
    );
    expect(await storage.getAllManifestVersions('h')).toEqual([]);
    expect((await storage.stats()).revision).toBe(22);
    expect((await storage.watch({ after: 21 }).next()).value).toMatchObject({ revision: 22 });
    for await (const entry of storage.entries()) expect(entry).toBeUndefined();
    const reader = open({ connectionString, schema, readOnly: true });
    expect((await reader.stats()).revision).toBe(22);
    expect(
      (await runSql(connectionString, `SELECT revision::integer FROM ${schema}.commits WHERE revision = 22`))
        .rows,
    ).toEqual([{ revision: 22 }]);
    expect(log).toEqual([]);
  },
);

test('the script for a DBA is read the same under any search_path', async () => {
  const trap = await setTrap();
  const { schema } = ownSchema();
  const connectionString = await roleWith(`search_path = ${trap}, pg_catalog`);
  await runSql(connectionString, schemaScript({ schema }));
  const storage = open({ connectionString: owner, schema, migrate: false });
  await storage.storeGType(gtype('a'));
  const { rows } = await runSql(connectionString, `SELECT changes::integer FROM ${schema}.commits`);
  expect(rows).toEqual([{ changes: 1 }]);
});
