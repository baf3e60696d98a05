// Who else keeps the same records in PostgreSQL: one server, its default durability, ten connections each.

import KeyvPostgres from '@keyv/postgres';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import { Keyv } from 'keyv';
import pg from 'pg';
import { checkpoints } from './checkpoints.mjs';

export const CONNECTIONS = 10;

/** All of them, empty, in schemas of their own. */
export async function postgresStores(connectionString) {
  const pool = new pg.Pool({ connectionString, max: CONNECTIONS });
  return [await postgresByHand(pool), await keyv(connectionString), await langgraph(connectionString)];
}

/** What one would write without a library: prepared statements and JSON. @param {pg.Pool} pool Closed with it. */
async function postgresByHand(pool) {
  await pool.query('CREATE SCHEMA by_hand');
  await pool.query(
    'CREATE TABLE by_hand.manifests (handler_id text, version text, value text, PRIMARY KEY (handler_id, version))',
  );
  const write = ({ handlerId, version, ...rest }, client = pool) =>
    client.query({
      name: 'by_hand_upsert',
      text: 'INSERT INTO by_hand.manifests VALUES ($1, $2, $3) ON CONFLICT (handler_id, version) DO UPDATE SET value = excluded.value',
      values: [handlerId, version, JSON.stringify({ handlerId, version, ...rest })],
    });
  const read = async (handlerId, version) => {
    const { rows } = await pool.query({
      name: 'by_hand_get',
      text: 'SELECT value FROM by_hand.manifests WHERE handler_id = $1 AND version = $2',
      values: [handlerId, version],
    });
    return JSON.parse(rows[0].value);
  };
  return { who: 'by hand', role: 'floor', pool, write, read, fill: atOnce(write), close: () => pool.end() };
}

async function keyv(uri) {
  const store = new KeyvPostgres({ uri, schema: 'keyv', max: CONNECTIONS });
  const keyv = new Keyv({ store });
  const write = (record) => keyv.set(`${record.handlerId}:${record.version}`, record);
  const read = (handlerId, version) => keyv.get(`${handlerId}:${version}`);
  return { who: 'keyv', role: 'peer', write, read, fill: atOnce(write), close: () => keyv.disconnect() };
}

async function langgraph(connectionString) {
  const pool = new pg.Pool({ connectionString, max: CONNECTIONS });
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
