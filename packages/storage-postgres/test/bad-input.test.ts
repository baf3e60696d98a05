import { createPostgresStorage, schemaScript } from '@gati-framework/storage-postgres';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { errorOf, open, ownSchema } from './support/faults.js';
import { runSql } from './support/schemas.js';

const connectionString = 'postgres://u:p@localhost/db';
const pool = new pg.Pool();

const refused: [string, unknown][] = [
  ['options', null],
  ['options', 5],
  ['options.schemas', { schemas: 'x' }],
  ['options.connectionString', { connectionString: '' }],
  ['options.connectionString', { connectionString: 5 }],
  ['options.connectionString', { connectionString: 'mysql://a/b' }],
  ['options.connectionString', { connectionString, pool }],
  ['options.hosts', { hosts: [] }],
  ['options.hosts', { hosts: 'a' }],
  ['options.hosts', { hosts: ['a b'] }],
  ['options.hosts', { hosts: ['a:99999'] }],
  ['options.hosts', { hosts: [5] }],
  ['options.hosts', { hosts: ['a'], pool }],
  ['options.user', { user: 5 }],
  ['options.user', { user: 'a\0b' }],
  ['options.user', { user: 'u', pool }],
  ['options.password', { password: 5 }],
  ['options.password', { password: {} }],
  ['options.database', { database: 5 }],
  ['options.database', { database: 'a\0b' }],
  ['options.ssl', { ssl: 'yes' }],
  ['options.pool', { pool: {} }],
  ['options.pool', { pool: null }],
  ['options.schema', { schema: '' }],
  ['options.schema', { schema: 5 }],
  ['options.schema', { schema: 'pg_x' }],
  ['options.schema', { schema: 'a\0' }],
  ['options.schema', { schema: 'a\ud800' }],
  ['options.schema', { schema: 'x'.repeat(64) }],
  ['options.schema', { schema: 'ä'.repeat(32) }],
  ['options.migrate', { migrate: 'no' }],
  ['options.readOnly', { readOnly: 1 }],
  ['options.consistency', { consistency: 'eventual' }],
  ['options.pooler', { pooler: 'pgbouncer' }],
  ['options.preparedStatements', { preparedStatements: 1 }],
  ['options.listen', { listen: null }],
  ['options.pollInterval', { pollInterval: 0 }],
  ['options.pollInterval', { pollInterval: Number.NaN }],
  ['options.applicationName', { applicationName: 5 }],
  ['options.applicationName', { applicationName: 'a\0user\0postgres' }],
  ['options.poolSize', { poolSize: 1 }],
  ['options.poolSize', { poolSize: 2.5 }],
  ['options.retryTimeout', { retryTimeout: -1 }],
  ['options.connectTimeout', { connectTimeout: '5' }],
  ['options.statementTimeout', { statementTimeout: Number.POSITIVE_INFINITY }],
  ['options.lockTimeout', { lockTimeout: -1 }],
  ['options.idleTimeout', { idleTimeout: -1 }],
  ['options.scanIdleTimeout', { scanIdleTimeout: -1 }],
  ['options.historyLimit', { historyLimit: 0 }],
  ['options.maxRecordBytes', { maxRecordBytes: 0 }],
  ['options.cacheSize', { cacheSize: -1 }],
  ['options.log', { log: { warn: 'no' } }],
];

test.each(refused)('names %s when it is wrong: %o', (path, options) => {
  expect(() => createPostgresStorage(options as never)).toThrowError(
    expect.objectContaining({ name: 'StorageError', code: 'INVALID_OPTIONS', path }),
  );
});

/** Longer than a timer of Node.js or a setting of PostgreSQL can be: refused, or as good as for ever. */
describe.each([
  'pollInterval',
  'retryTimeout',
  'connectTimeout',
  'statementTimeout',
  'lockTimeout',
  'idleTimeout',
  'scanIdleTimeout',
] as const)('a very long %s', (name) => {
  test.each([2 ** 31 - 1, 2 ** 31, Number.MAX_SAFE_INTEGER])(
    'of %i ms works or is refused',
    async (value) => {
      const place = ownSchema();
      const warned: string[] = [];
      const note = ({ name: warning, message }: Error): void => {
        warned.push(`${warning}: ${message}`);
      };
      process.on('warning', note);
      try {
        let storage: ReturnType<typeof open>;
        try {
          storage = open({ ...place, retryTimeout: 300, [name]: value });
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_OPTIONS', path: `options.${name}` });
          return;
        }
        await storage.storeGType(gtype('a'));
        expect((await storage.stats()).revision).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        expect(warned).toEqual([]);
      } finally {
        process.off('warning', note);
      }
    },
  );
});

const AWKWARD = [
  `'); DROP SCHEMA public CASCADE; --`,
  `"; DROP TABLE records; --`,
  'back\\slash \\\' \\" \\\\',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what a careless template would make of it is the test
  '$1 $$ $gati$ $gati1$ ${x} $&',
  'tab\tline\nreturn\r',
  'two  spaces   and more',
  'no-break\u00a0space',
  'Grüße 😀 日本',
  '%s %I %L {0} ? :name @x',
  'NULL',
  '{a,"b",NULL}',
  ' ',
  'Upper.dot.ted',
];

test.each(AWKWARD)('a schema called %j is a schema like any other', async (schema) => {
  const place = ownSchema(schema);
  const storage = open(place);
  const other = open({ ...place, consistency: 'strong' });
  await storage.storeGType(gtype('a', schema));
  const heard = other.watch().next();
  await other.commit([
    { delete: 'gtype', key: { ref: 'zz' } },
    { put: 'gtype', value: gtype('b') },
  ]);
  expect((await heard).value).toMatchObject({ revision: 2 });
  expect(await other.getGType('a')).toEqual(gtype('a', schema));
  const quoted = pg.escapeIdentifier(schema);
  const { rows } = await runSql(place.connectionString, `SELECT ref FROM ${quoted}.gtypes ORDER BY 1`);
  expect(rows).toEqual([{ ref: 'a' }, { ref: 'b' }]);
});

test.each(['x'.repeat(63), '"'.repeat(63), '😀'.repeat(15), "'\\".repeat(31)])(
  'a schema name as long as can be works: %j',
  async (schema) => {
    const place = ownSchema(schema);
    const storage = open(place);
    await storage.storeGType(gtype('a'));
    expect((await open(place).stats()).gtypeCount).toBe(1);
  },
);

test.each(AWKWARD)('the script for a schema and a role called %j runs', async (name) => {
  const place = ownSchema(name);
  const role = `${name.slice(0, 40)} role`;
  const quoted = pg.escapeIdentifier(role);
  await runSql(place.connectionString, `CREATE ROLE ${quoted}`);
  try {
    await runSql(place.connectionString, schemaScript({ schema: name, role, readOnlyRole: role }));
    await open({ ...place, migrate: false }).storeGType(gtype('a'));
  } finally {
    await runSql(place.connectionString, `DROP OWNED BY ${quoted} CASCADE; DROP ROLE ${quoted}`);
  }
});

test('names that differ in white space alone are different schemas', async () => {
  const one = open(ownSchema('sp ace'));
  const two = open(ownSchema('sp  ace'));
  await one.storeGType(gtype('one'));
  await two.storeGType(gtype('two'));
  expect(await one.getGType('two')).toBeUndefined();
  expect((await two.stats()).gtypeCount).toBe(1);
});

test('keys, values and filters hold any text', async () => {
  const place = ownSchema();
  const storage = open(place);
  const texts = [...AWKWARD, 'x'.repeat(500)];
  for (const text of texts) {
    await storage.commit([
      { put: 'gtype', value: gtype(text, text) },
      { put: 'manifest', value: manifest(text, text, text) },
    ]);
    // By the function that takes commits of any sort.
    await storage.commit([{ put: 'gtype', value: gtype(text, `${text}!`) }], {
      expect: [{ kind: 'gtype', key: { ref: text }, revision: (await storage.stats()).revision }],
    });
  }
  const fresh = open({ ...place, consistency: 'strong' });
  for (const text of texts) {
    expect(await fresh.getGType(text)).toEqual(gtype(text, `${text}!`));
    expect(await fresh.getManifest(text)).toEqual(manifest(text, text, text));
    expect(await fresh.getTransformersForVersions(text, text, text)).toEqual([]);
    const found = [];
    for await (const { value } of fresh.entries({ handlerId: text })) found.push(value);
    expect(found).toEqual([manifest(text, text, text)]);
    await fresh.commit([{ delete: 'gtype', key: { ref: text } }]);
  }
  expect(await fresh.stats()).toMatchObject({ gtypeCount: 0, manifestCount: texts.length });
});

test('values may hold NUL and lone surrogates; keys that the database cannot hold are refused', async () => {
  const place = ownSchema();
  const storage = open(place);
  const value = gtype('a', 'nul \0 and \ud800 lone');
  await storage.storeGType(value);
  expect(await open(place).getGType('a')).toEqual(value);
  for (const ref of ['a\0b', 'a\ud800b']) {
    expect(await errorOf(storage.storeGType(gtype(ref)))).toMatchObject({ code: 'INVALID_RECORD' });
    const found = await (async () => storage.getGType(ref))().catch((error) => error.code);
    expect([undefined, 'INVALID_OPTIONS', 'INVALID_RECORD']).toContain(found);
  }
  expect((await storage.stats()).revision).toBe(1);
});

test.each([...AWKWARD.map((name) => [name, name]), ['n'.repeat(200), 'n'.repeat(63)]])(
  'connections show the application name %j',
  async (applicationName, shown) => {
    const place = ownSchema();
    const storage = open({ ...place, applicationName });
    await storage.storeGType(gtype('a'));
    const { rows } = await runSql(place.connectionString, 'SELECT application_name FROM pg_stat_activity');
    // The server shows what is not ASCII in its own way.
    const visible = [...Buffer.from(shown as string)].every((byte) => byte >= 32 && byte < 127);
    if (visible) expect(rows).toContainEqual({ application_name: shown });
  },
);

test.each([{}, { schema: 5 }, { role: '' }, { readOnlyRole: 'pg_x' }, { from: -1 }, { from: 99 }, { x: 1 }])(
  'the script refuses wrong options: %j',
  (options) => {
    if (Object.keys(options).length === 0) {
      expect(schemaScript(options as never)).toContain('CREATE SCHEMA');
      return;
    }
    const path = `options.${Object.keys(options)[0]}`;
    expect(() => schemaScript(options as never)).toThrowError(
      expect.objectContaining({ code: 'INVALID_OPTIONS', path }),
    );
  },
);
