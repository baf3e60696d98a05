import pg from 'pg';
import { runSql } from '../../../../test/support/run-sql.mjs';

export { runSql };

export async function dropSchema(connectionString: string, schema: string): Promise<void> {
  const name = pg.escapeIdentifier(schema);
  await runSql(connectionString, `SET client_min_messages = warning; DROP SCHEMA IF EXISTS ${name} CASCADE`);
}
