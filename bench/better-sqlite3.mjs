// The better-sqlite3 backend against what one would write by hand: a prepared
// statement and JSON.
import { rmSync } from 'node:fs';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import Database from 'better-sqlite3';
import { compare } from './measure.mjs';
import { manifest, shuffled } from './records.mjs';

const RECORDS = 10_000;

export async function* betterSqlite3Benchmarks(folder) {
  const filename = `${folder}/reads.db`;
  const writer = createBetterSqlite3Storage({ filename });
  await writer.commit(
    Array.from({ length: RECORDS }, (_, i) => ({ put: 'manifest', value: manifest(i, 1) })),
  );
  await writer.close();

  const get = tableByHand(`${folder}/by-hand.db`).prepare(
    'SELECT value FROM manifests WHERE handler_id = ? AND version = ?',
  );
  const byHand = async (ids) => {
    for (const id of ids) await readByHand(get, id);
  };
  const read = (storage) => async (ids) => {
    for (const id of ids) await storage.getManifest(id, '1.1.0');
  };

  const hot = shuffled(500, 20_000).map((n) => `orders.handler-${n}`);
  const warm = createBetterSqlite3Storage({ filename });
  yield {
    name: 'exact read of a warm key',
    target: 4,
    ...(await compare({
      operations: hot.length,
      ours: { prepare: () => hot, run: read(warm) },
      peer: { prepare: () => hot, run: byHand },
    })),
  };
  await warm.close();

  const all = shuffled(RECORDS, RECORDS * 2).map((n) => `orders.handler-${n}`);
  // So small a cache that nothing stays in it: every read goes to the database.
  const cold = createBetterSqlite3Storage({ filename, cacheSize: 1 });
  yield {
    name: 'exact read of a cold key',
    target: 0.6,
    ...(await compare({
      operations: all.length,
      ours: { prepare: () => all, run: read(cold) },
      peer: { prepare: () => all, run: byHand },
    })),
  };
  await cold.close();

  yield { name: 'durable writes from 64 callers', target: 20, ...(await compareWrites(folder, 64, 50)) };
  yield { name: 'durable writes from one caller', target: 0.75, ...(await compareWrites(folder, 1, 300)) };
}

/** What one would write without a library: the same records in a table of JSON. */
function tableByHand(filename) {
  const database = new Database(filename);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec(
    'CREATE TABLE manifests (handler_id TEXT, version TEXT, value TEXT, PRIMARY KEY (handler_id, version))',
  );
  const insert = database.prepare('INSERT INTO manifests VALUES (?, ?, ?)');
  database.transaction(() => {
    for (let i = 0; i < RECORDS; i++) {
      const record = manifest(i, 1);
      insert.run(record.handlerId, record.version, JSON.stringify(record));
    }
  })();
  return database;
}

async function readByHand(statement, id) {
  return JSON.parse(statement.get(id, '1.1.0').value);
}

/** Against a hand-written table with one FULL commit a write. */
async function compareWrites(folder, callers, writesEach) {
  const storage = createBetterSqlite3Storage({ filename: `${folder}/ours-${callers}.db` });
  const database = new Database(`${folder}/peer-${callers}.db`);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec(
    'CREATE TABLE manifests (handler_id TEXT, version TEXT, value TEXT, PRIMARY KEY (handler_id, version))',
  );
  const upsert = database.prepare(
    'INSERT INTO manifests VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  const everyone = (write) => async (round) => {
    const caller = async (c) => {
      for (let i = 0; i < writesEach; i++) await write(manifest(c * writesEach + i, round));
    };
    await Promise.all(Array.from({ length: callers }, (_, c) => caller(c)));
  };
  const prepare = (round) => round;
  const result = await compare({
    rounds: 7,
    operations: callers * writesEach,
    ours: { prepare, run: everyone((record) => storage.storeManifest(record)) },
    peer: {
      prepare,
      run: everyone(async (record) => {
        upsert.run(record.handlerId, record.version, JSON.stringify(record));
      }),
    },
  });
  await storage.close();
  database.close();
  for (const name of [`ours-${callers}.db`, `peer-${callers}.db`]) rmSync(`${folder}/${name}`);
  return result;
}
