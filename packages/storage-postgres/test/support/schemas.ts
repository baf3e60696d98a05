import pg from 'pg';

/** Runs SQL on a connection of its own. */
export async function runSql(connectionString: string, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}

export async function dropSchema(connectionString: string, schema: string): Promise<void> {
  const name = pg.escapeIdentifier(schema);
  await runSql(connectionString, `SET client_min_messages = warning; DROP SCHEMA IF EXISTS ${name} CASCADE`);
}
