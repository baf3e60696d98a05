import { StorageError, type StorageMessage } from '@gati-framework/manifest-store';
import { channels } from '@gati-framework/manifest-store/backend';
import type { PostgresClient } from '../connections/postgres-pool.js';
import { statement } from '../connections/query.js';
import { inTransaction } from '../connections/transaction.js';
import { isMissingColumn, isMissingTable } from '../errors/conditions.js';
import { quoteIdentifier, quoteLiteral } from '../sql/quoting.js';
import { numberAt, textAt } from '../sql/row-values.js';
import { SCHEMA_STEPS, type SchemaStep } from './schema.js';
import { checksumOf, lockMigrations, migrationScript } from './schema-script.js';

export interface PrepareSchemaOptions {
  readonly schema: string;
  readonly migrate: boolean;
  /** As messages name it; absent: by the schema. */
  readonly store?: Pick<StorageMessage, 'backend' | 'store'>;
}

/** What the table of migrations says. */
export interface AppliedStep {
  readonly version: number;
  readonly checksum: string;
  readonly compatibleFrom: number;
}

const OLDEST_SERVER = 13;

/**
 * Makes sure that the schema is one that this library can work with; makes or
 * upgrades it where that is allowed. Any number of processes may do so at once.
 *
 * @param steps What this library knows; another list in tests only.
 */
export async function prepareSchema(
  client: PostgresClient,
  { schema, migrate, store = { backend: 'postgres', store: schema } }: PrepareSchemaOptions,
  steps: readonly SchemaStep[] = SCHEMA_STEPS,
): Promise<void> {
  const applied = await readApplied(client, schema);
  assertUsable(applied, schema, steps);
  if (applied.length >= steps.length) return;
  if (!migrate) throw notMigrated(schema, applied.length, steps.length);
  const take = (): Promise<void> => takeSteps(client, schema, steps);
  if (!channels.migrate.hasSubscribers) return take();
  await channels.migrate.trace({ ...store, from: applied.length, to: steps.length }, take);
}

async function takeSteps(
  client: PostgresClient,
  schema: string,
  steps: readonly SchemaStep[],
): Promise<void> {
  await inTransaction(client, async () => {
    await assertServer(client);
    await run(client, lockMigrations(schema));
    await makeSchema(client, schema);
    // Again: while this process waited for the lock, another one may have done it.
    const found = await readApplied(client, schema);
    assertUsable(found, schema, steps);
    if (found.length < steps.length) await run(client, migrationScript(schema, found.length, steps));
  });
}

/** The steps that were taken, the oldest first; none where there is no store. */
export async function readApplied(client: PostgresClient, schema: string): Promise<AppliedStep[]> {
  // Asked for by name first, as a statement that fails would end the transaction.
  const table = quoteLiteral(`${quoteIdentifier(schema)}.migrations`);
  try {
    const found = await run(client, `SELECT pg_catalog.to_regclass(${table}) IS NOT NULL`);
    if (found[0]?.[0] !== true) return [];
    const text = `SELECT version, checksum, compatible_from FROM ${quoteIdentifier(schema)}.migrations ORDER BY version`;
    return (await run(client, text)).map((row) => ({
      version: numberAt(row, 0),
      checksum: textAt(row, 1),
      compatibleFrom: numberAt(row, 2),
    }));
  } catch (error) {
    if (isMissingTable(error)) return [];
    if (isMissingColumn(error)) throw foreign(schema);
    throw error;
  }
}

function assertUsable(applied: readonly AppliedStep[], schema: string, steps: readonly SchemaStep[]): void {
  for (const { version, checksum } of applied) {
    const step = steps[version - 1];
    if (step !== undefined && checksum !== checksumOf(step)) throw differentStep(schema, version);
  }
  const newest = applied.at(-1);
  if (newest !== undefined && newest.compatibleFrom > steps.length) {
    throw new StorageError(
      'STORAGE_SCHEMA_TOO_NEW',
      `The schema ${JSON.stringify(schema)} has version ${newest.version}, which libraries that know version ` +
        `${newest.compatibleFrom} can use, and this one knows versions up to ${steps.length}; nothing was changed. ` +
        'Update @gati-framework/storage-postgres.',
      { details: { found: newest.version, compatibleFrom: newest.compatibleFrom, supported: steps.length } },
    );
  }
}

async function assertServer(client: PostgresClient): Promise<void> {
  const [row = []] = await run(
    client,
    `SELECT pg_catalog.current_setting('server_version_num')::integer, pg_catalog.current_setting('server_encoding')`,
  );
  const version = numberAt(row, 0);
  const encoding = textAt(row, 1);
  if (version < OLDEST_SERVER * 10_000) {
    throw new StorageError(
      'STORAGE_UNAVAILABLE',
      `PostgreSQL ${OLDEST_SERVER} or newer is needed, and this is ${version}.`,
    );
  }
  if (encoding !== 'UTF8') {
    throw new StorageError(
      'STORAGE_UNAVAILABLE',
      `The database has the encoding ${encoding}, which cannot hold every string; ` +
        "create one with ENCODING 'UTF8' TEMPLATE template0.",
    );
  }
}

async function makeSchema(client: PostgresClient, schema: string): Promise<void> {
  const exists = await run(
    client,
    `SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = ${quoteLiteral(schema)}`,
  );
  if (exists.length === 0) await run(client, `CREATE SCHEMA ${quoteIdentifier(schema)}`);
}

export async function run(client: PostgresClient, text: string): Promise<readonly (readonly unknown[])[]> {
  // Several statements in one text yield several results, and none that is looked at.
  const result = await client.query(statement(text, false)());
  return Array.isArray(result) ? [] : result.rows;
}

function notMigrated(schema: string, found: number, wanted: number): StorageError {
  const state = found === 0 ? 'holds no store' : `has version ${found} of the store's tables`;
  return new StorageError(
    'STORAGE_UNAVAILABLE',
    `The schema ${JSON.stringify(schema)} ${state}, and this storage may not make version ${wanted}. Let a DBA run ` +
      `the SQL that "gati-storage postgres-schema --schema ${schema} --from ${found}" prints, or open a storage first that may make it (neither migrate: false nor readOnly), such as with an import.`,
    { details: { found, wanted } },
  );
}

function foreign(schema: string): StorageError {
  return new StorageError(
    'STORAGE_FOREIGN',
    `The schema ${JSON.stringify(schema)} holds tables of something else; nothing was changed. ` +
      'Name another schema in the option schema.',
  );
}

function differentStep(schema: string, version: number): StorageError {
  return new StorageError(
    'STORAGE_FOREIGN',
    `Step ${version} of the schema ${JSON.stringify(schema)} was made by something other than this library, or by a ` +
      'build that was never released; nothing was changed. Name another schema in the option schema.',
    { details: { version } },
  );
}
