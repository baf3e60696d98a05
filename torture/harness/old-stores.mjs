// Stores as older versions of the libraries made them, before anything was written.
import Database from 'better-sqlite3';
import pg from 'pg';
import { prepareSchema } from '../../packages/storage-postgres/dist/schema/migrate.js';
import { SCHEMA_STEPS as POSTGRES_STEPS } from '../../packages/storage-postgres/dist/schema/schema.js';
import { APPLICATION_ID, SCHEMA_STEPS } from '../../packages/storage-sqlite/dist/schema/schema.js';
import { BACKENDS } from './backends.mjs';

/** How many versions of the schema a backend has. */
export function schemaVersions(backend) {
  return BACKENDS[backend].kind === 'file' ? SCHEMA_STEPS.length : POSTGRES_STEPS.length;
}

/** @param {number} version 0 makes nothing. */
export async function makeOldStore(backend, place, version) {
  if (version === 0) return;
  if (BACKENDS[backend].kind === 'file') makeOldFile(place, version);
  else await makeOldSchema(place, version);
}

function makeOldFile(place, version) {
  const database = new Database(place);
  try {
    database.pragma('journal_mode = WAL');
    for (const step of SCHEMA_STEPS.slice(0, version)) database.exec(step);
    database.pragma(`application_id = ${APPLICATION_ID}`);
    database.pragma(`user_version = ${version}`);
  } finally {
    database.close();
  }
}

async function makeOldSchema(place, version) {
  const url = new URL(place);
  const schema = url.searchParams.get('schema');
  url.searchParams.delete('schema');
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await prepareSchema(client, { schema, migrate: true }, POSTGRES_STEPS.slice(0, version));
  } finally {
    await client.end();
  }
}
