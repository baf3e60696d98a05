// PostgreSQL, against the same written by hand with `pg` and by others, on one server.
import { createPostgresStorage } from '@gati-framework/storage-postgres';
import { manifest } from '../records.mjs';
import { ours } from '../stores/ours.mjs';
import { CONNECTIONS, postgresStores } from '../stores/postgres.mjs';
import { reads, writes } from './store-contest.mjs';

const RECORDS = 5_000;
/** So that the others on the machine seldom come in between. */
const SHORT = { rounds: 31, collect: false };

export const postgres = {
  title: 'PostgreSQL',
  about:
    'By hand, with `pg`: a table with a JSON column, a prepared `get` and `JSON.parse`, and one prepared upsert a write. ' +
    'All on one server on the same machine, with its default durability, ten connections each.',
  open: async (bench) => {
    const connectionString = await bench.postgres();
    const open = (options) =>
      ours(createPostgresStorage({ connectionString, poolSize: CONNECTIONS, ...options }));
    const strong = open({ consistency: 'strong' });
    const others = await postgresStores(connectionString, bench.brief);
    const records = Array.from({ length: RECORDS }, (_, i) => manifest(i, 1));
    for (const store of [strong, ...others]) await store.fill(records);
    await others[0].settle();
    return { strong, cached: open(), others };
  },
  close: async ({ strong, cached, others }) => {
    for (const store of [strong, cached, ...others]) await store.close();
  },
  rows: [
    {
      name: 'postgres-write-64',
      title: 'durable writes from 64 callers',
      bound:
        'What the server does for each record; a group of them is one statement and one wait for its disk.',
      measure: ({ strong, others }, bench) => writes(bench, [strong, ...others], { callers: 64, each: 20 }),
    },
    {
      name: 'postgres-write-1',
      title: 'durable writes from one caller',
      bound:
        'One round trip and one wait for the disk, as by hand; the rest is the history that watchers and replays need.',
      measure: ({ strong, others }, bench) => writes(bench, [strong, ...others], { callers: 1, each: 200 }),
    },
    {
      name: 'postgres-read-64',
      title: 'strong reads from 64 callers',
      bound: 'One statement for half of those who wait, while the answer for the other half is decoded here.',
      measure: ({ strong, others }, bench) =>
        reads(bench, [strong, ...others], { callers: 64, count: 1_600, among: RECORDS }),
    },
    {
      name: 'postgres-read-1',
      title: 'strong reads from one caller',
      bound: 'One round trip.',
      check: true,
      measure: ({ strong, others }, bench) =>
        reads(bench, [strong, ...others], { count: 100, among: RECORDS, ...SHORT }),
    },
    {
      name: 'postgres-read-cached',
      title: 'cached reads',
      bound: 'Looking into the cache; no round trip while the feed is alive.',
      measure: ({ cached, others }, bench) =>
        reads(bench, [cached, ...others], { count: 100, among: 100, ...SHORT }),
    },
  ],
};
