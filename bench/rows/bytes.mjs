// How much is written to keep a record, and what a write costs the processor.
import { existsSync, readFileSync } from 'node:fs';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createPostgresStorage } from '@gati-framework/storage-postgres';
import pg from 'pg';
import { manifest } from '../records.mjs';
import { ours } from '../stores/ours.mjs';
import { postgresByHand } from '../stores/postgres.mjs';
import { sqliteByHand } from '../stores/sqlite.mjs';
import { verifyRecords } from '../stores/verify.mjs';
import { writes } from './store-contest.mjs';

const WRITES = 640;
const WHATS = { 'one caller': 'bytes', '64 callers': 'bytes' };
const IO = '/proc/self/io';

export const bytes = {
  title: 'What a write costs beside the disk',
  about:
    'Bytes a write of a manifest of some 500 bytes of JSON: with SQLite what the process hands to the file system, ' +
    'write-ahead log and database together (Linux tells), with PostgreSQL what the server adds to its log. ' +
    'The time is that of writes that do not wait for the disk.',
  open: async ({ folder }) => {
    const storage = createBetterSqlite3Storage({
      filename: `${folder}/unsynced.db`,
      durability: 'process-crash',
    });
    return { stores: [ours(storage), sqliteByHand(`${folder}/unsynced-by-hand.db`, 'NORMAL')] };
  },
  close: async ({ stores }) => {
    for (const { close } of stores) await close();
  },
  rows: [
    {
      name: 'sqlite-write-unsynced',
      title: 'better-sqlite3: writes from one caller, not synced',
      bound: 'Three tables where there is one by hand, and a transaction around them.',
      check: true,
      measure: ({ stores }, bench) => writes(bench, stores, { callers: 1, each: 300 }),
    },
    {
      name: 'sqlite-bytes',
      title: 'better-sqlite3: bytes a write',
      bound: 'Whole pages: of the values, of their keys, of the log of commits.',
      measure: async ({ stores }, bench) =>
        existsSync(IO) ? measureBytes(bench, stores, async () => writtenByThisProcess()) : [],
    },
    {
      name: 'postgres-bytes',
      title: 'PostgreSQL: bytes a write',
      bound: 'The record, its key, and a row for its commit, each with its index.',
      measure: async (_, bench) => {
        const connectionString = await bench.postgres();
        const client = new pg.Client({ connectionString });
        await client.connect();
        const stores = [
          ours(createPostgresStorage({ connectionString, schema: 'bytes' })),
          await postgresByHand(connectionString, 'bytes_by_hand'),
        ];
        const written = async () => {
          const { rows } = await client.query("SELECT pg_current_wal_insert_lsn() - '0/0' AS written");
          return Number(rows[0].written);
        };
        const figures = await measureBytes(bench, stores, written);
        for (const { close } of stores) await close();
        await client.end();
        return figures;
      },
    },
  ],
};

async function measureBytes(bench, stores, written) {
  const bytesEach = async ({ write, read }, callers, version) => {
    const records = Array.from({ length: WRITES }, (_, i) => manifest(i, version));
    const before = await written();
    const caller = async (first) => {
      for (let i = first; i < WRITES; i += callers) await write(records[i]);
    };
    await Promise.all(Array.from({ length: callers }, (_, c) => caller(c)));
    const after = await written();
    await verifyRecords(read, records);
    return (after - before) / WRITES;
  };
  return bench.contestOf({
    rounds: 5,
    whats: WHATS,
    contestants: stores.map((store) => ({
      ...store,
      call: async (round) => ({
        'one caller': await bytesEach(store, 1, 1_000_000 + 2 * round),
        '64 callers': await bytesEach(store, 64, 1_000_001 + 2 * round),
      }),
    })),
  });
}

/** Bytes, since its beginning. */
function writtenByThisProcess() {
  return Number(/^wchar: (\d+)/m.exec(readFileSync(IO, 'utf8'))[1]);
}
