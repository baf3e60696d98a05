import type { Entry } from '@gati-framework/manifest-store';
import type { PostgresPool, PostgresQuery } from '@gati-framework/storage-postgres';
import pg from 'pg';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { open, ownSchema } from './support/faults.js';
import { runSql } from './support/schemas.js';

const MIB = 1024 * 1024;
const PAGE = 4 * MIB;

/** A pool that notes how much text each answer brings. */
function weighingPool(): { pool: PostgresPool; answers: number[] } {
  const pool = new pg.Pool({ connectionString: inject('postgresUrl'), max: 6 });
  onTestFinished(() => pool.end());
  const answers: number[] = [];
  const weigh = async (client: pg.PoolClient, query: PostgresQuery) => {
    const result = await client.query(query as pg.QueryArrayConfig);
    const cells = [result].flat().flatMap(({ rows }) => (rows as unknown[][]).flat());
    answers.push(cells.reduce<number>((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 0), 0));
    return result;
  };
  const weighing: PostgresPool = {
    on: (event, listener) => pool.on(event, listener),
    removeListener: (event, listener) => pool.removeListener(event, listener),
    options: pool.options,
    async connect() {
      const client = await pool.connect();
      return {
        query: (query) => weigh(client, query),
        release: (destroy) => client.release(destroy),
        on: (event, listener) => client.on(event as 'error', listener),
        removeListener: (event, listener) => client.removeListener(event, listener),
        getTransactionStatus: () => client.getTransactionStatus(),
      };
    },
  };
  return { pool: weighing, answers };
}

test('no answer of the server is larger than a page, or than the one record or commit that is', async () => {
  const { pool, answers } = weighingPool();
  const storage = open({ pool, schema: ownSchema().schema, consistency: 'strong' });
  const big = (mib: number): string => 'ä'.repeat((mib * MIB) / 2);
  const sizes = [1.5, 1.5, 0.1, 6, 1.5, 1.5, 1.5, 0.1, 0.1, 1.5];
  for (const [n, size] of sizes.entries()) {
    await storage.storeGType(gtype(`${n}`, big(size)));
    await storage.storeManifest({ ...manifest('h', `1.0.${n}`), path: big(size) });
  }
  await storage.commit([
    { put: 'gtype', value: gtype('first of two', big(3)) },
    { put: 'gtype', value: gtype('second of two', big(3)) },
  ]);

  answers.length = 0;
  const found: Entry[] = [];
  for await (const entry of storage.entries()) found.push(entry);
  for await (const entry of storage.entries({ handlerId: 'h' })) found.push(entry);
  expect(found).toHaveLength(2 * sizes.length + 2 + sizes.length);
  // In bytes a character takes two, so an answer has half as many characters.
  expect(Math.max(...answers)).toBeLessThan(3 * MIB + 10_000);

  answers.length = 0;
  const last = 2 * sizes.length + 1;
  const revisions: number[] = [];
  for await (const { revision, changes } of storage.watch({ after: 0 })) {
    revisions.push(revision);
    expect(changes).toHaveLength(revision === last ? 2 : 1);
    if (revision === last) break;
  }
  expect(revisions).toEqual(Array.from({ length: last }, (_, i) => i + 1));
  expect(Math.max(...answers)).toBeLessThan(3 * MIB + 10_000);

  answers.length = 0;
  const names = [...sizes.keys(), 'missing', ...sizes.keys()].map(String);
  const read = await Promise.all(names.map((ref) => storage.getGType(ref)));
  expect(read.map((record) => record?.ref ?? 'missing')).toEqual(names);
  expect(Math.max(...answers)).toBeLessThan(3 * MIB + 10_000);
  expect(answers.length).toBeLessThan(names.length);
  expect(PAGE).toBeLessThan(answers.reduce((sum, size) => sum + size, 0));
});

test('pages of many small records and commits go on until the end', async () => {
  const storage = open(ownSchema());
  const refs = Array.from({ length: 1_001 }, (_, n) => `${n}`);
  await storage.commit(refs.slice(0, 500).map((ref) => ({ put: 'gtype', value: gtype(ref) }) as const));
  for (const ref of refs.slice(500, 510)) await storage.storeGType(gtype(ref));
  await storage.commit(refs.slice(510).map((ref) => ({ put: 'gtype', value: gtype(ref) }) as const));
  const found: string[] = [];
  for await (const entry of storage.entries()) if (entry.kind === 'gtype') found.push(entry.key.ref);
  expect(found).toEqual(refs);
  const changes: number[] = [];
  for await (const event of storage.watch({ after: 0 })) {
    changes.push(event.changes.length);
    if (event.revision === 12) break;
  }
  expect(changes).toEqual([500, ...Array(10).fill(1), 491]);
});

test.each([
  { skipped: 1, size: 2_001 },
  { skipped: 1, size: 1 },
  { skipped: 300, size: 1 },
])(
  'a watch goes on behind $skipped revisions that no commit has, as version 1 left them, with a commit of $size changes',
  async ({ skipped, size }) => {
    const place = ownSchema();
    const storage = open(place);
    await storage.storeGType(gtype('before'));
    await runSql(
      place.connectionString,
      `UPDATE "${place.schema}".store SET revision = revision + ${skipped}`,
    );
    const put = (n: number) => ({ put: 'gtype', value: gtype(`${n}`) }) as const;
    const revision = await storage.commit(Array.from({ length: size }, (_, n) => put(n)));
    expect(revision).toBe(2 + skipped);
    expect(await storage.commit([put(0)])).toBe(revision + 1);
    const watch = storage.watch({ after: 1 });
    expect((await watch.next()).value).toMatchObject({ revision, changes: { length: size } });
    expect((await watch.next()).value).toMatchObject({ revision: revision + 1, changes: { length: 1 } });
  },
);

test('an iteration, a watch and single reads read each record and change once or twice, also of tables that the server has no statistics of', async () => {
  const place = ownSchema();
  const { connectionString, schema } = place;
  // Whose feed reads nothing: the server counts that at any time until its session has ended.
  const writer = open({ ...place, listen: false, pollInterval: 600_000 });
  await writer.open();
  for (const table of ['records', 'changes']) {
    await runSql(connectionString, `ALTER TABLE "${schema}".${table} SET (autovacuum_enabled = off)`);
  }
  const refs = Array.from({ length: 2_000 }, (_, n) => `${n}`);
  for (let n = 0; n < 20; n += 1) {
    const some = refs.slice(n * 100, n * 100 + 100);
    await writer.commit(some.map((ref) => ({ put: 'gtype', value: gtype(ref) }) as const));
  }
  await writer.close();
  const before = await tuplesRead(place);
  // A poll would read, too, if the test took as long.
  const storage = open({ ...place, consistency: 'strong', pollInterval: 600_000 });
  for await (const { kind } of storage.entries()) expect(kind).toBe('gtype');
  for await (const { revision } of storage.watch({ after: 0 })) if (revision === 20) break;
  await Promise.all(refs.map((ref) => storage.getGType(ref)));
  await storage.close();
  const timesRead = async (): Promise<[string, number][]> =>
    [...(await tuplesRead(place))].map(([table, count]) => [
      table,
      Math.round((count - (before.get(table) ?? 0)) / refs.length),
    ]);
  await vi.waitFor(
    async () => expect(Object.fromEntries(await timesRead())).toEqual({ records: 2, changes: 2 }),
    { timeout: 30_000 },
  );
});

/** By table. The server counts what a session reads when that ends. */
async function tuplesRead({ connectionString, schema }: { connectionString: string; schema: string }) {
  const text = `SELECT relname, (seq_tup_read + coalesce(idx_tup_fetch, 0))::integer AS count FROM pg_stat_user_tables
    WHERE schemaname = '${schema}' AND relname IN ('records', 'changes')`;
  const { rows } = await runSql(connectionString, text);
  return new Map<string, number>(rows.map(({ relname, count }) => [relname, count]));
}
