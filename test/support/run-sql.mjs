import pg from 'pg';

/** Runs SQL on a connection of its own. @param {string} connectionString @param {string} text */
export async function runSql(connectionString, text) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}
