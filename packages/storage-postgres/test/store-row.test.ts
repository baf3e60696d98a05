import type { Storage } from '@gati-framework/manifest-store';
import { schemaScript } from '@gati-framework/storage-postgres';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { BEYOND_THE_TEST, errorOf, open, ownSchema, watchRejections } from './support/faults.js';
import { runSql } from './support/schemas.js';

const owner = inject('postgresUrl');
const key = { kind: 'gtype', key: { ref: 'a' } } as const;

async function visible(): Promise<{ connectionString: string; schema: string; role: string }> {
  const { schema } = ownSchema();
  const role = `rows_${schema}`;
  await runSql(owner, `CREATE ROLE ${role} LOGIN PASSWORD 'pw'; ${schemaScript({ schema, role })}`);
  onTestFinished(async () => {
    await runSql(owner, `DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
  });
  const url = new URL(owner);
  Object.assign(url, { username: role, password: 'pw' });
  return { connectionString: url.href, schema, role };
}

const calls: Readonly<Record<string, (storage: Storage) => Promise<unknown>>> = {
  read: async (storage) => storage.getManifest('absent'),
  'read of many at once': (storage) =>
    Promise.all(Array.from({ length: 8 }, (_, n) => storage.get({ kind: 'gtype', key: { ref: `${n}` } }))),
  write: (storage) => storage.storeGType(gtype('b')),
  deletion: (storage) => storage.commit([{ delete: 'gtype', key: { ref: 'a' } }]),
  check: (storage) => storage.commit([], { expect: [{ ...key, revision: 1 }] }),
  stats: (storage) => storage.stats(),
  iteration: async (storage) => storage.entries().next(),
  watch: async (storage) => storage.watch({ after: 0 }).next(),
};

describe.each([
  ['deleted', (s: string) => `DELETE FROM ${s}.store`],
  ['hidden by row-level security', (s: string) => `ALTER TABLE ${s}.store ENABLE ROW LEVEL SECURITY`],
])('the row of the store is %s', (_, sql) => {
  test.each(['cached', 'strong'] as const)(
    'every call says so at once, consistency: %s',
    async (consistency) => {
      watchRejections();
      const { role, ...place } = await visible();
      const storage = open({ ...place, migrate: false, consistency, retryTimeout: BEYOND_THE_TEST });
      await storage.storeGType(gtype('a'));
      await runSql(owner, sql(place.schema));
      for (const [name, call] of Object.entries(calls)) {
        if (consistency === 'strong' && name.startsWith('read')) continue; // asks for the record alone
        expect(await errorOf(call(storage)), name).toMatchObject({
          code: 'STORAGE_CORRUPT',
          message: expect.stringContaining('row-level security'),
        });
      }
      const another = open({ ...place, migrate: false });
      expect(await errorOf(another.open())).toMatchObject({ code: 'STORAGE_CORRUPT' });
      expect(await storage.health()).toMatchObject({ status: 'failed', error: { code: 'STORAGE_CORRUPT' } });
    },
  );
});
