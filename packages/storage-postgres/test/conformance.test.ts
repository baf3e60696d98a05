import type { StorageContract } from '@gati-framework/manifest-store';
import { createPostgresStorage } from '@gati-framework/storage-postgres';
import { describeConformance } from '@gati-framework/storage-testkit/vitest';
import pg from 'pg';
import { inject } from 'vitest';
import { places } from './support/conformance.js';
import { dropSchema } from './support/schemas.js';

const connectionString = inject('postgresUrl');

describeConformance('postgres', {
  ...places,
  create: (place, options) => createPostgresStorage({ connectionString, schema: place, ...options }),
  staleness: 2_000, // two of its pollInterval
});

describeConformance('postgres, every read asking the database', {
  ...places,
  create: (place, options) =>
    createPostgresStorage({ connectionString, schema: place, consistency: 'strong', ...options }),
});

const pools = new WeakMap<StorageContract, pg.Pool>();

describeConformance("postgres, on the caller's pool, by polling alone and without prepared statements", {
  ...places,
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
