// The PostgreSQL backend against what one would write by hand with `pg`:
// prepared statements and JSON, on the same server, ten connections each.

import { createPostgresStorage } from '@gati-framework/storage-postgres';
import KeyvPostgres from '@keyv/postgres';
import { Keyv } from 'keyv';
import pg from 'pg';
import { compare } from './measure.mjs';
import { manifest, shuffled } from './records.mjs';

const RECORDS = 10_000;
const CONNECTIONS = 10;
const CALLERS = 64;

const GET = {
  name: 'peer_get',
  text: 'SELECT value FROM peer.manifests WHERE handler_id = $1 AND version = $2',
};
const UPSERT = {
  name: 'peer_upsert',
  text: 'INSERT INTO peer.manifests VALUES ($1, $2, $3) ON CONFLICT (handler_id, version) DO UPDATE SET value = excluded.value',
};

/** @param {string} url A server of its own. */
export async function* postgresBenchmarks(url) {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });
  await pool.query('CREATE SCHEMA peer');
  await pool.query(
    'CREATE TABLE peer.manifests (handler_id text, version text, value text, PRIMARY KEY (handler_id, version))',
  );
  const keyv = new Keyv({ store: new KeyvPostgres({ uri: url, schema: 'peer', max: CONNECTIONS }) });
  const open = (options) =>
    createPostgresStorage({ connectionString: url, poolSize: CONNECTIONS, ...options });
  const strong = open({ consistency: 'strong' });
  const cached = open();
  await strong.commit(
    Array.from({ length: RECORDS }, (_, i) => ({ put: 'manifest', value: manifest(i, 1) })),
  );
  for (let i = 0; i < RECORDS; i++) await upsert(pool, manifest(i, 1));
  await pool.query('VACUUM ANALYZE');

  const store = (record) => strong.storeManifest(record);
  const upsertByHand = (record) => upsert(pool, record);
  const set = (record) => keyv.set(`${record.handlerId}@${record.version}`, record);
  yield {
    name: `durable writes from ${CALLERS} callers`,
    target: 2,
    ...(await compareWrites(CALLERS, 50, store, upsertByHand)),
  };
  yield { name: `the same, against keyv`, target: 5, ...(await compareWrites(CALLERS, 50, store, set)) };
  yield {
    name: 'durable writes from one caller',
    target: 0.5,
    ...(await compareWrites(1, 300, store, upsertByHand)),
  };

  const read = (storage) => (id) => storage.getManifest(id, '1.1.0');
  const byHand = async (id) =>
    JSON.parse((await pool.query({ ...GET, values: [id, '1.1.0'] })).rows[0].value);
  yield {
    name: `strong reads from ${CALLERS} callers`,
    target: 2.5,
    ...(await compareReads(CALLERS, 200, read(strong), byHand)),
  };
  yield {
    name: 'strong reads from one caller',
    target: 0.85,
    ...(await compareReads(1, 2_000, read(strong), byHand)),
  };
  await cached.open();
  yield { name: 'cached reads', target: 50, ...(await compareReads(1, 2_000, read(cached), byHand, 500)) };

  await strong.close();
  await cached.close();
  await keyv.disconnect();
  await pool.end();
}

async function upsert(pool, record) {
  await pool.query({ ...UPSERT, values: [record.handlerId, record.version, JSON.stringify(record)] });
}

/** Each round stores the same records anew. */
function compareWrites(callers, writesEach, ours, peer) {
  const everyone = (write) => (round) =>
    atOnce(callers, async (caller) => {
      for (let i = 0; i < writesEach; i++) await write({ ...manifest(caller * writesEach + i, 1), round });
    });
  const prepare = (round) => round;
  return compare({
    rounds: 7,
    operations: callers * writesEach,
    ours: { prepare, run: everyone(ours) },
    peer: { prepare, run: everyone(peer) },
  });
}

/** @param among How many records are read, over and over. */
function compareReads(callers, readsEach, ours, peer, among = RECORDS) {
  const ids = shuffled(among, callers * readsEach).map((n) => `orders.handler-${n}`);
  const everyone = (read) => () =>
    atOnce(callers, async (caller) => {
      for (const id of ids.slice(caller * readsEach, (caller + 1) * readsEach)) await read(id);
    });
  return compare({
    rounds: 9,
    operations: ids.length,
    ours: { run: everyone(ours) },
    peer: { run: everyone(peer) },
  });
}

function atOnce(count, work) {
  return Promise.all(Array.from({ length: count }, (_, i) => work(i)));
}
