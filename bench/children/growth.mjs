// Usage: node --expose-gc growth.mjs <backend> <who> <records> <place> [fill]
// Tells, as JSON, what a store of that many manifests costs in a process of its own.
import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createPostgresStorage } from '@gati-framework/storage-postgres';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { median } from '../measure/statistics.mjs';
import { manifest, shuffled } from '../records.mjs';
import { ours } from '../stores/ours.mjs';
import { postgresByHand } from '../stores/postgres.mjs';
import { publishedStore } from '../stores/published.mjs';
import { sqliteByHand } from '../stores/sqlite.mjs';
import { verifyRecords } from '../stores/verify.mjs';

const [backend, who, countText, place, step] = process.argv.slice(2);
const count = Number(countText);
const VERSIONS = 10;
const READS = 2_000;
const WRITES = 100;
const ROUNDS = 5;

const [connectionString, schema] = place.split(' ');
const historyLimit = 10_000;
const OPEN = {
  memory: {
    ours: () => ours(createInMemoryStorage()),
    'runtime 2.0.8': publishedStore,
  },
  sqlite: {
    ours: () => ours(createBetterSqlite3Storage({ filename: `${place}.db` })),
    'by hand': () => sqliteByHand(`${place}-by-hand.db`),
  },
  sqljs: { ours: () => ours(createSqlJsStorage({ filename: `${place}-sqljs.db` })) },
  postgres: {
    ours: () => ours(createPostgresStorage({ connectionString, schema, historyLimit })),
    'by hand': () => postgresByHand(connectionString, `${schema}_by_hand`),
  },
};

// All over the store, and among a thousand records that are asked for again and again.
const anywhere = shuffled(count, READS).map(recordAt);
const hot = shuffled(1_000, READS).map((i) => recordAt(Math.floor((i * count) / 1_000)));
const before = memory();
const start = performance.now();
const store = await OPEN[backend][who]();
await store.open?.();
const opened = performance.now() - start;
if (step === 'fill' || backend === 'memory') await fill();
if (step !== 'fill') console.log(JSON.stringify(await measure()));
await store.close();

async function fill() {
  for (let i = 0; i < count; i += 5_000) {
    await store.fill(Array.from({ length: Math.min(5_000, count - i) }, (_, k) => recordAt(i + k)));
  }
  await store.settle?.();
}

async function measure() {
  await verifyRecords(store.read, anywhere);
  const readAnywhere = await timeEach(() => anywhere, read);
  const readHot = await timeEach(() => hot, read);
  const grown = memory();
  const write = await timeEach(newVersions, store.write);
  return {
    opening: opened,
    'read anywhere': readAnywhere,
    'read hot': readHot,
    'durable write': write,
    memory: (grown.rss - before.rss) / 2 ** 20,
    'heap a record': (grown.heap - before.heap) / count,
  };
}

function recordAt(i) {
  return manifest(Math.floor(i / VERSIONS), i % VERSIONS);
}

function read({ handlerId, version }) {
  return store.read(handlerId, version);
}

/** Never stored before, not even by another run. */
function newVersions(round) {
  const first = Date.now() % 1e9;
  return Array.from({ length: WRITES }, (_, i) => manifest(i, first * ROUNDS + round));
}

/** Nanoseconds an operation, in the middle of several rounds. */
async function timeEach(inputs, operation) {
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    const given = inputs(round);
    const roundStart = performance.now();
    for (const input of given) await operation(input);
    times.push(((performance.now() - roundStart) * 1e6) / given.length);
  }
  return median(times);
}

function memory() {
  globalThis.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed + external };
}
