// The SQLite of Node.js against better-sqlite3, each under the storage of its package, in one process.
//
// It needs a Node.js that has both: node --expose-gc bench/node-sqlite.mjs
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createNodeSqliteStorage } from '@gati-framework/storage-node-sqlite';
import { Bench } from './measure/bench.mjs';
import { formatRatio, formatTime } from './measure/format.mjs';
import { manifest } from './records.mjs';
import { reads, writes } from './rows/store-contest.mjs';
import { ours } from './stores/ours.mjs';

const RECORDS = 10_000;
/** So that the others on the machine seldom come in between. */
const SHORT = { rounds: 51, collect: false };

const bench = new Bench();
try {
  const node = { filename: `${bench.folder}/node-sqlite.db` };
  const better = { filename: `${bench.folder}/better-sqlite3.db` };
  const [first, second] = pair(createNodeSqliteStorage(node), createBetterSqlite3Storage(better));
  const records = Array.from({ length: RECORDS }, (_, i) => manifest(i, 1));
  for (const store of [first, second]) await store.fill(records);
  const stores = [first, second];
  console.log(`Node.js ${process.versions.node}`);
  show('warm reads', await reads(bench, stores, { count: 500, among: 500, ...SHORT }));
  const cold = pair(
    createNodeSqliteStorage({ ...node, cacheSize: 1 }),
    createBetterSqlite3Storage({ ...better, cacheSize: 1 }),
  );
  show('cold reads', await reads(bench, cold, { count: 500, among: RECORDS, ...SHORT }));
  show('writes, one caller', await writes(bench, stores, { callers: 1, each: 100, rounds: 15 }));
  show('writes, 64 callers', await writes(bench, stores, { callers: 64, each: 20, rounds: 15 }));
  for (const store of [...stores, ...cold]) await store.close();
} finally {
  await bench.close();
}

function pair(node, better) {
  return [
    { ...ours(node), who: 'node:sqlite' },
    { ...ours(better), who: 'better-sqlite3', role: 'peer' },
  ];
}

/** A ratio above 1 is how many times as long better-sqlite3 takes. */
function show(what, figures) {
  const times = figures.map(({ who, median }) => `${who} ${formatTime(median)}`).join(', ');
  const { ratio } = figures[1];
  const spread = `${formatRatio(ratio.low)} to ${formatRatio(ratio.high)}`;
  console.log(`${what}: ${times}, ratio ${formatRatio(ratio.median)} (${spread})`);
}
