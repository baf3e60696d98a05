import { readFile } from 'node:fs/promises';
import { digestOf } from '@gati-framework/storage-kit';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { prepareSchema } from '../dist/schema/migrate.js';
import { SCHEMA_STEPS } from '../dist/schema/schema.js';
import { makeStatements } from '../dist/sql/statements.js';
import { errorOf, open, ownSchema } from './support/faults.js';
import { runSql } from './support/schemas.js';

/** As a library that knows only the first steps does. */
async function prepare(url: string, schema: string, steps: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const known = SCHEMA_STEPS.slice(0, steps);
    await prepareSchema(Object.assign(client, { release: () => {} }), { schema, migrate: true }, known);
  } finally {
    await client.end();
  }
}

/** The first attempt of a commit that puts one GType, as libraries of version 1 make it. */
const putOfVersion1 = (schema: string, ref: string): string => {
  const value = JSON.stringify(gtype(ref));
  return `SELECT ${schema}.commit_changes(gen_random_uuid(), 0, '10000', ARRAY[1], ARRAY['put'], ARRAY['gtype'],
    ARRAY['${ref}'], ARRAY[''], ARRAY['json'], ARRAY['${value}'], ARRAY[${digestOf(value)}::bigint], ARRAY[NULL::text], ARRAY[NULL::text],
    ARRAY[NULL::text], ARRAY[NULL::double precision], NULL)`;
};
const trim = (schema: string, first: number): string =>
  `DELETE FROM ${schema}.changes WHERE revision < ${first}`;

test('a store of version 1 is upgraded with what is in it, and knows how far its log was trimmed', async () => {
  const { connectionString, schema } = ownSchema();
  await prepare(connectionString, schema, 1);
  for (let n = 1; n <= 6; n += 1) await runSql(connectionString, putOfVersion1(schema, `${n}`));
  await runSql(connectionString, trim(schema, 4));
  const storage = open({ connectionString, schema });
  expect((await storage.stats()).revision).toBe(6);
  const horizon = `SELECT trimmed_to::integer FROM ${schema}.store`;
  expect((await runSql(connectionString, horizon)).rows).toEqual([{ trimmed_to: 3 }]);
  await storage.storeGType(gtype('7'));
  expect(await storage.commit([{ delete: 'gtype', key: { ref: '1' } }])).toBe(8);
  expect(await errorOf(storage.watch({ after: 2 }).next())).toMatchObject({ code: 'STORAGE_COMPACTED' });
});

test('a library of version 1 goes on in an upgraded store, and is heard of', async () => {
  const { connectionString, schema } = ownSchema();
  await prepare(connectionString, schema, 1);
  await runSql(connectionString, putOfVersion1(schema, 'a'));
  const storage = open({ connectionString, schema, pollInterval: 600_000 });
  await storage.open();
  await prepare(connectionString, schema, 1); // it starts again
  const next = storage.watch({ after: 1 }).next();
  await runSql(connectionString, putOfVersion1(schema, 'b'));
  expect((await next).value).toMatchObject({ revision: 2 });
  expect(await storage.commit([{ put: 'gtype', value: gtype('c') }])).toBe(3);
  await runSql(connectionString, trim(schema, 3));
  await runSql(connectionString, putOfVersion1(schema, 'd'));
  expect((await storage.stats()).gtypeCount).toBe(4);
});

test.each([1, 2])(
  'a store of version %i finds the latest manifest without reading the others once it is upgraded',
  async (version) => {
    const { connectionString, schema } = ownSchema();
    await prepare(connectionString, schema, version);
    await runSql(connectionString, putOfVersion1(schema, 'kept'));
    await runSql(
      connectionString,
      `INSERT INTO ${schema}.records (kind, key1, key2, created_at, position, revision, encoding, value, digest)
      SELECT 'manifest', 'h', n::text, n % 1000, n + 1, 1, 'json', repeat('x', 300), 0 FROM generate_series(1, 3000) n`,
    );
    const storage = open({ connectionString, schema, consistency: 'strong' });
    expect(await storage.getGType('kept')).toEqual(gtype('kept'));
    await storage.storeManifest({ ...manifest('h', 'newest'), createdAt: 5_000 });
    await storage.storeManifest({ ...manifest('h', 'older'), createdAt: 4_000 });
    expect((await storage.getManifest('h'))?.version).toBe('newest');
    for (const consistency of ['strong', 'cached'] as const) {
      const options = {
        schema,
        consistency,
        preparedStatements: false,
        readOnly: false,
        statementTimeout: 0,
      };
      const { text } = makeStatements(options).queries.latestManifest();
      const explain = `EXPLAIN (ANALYZE, FORMAT JSON) ${text.replace('$1', "'h'")}`;
      const [row] = (await runSql(connectionString, explain)).rows;
      expect(nodesOf(row['QUERY PLAN'][0].Plan, 'records')).toEqual([
        expect.objectContaining({ 'Index Name': 'manifests_by_handler', 'Actual Rows': 1 }),
      ]);
    }
  },
);

test('a store that a library of version 3 has made and trimmed opens with what it told', async () => {
  const { connectionString, schema } = ownSchema();
  await prepare(connectionString, schema, 3);
  const fixture = new URL('./fixtures/version-3.sql', import.meta.url);
  const rows = (await readFile(fixture, 'utf8')).replaceAll('INTO made.', `INTO ${schema}.`);
  await runSql(connectionString, `DELETE FROM ${schema}.store; ${rows}`);
  const storage = open({ connectionString, schema });
  expect(await storage.stats()).toMatchObject({ revision: 14, oldestRevision: 14, gtypeCount: 5 });
  const found: unknown[] = [];
  for await (const { kind, key, revision } of storage.entries({ at: 14 })) {
    found.push([kind, ...Object.values(key), revision]);
  }
  expect(found).toEqual([
    ['manifest', 'users', '1.0.0', 1],
    ['manifest', 'users', '2.0.0', 3],
    ['gtype', 'a', 2],
    ['gtype', 'b', 5],
    ['gtype', 'größer', 5],
    ['gtype', 'c', 13],
    ['gtype', 'd', 14],
    ['transformer', 't', 4],
  ]);
  const told: number[] = [];
  for await (const { revision } of storage.log()) told.push(revision);
  expect(told).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
  expect((await storage.watch({ after: 2 }).next()).value?.changes).toHaveLength(2);
  expect(await errorOf(storage.watch({ after: 1 }).next())).toMatchObject({ code: 'STORAGE_COMPACTED' });
  const since = (await storage.get({ kind: 'gtype', key: { ref: 'd' } }, { at: 14 }))?.value;
  expect(since).toMatchObject({ since: new Date(0) });
  await storage.commit([{ delete: 'gtype', key: { ref: 'd' } }]);
  expect(await storage.get({ kind: 'gtype', key: { ref: 'd' } }, { at: 14 })).toMatchObject({ revision: 14 });
  expect(await storage.get({ kind: 'gtype', key: { ref: 'd' } }, { at: 15 })).toBeUndefined();
});

test('roles that could write and read a store of version 3 go on, and may read what was', async () => {
  const { connectionString: owner, schema } = ownSchema();
  await prepare(owner, schema, 3);
  const role = `of_version_3_${process.pid}`;
  const s = `ON ALL TABLES IN SCHEMA ${schema}`;
  await runSql(
    owner,
    `CREATE ROLE ${role} LOGIN PASSWORD 'pw'; GRANT USAGE ON SCHEMA ${schema} TO ${role};
    GRANT SELECT ${s} TO ${role}; GRANT UPDATE ON ${schema}.store TO ${role};
    GRANT INSERT, UPDATE, DELETE ON ${schema}.records, ${schema}.record_counts TO ${role};
    GRANT INSERT, DELETE ON ${schema}.changes TO ${role};`,
  );
  onTestFinished(async () => {
    await runSql(owner, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
  await open({ connectionString: owner, schema }).open();
  const url = new URL(owner);
  Object.assign(url, { username: role, password: 'pw' });
  await runSql(url.href, putOfVersion1(schema, 'a'));
  const storage = open({ connectionString: url.href, schema, migrate: false, history: { changes: 2 } });
  await storage.storeGType(gtype('a', 'second'));
  await storage.commit([{ delete: 'gtype', key: { ref: 'a' } }]);
  expect(await storage.get({ kind: 'gtype', key: { ref: 'a' } }, { at: 2 })).toMatchObject({ revision: 2 });
  for (let n = 0; n < 10; n += 1) await storage.storeGType(gtype('b', `${n}`));
  const kept = `SELECT count(*)::integer AS count FROM ${schema}.past`;
  await expect.poll(async () => (await runSql(owner, kept)).rows[0].count).toBeLessThan(5);
  expect(storage.warnings).toEqual([]);
});

/** As libraries of version 3 put a GType that is there, when one statement does it. */
const replaceAsVersion3 = (schema: string, ref: string): string => {
  const value = JSON.stringify(gtype(ref, 'by an older library'));
  const columns = 'kind, key1, key2, encoding, value, digest';
  const values = `'gtype', '${ref}', '', 'json', '${value}', ${digestOf(value)}`;
  return `WITH head AS (
      UPDATE ${schema}.store SET revision = revision + 1, next_position = next_position + 1
        RETURNING revision, next_position - 1 AS position
    ), logged AS (
      INSERT INTO ${schema}.changes (revision, ordinal, operation_id, opens_operation, commit_number, committed_at, operation, ${columns})
        SELECT revision, 1, gen_random_uuid(), true, 1, 0, 'put', ${values} FROM head
    )
    INSERT INTO ${schema}.records (position, revision, ${columns}) SELECT position, revision, ${values} FROM head
      ON CONFLICT (kind, key1, key2) DO UPDATE SET revision = excluded.revision, value = excluded.value, digest = excluded.digest`;
};

test.each([1, 2, 3])(
  'a store of version %i keeps its history when it is upgraded, and its past from then on',
  async (version) => {
    const { connectionString, schema } = ownSchema();
    await prepare(connectionString, schema, version);
    for (const ref of ['a', 'b', 'a', 'c']) await runSql(connectionString, putOfVersion1(schema, ref));
    const storage = open({ connectionString, schema });
    expect(await storage.stats()).toMatchObject({ revision: 4, oldestRevision: 4, gtypeCount: 3 });
    expect((await storage.watch({ after: 0 }).next()).value).toMatchObject({ revision: 1 });
    const told = [];
    for await (const { revision } of storage.log({ reverse: true })) told.push(revision);
    expect(told).toEqual([4, 3, 2, 1]);
    const at3 = await errorOf(storage.get({ kind: 'gtype', key: { ref: 'a' } }, { at: 3 }));
    expect(at3).toMatchObject({ code: 'STORAGE_COMPACTED', details: { at: 3, oldest: 4, current: 4 } });
    await storage.commit([{ delete: 'gtype', key: { ref: 'a' } }], { note: 'without a' });
    await storage.commit([{ put: 'gtype', value: gtype('a', 'again') }]);
    const refs = async (at: number): Promise<unknown[]> => {
      const found: unknown[] = [];
      for await (const { key, revision } of storage.entries({ at })) found.push([key, revision]);
      return found;
    };
    expect(await refs(4)).toEqual([
      [{ ref: 'a' }, 3],
      [{ ref: 'b' }, 2],
      [{ ref: 'c' }, 4],
    ]);
    expect(await refs(6)).toEqual([
      [{ ref: 'b' }, 2],
      [{ ref: 'c' }, 4],
      [{ ref: 'a' }, 6],
    ]);
  },
);

test('what older libraries replace beside newer ones is kept, too, and let go when they trim', async () => {
  const { connectionString, schema } = ownSchema();
  const storage = open({ connectionString, schema });
  await storage.storeGType(gtype('a', 'first'));
  await runSql(connectionString, replaceAsVersion3(schema, 'a'));
  await runSql(connectionString, putOfVersion1(schema, 'a'));
  const descriptions = async (): Promise<unknown[]> => {
    const found: unknown[] = [];
    const { revision, oldestRevision = 0 } = await storage.stats();
    for (let at = oldestRevision; at <= revision; at += 1) {
      found.push((await storage.get({ kind: 'gtype', key: { ref: 'a' } }, { at }))?.value.description);
    }
    return found;
  };
  expect(await descriptions()).toEqual([undefined, 'first', 'by an older library', '']);
  await runSql(connectionString, trim(schema, 3));
  expect(await descriptions()).toEqual(['by an older library', '']);
  const { rows } = await runSql(
    connectionString,
    `SELECT revision::integer, until::integer FROM ${schema}.past`,
  );
  expect(rows).toEqual([{ revision: 2, until: 3 }]);
});

interface PlanNode {
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** Of a plan as EXPLAIN tells it: what reads the table. */
function nodesOf(plan: PlanNode, table: string): PlanNode[] {
  const below = (plan.Plans ?? []).flatMap((node) => nodesOf(node, table));
  return plan['Relation Name'] === table ? [plan, ...below] : below;
}
