// Questions whose answers must not cost what the store holds.
import { deepEqual } from 'node:assert/strict';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createPostgresStorage } from '@gati-framework/storage-postgres';
import { manifest } from '../records.mjs';
import { ours } from '../stores/ours.mjs';
import { postgresByHand } from '../stores/postgres.mjs';
import { sqliteByHand } from '../stores/sqlite.mjs';

const VERSIONS = 5_000;
const MANIFESTS = 300_000;

/** Ours does not cache here: every answer is asked of the database. */
const BACKENDS = {
  sqlite: {
    title: 'better-sqlite3',
    ours: ({ folder }, name) =>
      createBetterSqlite3Storage({ filename: `${folder}/${name}.db`, cacheSize: 1 }),
    byHand: ({ folder }, name) => sqliteByHand(`${folder}/${name}_by_hand.db`),
  },
  postgres: {
    title: 'PostgreSQL',
    ours: async (bench, name) =>
      createPostgresStorage({
        connectionString: await bench.postgres(),
        schema: name,
        consistency: 'strong',
        historyLimit: 1_000,
      }),
    byHand: async (bench, name) => postgresByHand(await bench.postgres(), `${name}_by_hand`),
  },
};

export const large = {
  title: 'Large stores',
  about: 'Nothing is cached. By hand: an index on handler and creation time; a cursor.',
  rows: Object.keys(BACKENDS).flatMap((backend) => [
    {
      name: `latest-${backend}`,
      title: `${BACKENDS[backend].title}: the latest of 5,000 versions`,
      bound: 'One look-up in an index, and decoding one record.',
      check: true,
      measure: (_, bench) => measureLatest(bench, backend),
    },
    {
      name: `entries-${backend}`,
      title: `${BACKENDS[backend].title}: the first of 300,000 entries`,
      bound: 'Reading one page and decoding its first record.',
      measure: (_, bench) => measureFirstEntry(bench, backend),
    },
  ]),
};

async function filledBoth(bench, backend, name, records) {
  const { ours: open, byHand } = BACKENDS[backend];
  const storage = await open(bench, name);
  const floor = await byHand(bench, name);
  for (const { fill } of [ours(storage), floor]) await fill(records);
  return { storage, floor };
}

async function measureLatest(bench, backend) {
  const versions = Array.from({ length: VERSIONS }, (_, v) => manifest(1, v));
  const { storage, floor } = await filledBoth(bench, backend, `latest_${backend}`, versions);
  const figures = await bench.contest({
    rounds: 7,
    contestants: [
      { who: 'ours', role: 'ours', call: (handlerId) => storage.getManifest(handlerId) },
      { ...floor, call: await floor.indexedLatest() },
    ],
    inputs: () => Array.from({ length: 50 }, () => versions[0].handlerId),
    verify: async ({ call }, [id]) => deepEqual({ ...(await call(id)) }, versions.at(-1)),
  });
  for (const { close } of [storage, floor]) await close();
  return figures;
}

async function measureFirstEntry(bench, backend) {
  const records = Array.from({ length: MANIFESTS }, (_, i) => manifest(i, 1));
  const { storage, floor } = await filledBoth(bench, backend, `entries_${backend}`, records);
  const figures = await bench.contest({
    rounds: 7,
    contestants: [
      { who: 'ours', role: 'ours', call: () => firstOf(storage.entries()) },
      { ...floor, call: floor.firstEntry },
    ],
    inputs: () => Array.from({ length: 5 }),
    verify: async ({ call }) => deepEqual({ ...(await call()) }, records[0]),
  });
  for (const { close } of [storage, floor]) await close();
  return figures;
}

async function firstOf(entries) {
  for await (const { value } of entries) return value;
}
