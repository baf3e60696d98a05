// Who else keeps the same records in a SQLite file, with the same durability: WAL and FULL.
import { createRequire } from 'node:module';
import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';
import Database from 'better-sqlite3';
import { createDatabase } from 'db0';
import sqliteConnector from 'db0/connectors/better-sqlite3';
import { Keyv } from 'keyv';
import { createStorage } from 'unstorage';
import db0Driver from 'unstorage/drivers/db0';
import { checkpoints } from './checkpoints.mjs';

const WAL = 'PRAGMA journal_mode = WAL';
const FULL = 'PRAGMA synchronous = FULL';
const DURABLE = `${WAL}; ${FULL}`;
export const TABLE =
  'CREATE TABLE IF NOT EXISTS manifests (handler_id TEXT, version TEXT, created_at INTEGER, value TEXT, PRIMARY KEY (handler_id, version))';
export const UPSERT =
  'INSERT INTO manifests VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET created_at = excluded.created_at, value = excluded.value';
export const GET = 'SELECT value FROM manifests WHERE handler_id = ? AND version = ?';

const require = createRequire(import.meta.url);

/** What `UPSERT` takes. */
export function rowOf(record) {
  return [record.handlerId, record.version, record.createdAt, JSON.stringify(record)];
}

/** Empty, with files in `folder`; `brief` is by hand alone. */
export function sqliteStores({ folder, brief }) {
  const file = (name) => `${folder}/${name}.db`;
  const byHand = sqliteByHand(file('by-hand'));
  if (brief) return [byHand];
  const keyv = keyvSqlite(file('keyv'));
  return [
    byHand,
    unstorage(file('unstorage')),
    ...(keyv === undefined ? [] : [keyv]),
    langgraph(file('langgraph')),
    unsyncedLanggraph(file('langgraph-unsynced')),
  ];
}

/** What one would write without a library. */
export function sqliteByHand(filename, synchronous = 'FULL') {
  const database = new Database(filename);
  database.exec(`${WAL}; PRAGMA synchronous = ${synchronous}`);
  database.exec(TABLE);
  const upsert = database.prepare(UPSERT);
  const get = database.prepare(GET);
  const all = database.prepare('SELECT value FROM manifests');
  const write = async (record) => {
    upsert.run(...rowOf(record));
  };
  return {
    who: 'by hand',
    role: 'floor',
    write,
    read: async (handlerId, version) => JSON.parse(get.get(handlerId, version).value),
    fill: inOneTransaction(database, write),
    commit: async (records) => {
      database.exec('BEGIN');
      for (const record of records) upsert.run(...rowOf(record));
      database.exec('COMMIT');
    },
    /** Makes the index that it needs, which the other contests do without. */
    indexedLatest: async () => {
      database.exec('CREATE INDEX newest ON manifests (handler_id, created_at)');
      const newest = database.prepare(
        'SELECT value FROM manifests WHERE handler_id = ? ORDER BY created_at DESC LIMIT 1',
      );
      return async (handlerId) => JSON.parse(newest.get(handlerId).value);
    },
    entries: function* () {
      for (const { value } of all.iterate()) yield JSON.parse(value);
    },
    close: () => database.close(),
  };
}

function unstorage(filename) {
  // Its driver says once, on the console, that it is experimental.
  globalThis.__unstorage_db0_experimental_warning__ = true;
  const database = createDatabase(sqliteConnector({ path: filename }));
  const storage = createStorage({ driver: db0Driver({ database }) });
  const write = (record) => storage.setItem(`${record.handlerId}:${record.version}`, record);
  return {
    who: 'unstorage',
    role: 'peer',
    write,
    read: (handlerId, version) => storage.getItem(`${handlerId}:${version}`),
    fill: async (records) => {
      await database.exec(DURABLE);
      await inOneTransaction(await database.getInstance(), write)(records);
    },
    close: () => database.dispose(),
  };
}

function langgraph(filename) {
  const database = new Database(filename);
  database.exec(DURABLE);
  return langgraphOver(database, 'langgraph checkpoints');
}

/** As it opens a file by itself: WAL, and better-sqlite3's default for it, which syncs no commit. */
function unsyncedLanggraph(filename) {
  return {
    ...langgraphOver(new Database(filename), 'langgraph checkpoints, as they come'),
    note: 'not synced',
  };
}

function langgraphOver(database, who) {
  const contestant = checkpoints(new SqliteSaver(database));
  return {
    who,
    role: 'peer',
    ...contestant,
    fill: inOneTransaction(database, contestant.write),
    close: () => database.close(),
  };
}

/** Undefined where its driver, sqlite3, has no binary. */
function keyvSqlite(filename) {
  const Adapter = keyvAdapter();
  if (Adapter === undefined) return undefined;
  const store = new Adapter({ uri: `sqlite://${filename}` });
  const keyv = new Keyv({ store });
  const write = (record) => keyv.set(`${record.handlerId}:${record.version}`, record);
  return {
    who: 'keyv',
    role: 'peer',
    write,
    read: (handlerId, version) => keyv.get(`${handlerId}:${version}`),
    fill: async (records) => {
      await store.query(WAL);
      await store.query(FULL);
      await store.query('BEGIN');
      for (const record of records) await write(record);
      await store.query('COMMIT');
    },
    close: () => keyv.disconnect(),
  };
}

function keyvAdapter() {
  try {
    // An import of it cannot be caught where the binary is missing: its process ends.
    return require('@keyv/sqlite').default;
  } catch {
    return undefined;
  }
}

function inOneTransaction(database, write) {
  return async ([first, ...rest]) => {
    // The first write makes their tables, where they make some.
    await write(first);
    database.exec('BEGIN');
    for (const record of rest) await write(record);
    database.exec('COMMIT');
  };
}
