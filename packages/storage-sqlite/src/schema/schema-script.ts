import { StorageError } from '@gati-framework/manifest-store';
import { APPLICATION_ID, SCHEMA_STEPS } from './schema.js';

/**
 * The SQL that makes a store in a SQLite file, or brings one to the newest schema, as opening it does.
 *
 * @param from The schema version that is there already; 0 for an empty file.
 * @throws StorageError `INVALID_OPTIONS` when there is no such version.
 */
export function schemaScript(from = 0): string {
  if (!Number.isInteger(from) || from < 0 || from > SCHEMA_STEPS.length) {
    const message = `from must be a schema version from 0 to ${SCHEMA_STEPS.length}.`;
    throw new StorageError('INVALID_OPTIONS', message, { path: 'from' });
  }
  return `${[
    'BEGIN IMMEDIATE;',
    ...SCHEMA_STEPS.slice(from).map((step) => step.trim()),
    `PRAGMA application_id = ${APPLICATION_ID};`,
    `PRAGMA user_version = ${SCHEMA_STEPS.length};`,
    'COMMIT;',
  ].join('\n')}\n`;
}
