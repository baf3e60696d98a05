import { createHash } from 'node:crypto';
import { StorageError } from '@gati-framework/manifest-store';
import { readOptions } from '@gati-framework/manifest-store/backend';
import { digestOf } from '@gati-framework/storage-kit';
import { readName } from '../options/names.js';
import { quoteIdentifier, quoteLiteral } from '../sql/quoting.js';
import { SCHEMA_STEPS, type SchemaStep } from './schema.js';

/** Names the lock that migrations take: "Gati" in ASCII. */
const LOCK_CLASS = 0x47617469;

/** What identifies a step, whatever the schema is called. */
export function checksumOf(step: SchemaStep): string {
  return createHash('sha256').update(step.sql('gati')).digest('hex');
}

/** Until the end of the transaction, nobody else migrates this schema, and names are what PostgreSQL means by them. */
export function lockMigrations(schema: string): string {
  return `SET LOCAL search_path TO pg_catalog, pg_temp;
SELECT pg_catalog.pg_advisory_xact_lock(${LOCK_CLASS}, ${digestOf(schema) | 0});`;
}

/** The statements that bring a schema from version `from` to the last of `steps`, for one transaction. */
export function migrationScript(
  schema: string,
  from = 0,
  steps: readonly SchemaStep[] = SCHEMA_STEPS,
): string {
  const s = quoteIdentifier(schema);
  const parts: string[] = [];
  if (from === 0) {
    parts.push(`
CREATE TABLE ${s}.migrations (
  version integer PRIMARY KEY,
  checksum text NOT NULL,
  compatible_from integer NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);`);
  }
  steps.forEach((step, i) => {
    if (i < from) return;
    parts.push(
      step.sql(schema),
      `INSERT INTO ${s}.migrations (version, checksum, compatible_from)
  VALUES (${i + 1}, ${quoteLiteral(checksumOf(step))}, ${step.compatibleFrom});`,
    );
  });
  return parts.join('\n');
}

export interface SchemaScriptOptions {
  /** Schema that holds the store. Default: `gati`. */
  schema?: string;
  /** A role that is to read and write the store, and nothing else. */
  role?: string;
  /** A role that is only to read it. */
  readOnlyRole?: string;
  /** The schema version that is there already. Default: 0, nothing. */
  from?: number;
}

/**
 * The SQL that makes or upgrades a store, for a DBA to run where applications
 * may not (`migrate: false`).
 */
export function schemaScript(given: SchemaScriptOptions = {}): string {
  const options = readOptions(given, ['schema', 'role', 'readOnlyRole', 'from']);
  const { role, readOnlyRole, from = 0 } = options;
  const schema = readName(options.schema ?? 'gati', 'options.schema');
  for (const name of ['role', 'readOnlyRole'] as const) {
    if (options[name] !== undefined) readName(options[name], `options.${name}`);
  }
  if (!Number.isInteger(from) || from < 0 || from > SCHEMA_STEPS.length) {
    const message = `options.from must be a schema version from 0 to ${SCHEMA_STEPS.length}.`;
    throw new StorageError('INVALID_OPTIONS', message, { path: 'options.from' });
  }
  const s = quoteIdentifier(schema);
  const parts = ['BEGIN ISOLATION LEVEL READ COMMITTED;', lockMigrations(schema)];
  if (from === 0) parts.push(`CREATE SCHEMA IF NOT EXISTS ${s};`);
  parts.push(migrationScript(schema, from).trim());
  if (role !== undefined) parts.push(grantWriting(s, quoteIdentifier(role)));
  if (readOnlyRole !== undefined) parts.push(grantReading(s, quoteIdentifier(readOnlyRole)));
  parts.push('COMMIT;');
  return `${parts.join('\n')}\n`;
}

function grantReading(schema: string, role: string): string {
  return `
GRANT USAGE ON SCHEMA ${schema} TO ${role};
GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${role};`;
}

function grantWriting(schema: string, role: string): string {
  const table = (name: string): string => `${schema}.${name}`;
  return `${grantReading(schema, role)}
GRANT UPDATE ON ${table('store')} TO ${role};
GRANT INSERT, UPDATE, DELETE ON ${table('records')}, ${table('record_counts')} TO ${role};
GRANT INSERT, DELETE ON ${table('changes')} TO ${role};
GRANT EXECUTE ON FUNCTION ${table('commit_changes')}, ${table('forget_past')} TO ${role};`;
}
