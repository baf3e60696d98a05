import type { RecordKey, StorageContract } from '@gati-framework/manifest-store';
import { createPostgresStorage } from '@gati-framework/storage-postgres';
import { describeConformance } from '@gati-framework/storage-testkit/vitest';
import pg from 'pg';
import { inject } from 'vitest';
import { dropSchema, runSql } from './schemas.js';

const connectionString = inject('postgresUrl');

const honours = ['historyLimit', 'maxRecordBytes', 'cacheSize'] as const;

/** What a place is, whoever opens it. The data is in the server, so `create` opens what a restart would find. */
const shared = {
  honours,
  /** Changes a record and leaves its digest as it was. */
  async damage(place: string, { kind, key }: RecordKey) {
    const name = [kind, ...Object.values(key), ''].slice(0, 3);
    const { rowCount } = await runSql(
      connectionString,
      `UPDATE "${place}".records SET value = (value::jsonb || '{"spoilt": 1}')::text
        WHERE (kind, key1, key2) = (${name.map(pg.escapeLiteral).join()})`,
    );
    if (rowCount !== 1) throw new Error(`there is no ${name.join(' ')} to damage`);
  },
  /** What is not of this library is not opened. */
  async block(place: string) {
    await runSql(
      connectionString,
      `CREATE SCHEMA "${place}"; CREATE TABLE "${place}".store (of_others integer)`,
    );
    return () => dropSchema(connectionString, place);
  },
  destroy: (_: unknown, place: string) => dropSchema(connectionString, place),
};

describeConformance('postgres', {
  ...shared,
  create: (place, options) => createPostgresStorage({ connectionString, schema: place, ...options }),
  staleness: 2_000, // two of its pollInterval
});

describeConformance('postgres, every read asking the database', {
  ...shared,
  create: (place, options) =>
    createPostgresStorage({ connectionString, schema: place, consistency: 'strong', ...options }),
});

const pools = new WeakMap<StorageContract, pg.Pool>();

describeConformance("postgres, on the caller's pool, by polling alone and without prepared statements", {
  ...shared,
  create(place, options) {
    const pool = new pg.Pool({ connectionString, max: 4 });
    const storage = createPostgresStorage({
      pool,
      schema: place,
      listen: false,
      pollInterval: 20,
      preparedStatements: false,
      ...options,
    });
    pools.set(storage, pool);
    return storage;
  },
  staleness: 40, // two of its pollInterval
  async destroy(storage, place) {
    await pools.get(storage)?.end();
    await dropSchema(connectionString, place);
  },
});
