import type { Storage } from '@gati-framework/manifest-store';
import { RecordStorage } from '@gati-framework/storage-kit';
import { type PostgresStorageOptions, resolveOptions } from './options/options.js';
import { PostgresRecordDriver } from './postgres-record-driver.js';

export type {
  PostgresClient,
  PostgresPool,
  PostgresQuery,
  PostgresResult,
} from './connections/postgres-pool.js';
export type { PostgresStorageOptions } from './options/options.js';
export { inspectSchema, type SchemaInspection } from './schema/inspect-schema.js';
export { type SchemaScriptOptions, schemaScript } from './schema/schema-script.js';

/**
 * A storage in one schema of a PostgreSQL database, shared by any number of
 * instances.
 *
 * A resolved write is committed, and so survives what the server is set up to
 * survive. Reads are served from memory while the change feed is known to be
 * alive, and are then a few milliseconds old at most usually; `consistency:
 * 'strong'` asks the database every time.
 *
 * @example
 * import { createManifestStore } from '@gati-framework/manifest-store';
 * import { createPostgresStorage } from '@gati-framework/storage-postgres';
 *
 * const store = createManifestStore(createPostgresStorage({ connectionString: 'postgres://app@localhost/gati' }));
 */
export function createPostgresStorage(options: PostgresStorageOptions = {}): Storage {
  const resolved = resolveOptions(options);
  return new RecordStorage(new PostgresRecordDriver(resolved), resolved);
}
