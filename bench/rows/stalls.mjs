// How long a large commit keeps everybody else from going on.
import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createPostgresStorage } from '@gati-framework/storage-postgres';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { disturbance } from '../measure/disturbance.mjs';
import { manifest } from '../records.mjs';
import { ours } from '../stores/ours.mjs';
import { postgresByHand } from '../stores/postgres.mjs';
import { publishedStore } from '../stores/published.mjs';
import { sqliteByHand } from '../stores/sqlite.mjs';
import { sqlJsByHand } from '../stores/sqljs.mjs';
import { verifyRecords } from '../stores/verify.mjs';

const SIZES = [6_000, 30_000];
const WHATS = { 'longest stall': 'ms', 'slowest cached read': 'ms', 'the commit': 'ms' };

const BY_HAND = { who: 'by hand', role: 'floor' };

/** Each store is opened anew for each turn, in a place of its own. */
const ROWS = [
  {
    backend: 'memory',
    title: 'in memory',
    bound: 'Validating, copying and freezing each record.',
    openOurs: () => ours(createInMemoryStorage()),
    other: { who: 'runtime 2.0.8', role: 'peer', note: 'one call a record', open: publishedStore },
  },
  {
    backend: 'sqlite',
    title: 'better-sqlite3',
    bound: 'The transaction, which better-sqlite3 runs on the thread of its caller.',
    openOurs: ({ file }) => ours(createBetterSqlite3Storage({ filename: file })),
    other: { ...BY_HAND, open: ({ file }) => sqliteByHand(file) },
  },
  {
    backend: 'sqljs',
    title: 'sql.js',
    bound: 'The transaction, which WebAssembly runs on the thread of its caller.',
    openOurs: ({ file }) => ours(createSqlJsStorage({ filename: file })),
    other: { ...BY_HAND, open: ({ file }) => sqlJsByHand(file) },
  },
  {
    backend: 'postgres',
    title: 'PostgreSQL',
    bound: 'Encoding what is sent, and reading the answer; the server works elsewhere.',
    openOurs: ({ connectionString, schema }) => ours(createPostgresStorage({ connectionString, schema })),
    other: { ...BY_HAND, open: ({ connectionString, schema }) => postgresByHand(connectionString, schema) },
  },
];

export const stalls = {
  title: 'While many records are committed',
  about:
    '6,000 and 30,000 records in one commit to a new store. A stall is how long the event loop did not turn; ' +
    'meanwhile another caller reads one record again and again, which is cached where there is a cache. ' +
    'By hand: all of them in one transaction.',
  rows: ROWS.map((row) => ({
    name: `stall-${row.backend}`,
    title: row.title,
    bound: row.bound,
    measure: async (_, bench) => {
      const figures = [];
      for (const at of SIZES) figures.push(...(await measureCommits(bench, row, at)));
      return figures;
    },
  })),
};

async function measureCommits(bench, { backend, openOurs, other }, at) {
  const connectionString = backend === 'postgres' ? await bench.postgres() : undefined;
  let turn = 0;
  const call = async (opening) => {
    turn += 1;
    const name = `stall_${backend}_${at}_${turn}`;
    const store = await opening({ file: `${bench.folder}/${name}.db`, connectionString, schema: name });
    const told = await commitAtOnce(store, at);
    await store.close();
    return { 'longest stall': told.stall, 'slowest cached read': told.read, 'the commit': told.whole };
  };
  return bench.contestOf({
    rounds: bench.full ? 9 : 3,
    at,
    whats: WHATS,
    contestants: [
      { who: 'ours', role: 'ours', call: () => call(openOurs) },
      { ...other, call: () => call(other.open) },
    ],
  });
}

async function commitAtOnce(store, count) {
  const known = manifest(7, 0);
  const { handlerId, version } = known;
  await store.commit([known]);
  await store.read(handlerId, version);
  const records = Array.from({ length: count }, (_, i) => manifest(i, 1));
  const told = await disturbance(
    () => store.commit(records),
    () => store.read(handlerId, version),
  );
  await verifyRecords(store.read, [known, ...records]);
  return told;
}
