import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { open, ownSchema } from './support/faults.js';
import { runSql } from './support/schemas.js';

const VERSIONS = 5_000;
const READS = 200;
const TIME_TO_COUNT = { timeout: 30_000 };

/** Pages of the table `store` that were looked at. The server counts what a session has done when that ends. */
async function pagesRead(connectionString: string, schema: string): Promise<number> {
  const text = `SELECT heap_blks_hit + heap_blks_read AS pages FROM pg_statio_user_tables
    WHERE schemaname = '${schema}' AND relname = 'store'`;
  const { rows } = await runSql(connectionString, text);
  return Number(rows[0]?.pages);
}

test('reads go past the versions of the row of the store that somebody’s snapshot keeps', async () => {
  const { connectionString, schema } = ownSchema();
  const options = { connectionString, schema, listen: false, pollInterval: 600_000 };
  await open(options).open();
  const holder = new pg.Client(connectionString);
  await holder.connect();
  onTestFinished(() => holder.end());
  await holder.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await holder.query(`SELECT FROM "${schema}".store`);
  const update = `UPDATE "${schema}".store SET next_position = next_position + 1;`;
  await runSql(connectionString, `DO $$ BEGIN FOR n IN 1..${VERSIONS} LOOP ${update} END LOOP; END $$`);
  const { rows } = await runSql(
    connectionString,
    `SELECT pg_relation_size('"${schema}".store') / current_setting('block_size')::bigint AS pages`,
  );
  const size = Number(rows[0]?.pages);
  expect(size).toBeGreaterThan(20);

  const before = await vi.waitFor(async () => {
    const pages = await pagesRead(connectionString, schema);
    expect(pages).toBeGreaterThan(VERSIONS);
    return pages;
  }, TIME_TO_COUNT);
  const storage = open(options);
  for (let n = 0; n < READS; n += 1) expect(await storage.getGType(`absent ${n}`)).toBeUndefined();
  await Promise.all(Array.from({ length: READS }, (_, n) => storage.getGType(`gone ${n}`)));
  await storage.close();
  await vi.waitFor(
    async () => expect(await pagesRead(connectionString, schema)).toBeGreaterThan(before + READS),
    TIME_TO_COUNT,
  );
  expect(await pagesRead(connectionString, schema)).toBeLessThan(before + 4 * READS);
});
