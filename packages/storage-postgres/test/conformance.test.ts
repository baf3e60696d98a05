import type { StorageContract } from '@gati-framework/manifest-store';
import { createPostgresStorage } from '@gati-framework/storage-postgres';
import { describeConformance } from '@gati-framework/storage-testkit/vitest';
import pg from 'pg';
import { inject } from 'vitest';
import { dropSchema } from './schemas.js';

const connectionString = inject('postgresUrl');

describeConformance('postgres', {
  create: (place) => createPostgresStorage({ connectionString, schema: place }),
  destroy: (_, place) => dropSchema(connectionString, place),
});

describeConformance('postgres, every read asking the database', {
  create: (place) => createPostgresStorage({ connectionString, schema: place, consistency: 'strong' }),
  destroy: (_, place) => dropSchema(connectionString, place),
});

const pools = new WeakMap<StorageContract, pg.Pool>();

describeConformance("postgres, on the caller's pool, by polling alone and without prepared statements", {
  create(place) {
    const pool = new pg.Pool({ connectionString, max: 4 });
    const storage = createPostgresStorage({
      pool,
      schema: place,
      listen: false,
      pollInterval: 20,
      preparedStatements: false,
    });
    pools.set(storage, pool);
    return storage;
  },
  async destroy(storage, place) {
    await pools.get(storage)?.end();
    await dropSchema(connectionString, place);
  },
});
