// What one would write with sql.js by hand.
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import initSqlJs from 'sql.js';
import { GET, rowOf, TABLE, UPSERT } from './sqlite.mjs';

/** Durable by writing the exported database, as the manual of sql.js has it, and syncing that. */
export async function sqlJsByHand(filename) {
  const database = new (await initSqlJs()).Database();
  database.run(TABLE);
  let get = database.prepare(GET);
  const put = (records) => {
    const upsert = database.prepare(UPSERT);
    database.run('BEGIN');
    for (const record of records) upsert.run(rowOf(record));
    database.run('COMMIT');
    upsert.free();
  };
  const commit = async (records) => {
    put(records);
    writeSynced(filename, database.export());
    // An export frees every prepared statement.
    get = database.prepare(GET);
  };
  return {
    who: 'by hand',
    role: 'floor',
    fill: async (records) => put(records),
    commit,
    write: (record) => commit([record]),
    read: async (handlerId, version) => JSON.parse(get.get([handlerId, version])[0]),
    close: () => database.close(),
  };
}

function writeSynced(filename, content) {
  const descriptor = openSync(filename, 'w');
  writeSync(descriptor, content);
  fsyncSync(descriptor);
  closeSync(descriptor);
}
