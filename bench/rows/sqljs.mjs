// sql.js, against the same written by hand, and against a file that is written natively.
import { copyFileSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { manifest } from '../records.mjs';
import { ours } from '../stores/ours.mjs';
import { sqliteByHand } from '../stores/sqlite.mjs';
import { sqlJsByHand } from '../stores/sqljs.mjs';
import { verifyRecords } from '../stores/verify.mjs';
import { reads, writes } from './store-contest.mjs';

const RECORDS = 10_000;

export const sqlJs = {
  title: 'sql.js',
  about:
    'By hand: a table with a JSON column, a prepared `get` and `JSON.parse`; made durable by writing and syncing the exported database. ' +
    'Natively: one autocommit upsert a write with better-sqlite3 and `synchronous = FULL`.',
  open: async ({ folder }) => {
    const filename = `${folder}/sqljs.db`;
    const storage = createSqlJsStorage({ filename });
    const byHand = await sqlJsByHand(`${folder}/exported.db`);
    const native = { ...sqliteByHand(`${folder}/native.db`), who: 'natively, by hand' };
    const records = Array.from({ length: RECORDS }, (_, i) => manifest(i, 1));
    for (const store of [ours(storage), byHand, native]) await store.fill(records);
    return { storage, store: ours(storage), byHand, native, filename };
  },
  close: async ({ storage, byHand, native }) => {
    await storage.close();
    byHand.close();
    native.close();
  },
  rows: [
    {
      name: 'sqljs-write-1',
      title: 'durable writes from one caller',
      bound: 'One wait for the disk for each write, as natively; the rest is SQLite in WebAssembly.',
      measure: ({ store, native }, bench) => writes(bench, [store, native], { callers: 1, each: 300 }),
    },
    {
      name: 'sqljs-write-64',
      title: 'durable writes from 64 callers',
      bound: 'SQLite in WebAssembly; a group of writes waits once for the disk.',
      measure: ({ store, native }, bench) => writes(bench, [store, native], { callers: 64, each: 20 }),
    },
    {
      name: 'sqljs-write-export',
      title: 'durable writes from one caller, against exporting',
      bound: 'As above; by hand every write costs the whole database.',
      measure: ({ store, byHand }, bench) =>
        writes(bench, [store, byHand], { callers: 1, each: 10, rounds: 5 }),
    },
    {
      name: 'sqljs-read-warm',
      title: 'exact reads of warm keys',
      bound: 'Looking into the cache; nobody else can write the database.',
      check: true,
      measure: ({ store, byHand }, bench) =>
        reads(bench, [store, byHand], { count: 500, among: 500, rounds: 51, collect: false }),
    },
    {
      name: 'sqljs-open-log',
      title: 'opening 10,000 records with a full log, against the snapshot alone',
      bound: 'Replaying the log, a statement a record.',
      measure: measureOpening,
    },
  ],
};

async function measureOpening({ storage, store, filename }, bench) {
  await storage.save();
  await fillLog(store, filename);
  const { folder } = bench;
  copyFileSync(filename, `${folder}/opened.snapshot`);
  copyFileSync(`${filename}-oplog`, `${folder}/opened.log`);
  const contestants = [
    opening(folder, { who: 'ours', role: 'ours', withLog: true }),
    opening(folder, { who: 'the snapshot alone', role: 'floor', withLog: false }),
  ];
  const figures = await bench.contest({
    rounds: 5,
    contestants,
    inputs: async (_, { renew }) => [await renew()],
    verify: ({ read }) => verifyRecords(read, [manifest(7, 1)]),
  });
  for (const { close } of contestants) await close();
  return figures;
}

function opening(folder, { withLog, ...contestant }) {
  const filename = `${folder}/opened-${withLog ? 'with' : 'without'}-log.db`;
  let storage;
  return {
    ...contestant,
    renew: async () => {
      await storage?.close();
      rmSync(`${filename}-oplog`, { force: true });
      copyFileSync(`${folder}/opened.snapshot`, filename);
      if (withLog) copyFileSync(`${folder}/opened.log`, `${filename}-oplog`);
      storage = createSqlJsStorage({ filename });
      return storage;
    },
    call: (renewed) => renewed.open(),
    read: (handlerId, version) => storage.getManifest(handlerId, version),
    close: () => storage.close(),
  };
}

/** Writes until the log is about to be folded into the snapshot. */
async function fillLog({ fill }, filename) {
  // As in snapshot-and-log.ts: an eighth of the snapshot, and no less than a mebibyte.
  const full = Math.max(2 ** 20, statSync(filename).size / 8) - 30_000;
  for (let version = 2; logLength(`${filename}-oplog`) < full; version++) {
    await fill(Array.from({ length: 20 }, (_, i) => manifest(i, version)));
  }
}

/** Without the room behind it. */
function logLength(path) {
  if (!existsSync(path)) return 0;
  return readFileSync(path).findLastIndex((byte) => byte !== 0) + 1;
}
