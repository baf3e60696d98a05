// better-sqlite3, against the same written by hand and by others, all with WAL and FULL.
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { manifest } from '../records.mjs';
import { ours } from '../stores/ours.mjs';
import { sqliteStores } from '../stores/sqlite.mjs';
import { reads, writes } from './store-contest.mjs';

const RECORDS = 10_000;
/** So that the others on the machine seldom come in between. */
const SHORT = { rounds: 51, collect: false };

export const betterSqlite3 = {
  title: 'better-sqlite3',
  about:
    'By hand: a table with a JSON column, a prepared `get` and `JSON.parse`, and one autocommit upsert a write. ' +
    'All with a write-ahead log and `synchronous = FULL`, but where it says "not synced".',
  open: async (bench) => {
    const filename = `${bench.folder}/ours.db`;
    const stores = [ours(createBetterSqlite3Storage({ filename })), ...sqliteStores(bench)];
    const records = Array.from({ length: RECORDS }, (_, i) => manifest(i, 1));
    for (const store of stores) await store.fill(records);
    return { stores, synced: stores.filter(({ note }) => note === undefined), filename };
  },
  close: async ({ stores }) => {
    for (const store of stores) await store.close();
  },
  rows: [
    {
      name: 'sqlite-write-64',
      title: 'durable writes from 64 callers',
      bound: 'One wait for the disk for all that gather while the one before it is under way.',
      measure: ({ stores }, bench) => writes(bench, stores, { callers: 64, each: 20 }),
    },
    {
      name: 'sqlite-write-1',
      title: 'durable writes from one caller',
      bound:
        'A wait for the disk for each write, as by hand, and as many pages; the rest is copying, encoding and checking a record, and the steps of a transaction.',
      measure: ({ stores }, bench) => writes(bench, stores, { callers: 1, each: 300 }),
    },
    {
      name: 'sqlite-read-warm',
      title: 'exact reads of warm keys',
      bound: 'Asking SQLite whether another process has committed since.',
      check: true,
      measure: ({ synced }, bench) => reads(bench, synced, { count: 500, among: 500, ...SHORT }),
    },
    {
      name: 'sqlite-read-cold',
      title: 'exact reads past the cache',
      bound: 'One prepared statement, and decoding and freezing what it finds.',
      check: true,
      measure: async ({ synced, filename }, bench) => {
        // So small a cache that nothing stays in it: every read goes to the database.
        const cold = ours(createBetterSqlite3Storage({ filename, cacheSize: 1 }));
        const [, ...others] = synced;
        const figures = await reads(bench, [cold, ...others], { count: 500, among: RECORDS, ...SHORT });
        await cold.close();
        return figures;
      },
    },
  ],
};
