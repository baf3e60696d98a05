// Who else keeps the same records in PostgreSQL: one server, its default durability, ten connections each.

import KeyvPostgres from '@keyv/postgres';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import { Keyv } from 'keyv';
import pg from 'pg';
import { checkpoints } from './checkpoints.mjs';

export const CONNECTIONS = 10;

/** Empty, in schemas of their own; `brief` is by hand alone. */
export async function postgresStores(connectionString, brief) {
  const byHand = await postgresByHand(connectionString, 'by_hand');
  if (brief) return [byHand];
  return [byHand, keyv(connectionString), await langgraph(connectionString)];
}

/** What one would write without a library: prepared statements and JSON. */
export async function postgresByHand(connectionString, schema) {
  const pool = connectionPool(connectionString);
  await pool.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await pool.query(
    `CREATE TABLE IF NOT EXISTS ${schema}.manifests (handler_id text, version text, created_at bigint, value text, PRIMARY KEY (handler_id, version))`,
  );
  const update =
    'ON CONFLICT (handler_id, version) DO UPDATE SET created_at = excluded.created_at, value = excluded.value';
  const prepared = (name, text) => (values) => pool.query({ name, text, values });
  const upsert = prepared('upsert', `INSERT INTO ${schema}.manifests VALUES ($1, $2, $3, $4) ${update}`);
  const upsertAll = prepared(
    'upsert_all',
    `INSERT INTO ${schema}.manifests SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) ${update}`,
  );
  const get = prepared('get', `SELECT value FROM ${schema}.manifests WHERE handler_id = $1 AND version = $2`);
  const commit = (records) =>
    upsertAll([
      records.map(({ handlerId }) => handlerId),
      records.map(({ version }) => version),
      records.map(({ createdAt }) => createdAt),
      records.map((record) => JSON.stringify(record)),
    ]);
  return {
    who: 'by hand',
    role: 'floor',
    write: (record) => upsert([record.handlerId, record.version, record.createdAt, JSON.stringify(record)]),
    read: async (handlerId, version) => JSON.parse((await get([handlerId, version])).rows[0].value),
    commit,
    fill: async (records) => {
      for (let i = 0; i < records.length; i += 5_000) await commit(records.slice(i, i + 5_000));
    },
    /** What autovacuum would do some time later. */
    settle: () => pool.query(`VACUUM ANALYZE ${schema}.manifests`),
    /** Makes the index that it needs, which the other contests do without. */
    indexedLatest: async () => {
      await pool.query(`CREATE INDEX ON ${schema}.manifests (handler_id, created_at)`);
      const newest = prepared(
        'newest',
        `SELECT value FROM ${schema}.manifests WHERE handler_id = $1 ORDER BY created_at DESC LIMIT 1`,
      );
      return async (handlerId) => JSON.parse((await newest([handlerId])).rows[0].value);
    },
    entries: () => entriesByHand(pool, schema),
    close: () => pool.end(),
  };
}

function connectionPool(connectionString) {
  const pool = new pg.Pool({ connectionString, max: CONNECTIONS });
  // When a row fails, the server is stopped; without a listener that would be all that is shown.
  pool.on('error', () => {});
  return pool;
}

async function* entriesByHand(pool, schema) {
  const client = await pool.connect();
  try {
    const fetch = 'FETCH 200 FROM everything';
    // A scan of a large table would begin wherever another one is, and the order of storing is compared.
    await client.query('SET synchronize_seqscans = off');
    let [, , { rows }] = await client.query(
      `BEGIN; DECLARE everything CURSOR FOR SELECT value FROM ${schema}.manifests; ${fetch}`,
    );
    while (rows.length > 0) {
      for (const { value } of rows) yield JSON.parse(value);
      ({ rows } = await client.query(fetch));
    }
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

function keyv(uri) {
  const store = new KeyvPostgres({ uri, schema: 'keyv', max: CONNECTIONS });
  const keyv = new Keyv({ store });
  const write = (record) => keyv.set(`${record.handlerId}:${record.version}`, record);
  const read = (handlerId, version) => keyv.get(`${handlerId}:${version}`);
  return { who: 'keyv', role: 'peer', write, read, fill: atOnce(write), close: () => keyv.disconnect() };
}

async function langgraph(connectionString) {
  const pool = connectionPool(connectionString);
  const saver = new PostgresSaver(pool, undefined, { schema: 'langgraph' });
  await saver.setup();
  const contestant = checkpoints(saver);
  return {
    who: 'langgraph checkpoints',
    role: 'peer',
    ...contestant,
    fill: atOnce(contestant.write),
    close: () => saver.end(),
  };
}

function atOnce(write) {
  return async (records) => {
    for (let i = 0; i < records.length; i += 500) {
      await Promise.all(records.slice(i, i + 500).map((record) => write(record)));
    }
  };
}
