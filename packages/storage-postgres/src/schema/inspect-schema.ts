import { Connections } from '../connections/connections.js';
import type { PostgresClient } from '../connections/postgres-pool.js';
import { DatabaseTroubleLog } from '../database-trouble-log.js';
import { type PostgresStorageOptions, resolveOptions } from '../options/options.js';
import { numberAt, textAt } from '../sql/row-values.js';
import { storeSize } from '../sql/store-size.js';
import { readApplied, run } from './migrate.js';
import { SCHEMA_STEPS } from './schema.js';

/** What a schema says of itself without being opened as a store. */
export interface SchemaInspection {
  readonly database: string;
  readonly schema: string;
  /** Version of the server, e.g. `18.1`. */
  readonly server: string;
  /** Tells one running server from others, whatever they are called; another one after a restart. */
  readonly instance: string;
  /** Schema version of the store; 0 where there is none yet. */
  readonly schemaVersion: number;
  /** The newest schema version that this library knows. */
  readonly knownVersion: number;
  /** Bytes of its tables with their indexes; 0 where there is no store. */
  readonly bytes: number;
}

/**
 * Looks at the schema of a store, and changes nothing: also where none is yet, or one that this library would have to upgrade.
 *
 * @example
 * import { inspectSchema } from '@gati-framework/storage-postgres';
 *
 * const { schemaVersion, knownVersion } = await inspectSchema({ connectionString: 'postgres://app@localhost/gati' });
 */
export async function inspectSchema(options: PostgresStorageOptions = {}): Promise<SchemaInspection> {
  const resolved = resolveOptions(options);
  const connections = new Connections(resolved, new DatabaseTroubleLog(resolved.log));
  try {
    return await connections.retry(() => connections.use((client) => inspect(client, resolved.schema)));
  } finally {
    await connections.end();
  }
}

async function inspect(client: PostgresClient, schema: string): Promise<SchemaInspection> {
  const applied = await readApplied(client, schema);
  const [row = []] = await run(
    client,
    `SELECT pg_catalog.current_database()::text, pg_catalog.current_setting('server_version'),
  ${storeSize(schema)},
  extract(epoch FROM pg_catalog.pg_postmaster_start_time())::text`,
  );
  return {
    database: textAt(row, 0),
    schema,
    server: textAt(row, 1),
    instance: textAt(row, 3),
    schemaVersion: applied.at(-1)?.version ?? 0,
    knownVersion: SCHEMA_STEPS.length,
    bytes: applied.length === 0 ? 0 : numberAt(row, 2),
  };
}
