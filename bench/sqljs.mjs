// The sql.js backend against what one would write by hand, and against itself
// at other sizes.
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import Database from 'better-sqlite3';
import initSqlJs from 'sql.js';
import { compare } from './measure.mjs';
import { manifest, shuffled } from './records.mjs';

const TABLE =
  'CREATE TABLE manifests (handler_id TEXT, version TEXT, value TEXT, PRIMARY KEY (handler_id, version))';
const UPSERT = 'INSERT INTO manifests VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value';

export async function* sqlJsBenchmarks(folder) {
  const SQL = await initSqlJs();

  const filename = `${folder}/sqljs.db`;
  const storage = await filledStorage(filename, 10_000);
  const byHand = filledTable(SQL, 10_000);
  yield {
    name: 'durable put at 10,000 records, against writing the exported database',
    target: 50,
    ...(await compare({
      rounds: 5,
      operations: 20,
      ours: { run: () => putEach(storage, 20) },
      peer: { run: () => exportEach(byHand, `${folder}/exported.db`, 20) },
    })),
  };

  const hot = shuffled(500, 20_000).map((n) => `orders.handler-${n}`);
  const get = byHand.prepare('SELECT value FROM manifests WHERE handler_id = ? AND version = ?');
  yield {
    name: 'read of a warm key, against a prepared get and JSON.parse',
    target: 10,
    ...(await compare({
      operations: hot.length,
      ours: {
        run: async () => {
          for (const id of hot) await storage.getManifest(id, '1.1.0');
        },
      },
      peer: {
        run: async () => {
          for (const id of hot) await readByHand(get, id);
        },
      },
    })),
  };

  const native = nativeTable(`${folder}/native.db`);
  yield {
    name: "durable put from one caller, against better-sqlite3's FULL commit",
    target: 0.5,
    ...(await compare({
      rounds: 9,
      operations: 300,
      ours: { run: () => putEach(storage, 300) },
      peer: {
        run: async () => {
          for (const record of someManifests(300)) await native.put(record);
        },
      },
    })),
  };
  native.close();

  yield {
    name: 'durable put from 64 callers, against one caller',
    target: 10,
    ...(await compare({
      rounds: 9,
      operations: 3_200,
      ours: { run: () => putTogether(storage, 3_200, 64) },
      peer: { run: () => putTogether(storage, 3_200, 1) },
    })),
  };

  const small = await filledStorage(`${folder}/sqljs-small.db`, 1_000);
  const large = await filledStorage(`${folder}/sqljs-large.db`, 100_000);
  yield {
    name: 'durable put at 100,000 records, against 1,000',
    target: 1 / 1.5,
    ...(await compare({
      rounds: 9,
      operations: 300,
      ours: { run: () => putEach(large, 300) },
      peer: { run: () => putEach(small, 300) },
    })),
  };
  await Promise.all([small.close(), large.close()]);

  await storage.save();
  await fillLog(storage, filename);
  copyFileSync(filename, `${folder}/opened.snapshot`);
  copyFileSync(`${filename}-oplog`, `${folder}/opened.log`);
  await storage.close();
  yield {
    name: 'opening 10,000 records with a full log, against the snapshot alone',
    target: 1 / 3,
    ...(await compare({
      rounds: 9,
      operations: 1,
      ours: opening(folder, 'with-log', true),
      peer: opening(folder, 'without-log', false),
    })),
  };
}

async function filledStorage(filename, count) {
  const storage = createSqlJsStorage({ filename });
  for (let first = 0; first < count; first += 10_000) {
    const length = Math.min(10_000, count - first);
    await storage.commit(
      Array.from({ length }, (_, i) => ({ put: 'manifest', value: manifest(first + i, 1) })),
    );
  }
  await storage.save();
  return storage;
}

function filledTable(SQL, count) {
  const database = new SQL.Database();
  database.run(TABLE);
  database.run('BEGIN');
  const insert = database.prepare(UPSERT);
  for (const record of Array.from({ length: count }, (_, i) => manifest(i, 1))) {
    insert.run([record.handlerId, record.version, JSON.stringify(record)]);
  }
  database.run('COMMIT');
  return database;
}

function nativeTable(filename) {
  const database = new Database(filename);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec(TABLE);
  const upsert = database.prepare(UPSERT);
  return {
    put: async (record) => {
      upsert.run(record.handlerId, record.version, JSON.stringify(record));
    },
    close: () => database.close(),
  };
}

let round = 0;

/** Never the same twice: SQLite does not write what is there already. */
function someManifests(count) {
  round += 1;
  return shuffled(1_000, count).map((n, i) => ({ ...manifest(n, 1), hash: `${round}-${i}` }));
}

async function putEach(storage, count) {
  for (const record of someManifests(count)) await storage.storeManifest(record);
}

async function putTogether(storage, count, callers) {
  const records = someManifests(count);
  const caller = async (first) => {
    for (let i = first; i < count; i += callers) await storage.storeManifest(records[i]);
  };
  await Promise.all(Array.from({ length: callers }, (_, i) => caller(i)));
}

/** What the manual of sql.js suggests, made durable. */
async function exportEach(database, filename, count) {
  const upsert = database.prepare(UPSERT);
  for (const record of someManifests(count)) {
    upsert.run([record.handlerId, record.version, JSON.stringify(record)]);
    const descriptor = openSync(filename, 'w');
    writeSync(descriptor, database.export());
    fsyncSync(descriptor);
    closeSync(descriptor);
  }
  upsert.free();
}

async function readByHand(statement, id) {
  return JSON.parse(statement.get([id, '1.1.0'])[0]);
}

/** Writes until the log is about to be folded into the snapshot. */
async function fillLog(storage, filename) {
  // As in snapshot-and-log.ts: an eighth of the snapshot, and no less than a mebibyte.
  const full = Math.max(2 ** 20, statSync(filename).size / 8) - 30_000;
  while (logLength(`${filename}-oplog`) < full) await putEach(storage, 20);
}

/** Without the room behind it. */
function logLength(path) {
  if (!existsSync(path)) return 0;
  return readFileSync(path).findLastIndex((byte) => byte !== 0) + 1;
}

function opening(folder, name, withLog) {
  const filename = `${folder}/${name}.db`;
  let storage;
  return {
    prepare: async () => {
      await storage?.close();
      rmSync(`${filename}-oplog`, { force: true });
      copyFileSync(`${folder}/opened.snapshot`, filename);
      if (withLog) copyFileSync(`${folder}/opened.log`, `${filename}-oplog`);
      storage = createSqlJsStorage({ filename });
    },
    run: () => storage.open(),
  };
}
