import { createInMemoryStorage, type Storage } from '@gati-framework/manifest-store';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createEtcdStorage } from '@gati-framework/storage-etcd';
import { createPostgresStorage } from '@gati-framework/storage-postgres';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { afterAll, expect, inject, onTestFinished, test } from 'vitest';
import { dropPrefix } from '../packages/storage-etcd/test/support/places.js';
import { dropSchema } from '../packages/storage-postgres/test/support/schemas.js';
import { gtype } from './support/records.js';

const SCHEMA = 'chained_commits';
const etcd = inject('etcdUrl');

afterAll(() => dropSchema(inject('postgresUrl'), SCHEMA));
if (etcd !== '') afterAll(() => dropPrefix(etcd, SCHEMA).then(() => {}));

const STORAGES: Readonly<Record<string, () => Storage>> = {
  memory: () => createInMemoryStorage(),
  'better-sqlite3': () => createBetterSqlite3Storage({ filename: ':memory:' }),
  'sql.js': () => createSqlJsStorage(),
  PostgreSQL: () => createPostgresStorage({ connectionString: inject('postgresUrl'), schema: SCHEMA }),
  ...(etcd !== '' && { etcd: () => createEtcdStorage({ endpoints: etcd, prefix: SCHEMA }) }),
};

test.each(Object.entries(STORAGES))(
  'each of a chain of commits may expect the one before it, though they are made at once (%s)',
  async (_, create) => {
    const storage = create();
    onTestFinished(() => storage.close());
    const numbers = Array.from({ length: 20 }, (_unused, i) => i + 1);
    const made = numbers.map((n) =>
      storage.commit([{ put: 'gtype', value: gtype(`${n}`) }], { expectRevision: n - 1 }),
    );
    expect(await Promise.all(made)).toEqual(numbers);
  },
);
