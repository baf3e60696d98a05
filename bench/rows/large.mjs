// Questions whose answers must not cost what the store holds.
import { deepEqual, equal } from 'node:assert/strict';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createPostgresStorage } from '@gati-framework/storage-postgres';
import { manifest } from '../records.mjs';
import { ours } from '../stores/ours.mjs';
import { postgresByHand } from '../stores/postgres.mjs';
import { sqliteByHand } from '../stores/sqlite.mjs';

const VERSIONS = 5_000;
const MANIFESTS = [30_000, 300_000];

/** Ours does not cache here: every answer is asked of the database. */
const BACKENDS = {
  sqlite: {
    title: 'better-sqlite3',
    latest: 'Going through the keys of all versions; only the newest is read.',
    ours: ({ folder }, name) =>
      createBetterSqlite3Storage({ filename: `${folder}/${name}.db`, cacheSize: 1 }),
    byHand: ({ folder }, name) => sqliteByHand(`${folder}/${name}_by_hand.db`),
  },
  postgres: {
    title: 'PostgreSQL',
    latest: 'The round trip; the server finds the newest in an index.',
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
      bound: BACKENDS[backend].latest,
      check: true,
      measure: (_, bench) => measureLatest(bench, backend),
    },
    {
      name: `entries-${backend}`,
      title: `${BACKENDS[backend].title}: entries()`,
      bound: 'Finding the first page in the order of storing; then decoding and freezing each.',
      measure: (_, bench) => measureEntries(bench, backend),
    },
  ]),
};

async function filledBoth(bench, backend, name, records) {
  const { ours: open, byHand } = BACKENDS[backend];
  const storage = await open(bench, name);
  const floor = await byHand(bench, name);
  for (const { fill } of [ours(storage), floor]) await fill(records);
  await floor.settle?.();
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

async function measureEntries(bench, backend) {
  const figures = [];
  for (const at of bench.full ? MANIFESTS : MANIFESTS.slice(0, 1)) {
    const records = Array.from({ length: at }, (_, i) => manifest(i, 1));
    const { storage, floor } = await filledBoth(bench, backend, `entries_${backend}_${at}`, records);
    const entries = {
      ours: async function* () {
        for await (const { value } of storage.entries()) yield value;
      },
      floor: () => floor.entries(),
    };
    const contestant = (who, role) => ({ who, role, call: () => iterate(entries[role], records) });
    figures.push(
      ...(await bench.contestOf({
        rounds: 3,
        at,
        whats: { 'the first': 'ms', 'each of all': 'ns', 'heap meanwhile': 'MiB' },
        contestants: [contestant('ours', 'ours'), contestant('by hand', 'floor')],
      })),
    );
    for (const { close } of [storage, floor]) await close();
  }
  return figures;
}

/** All of them once, and then the first of them alone. */
async function iterate(entries, records) {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  let most = before;
  let count = 0;
  const start = performance.now();
  for await (const record of entries()) {
    if (count % 10_000 === 0) {
      deepEqual({ ...record }, records[count]);
      globalThis.gc?.();
      most = Math.max(most, process.memoryUsage().heapUsed);
    }
    count += 1;
  }
  const all = performance.now() - start;
  equal(count, records.length);
  return {
    'the first': await timeToFirst(entries),
    'each of all': (all * 1e6) / count,
    'heap meanwhile': (most - before) / 2 ** 20,
  };
}

async function timeToFirst(entries) {
  const start = performance.now();
  let first;
  for await (const _ of entries()) {
    first ??= performance.now() - start;
    break;
  }
  return first;
}
