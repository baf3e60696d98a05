// Opens a file, reads one manifest, and prints its path: what a process does between its start and its
// first answer. Each contestant imports what it needs itself, and nothing else.
//
// Usage: node answer.mjs <contestant> <file> <handler id>
const QUERY =
  'SELECT value FROM manifests WHERE handler_id = ? ORDER BY created_at DESC, position DESC LIMIT 1';

const contestants = {
  /** Node.js itself. */
  nothing: () => ({ path: 'none' }),

  'better-sqlite3': async (file, handlerId) => {
    const { default: Database } = await import('better-sqlite3');
    const database = new Database(file);
    return JSON.parse(database.prepare(QUERY).pluck().get(handlerId));
  },

  'storage-better-sqlite3': async (filename, handlerId) => {
    const { createBetterSqlite3Storage } = await import('@gati-framework/storage-better-sqlite3');
    return createBetterSqlite3Storage({ filename }).getManifest(handlerId);
  },

  'openStorage sqlite:': async (file, handlerId) => {
    const { openStorage } = await import('@gati-framework/storage-tools');
    return (await openStorage(`sqlite:${file}`)).getManifest(handlerId);
  },

  'sql.js': async (file, handlerId) => {
    const { readFile } = await import('node:fs/promises');
    const { default: initSqlJs } = await import('sql.js');
    const { Database } = await initSqlJs();
    const statement = new Database(await readFile(file)).prepare(QUERY, [handlerId]);
    statement.step();
    return JSON.parse(statement.get()[0]);
  },

  'storage-sqljs': async (filename, handlerId) => {
    const { createSqlJsStorage } = await import('@gati-framework/storage-sqljs');
    return createSqlJsStorage({ filename }).getManifest(handlerId);
  },

  'openStorage sqljs:': async (file, handlerId) => {
    const { openStorage } = await import('@gati-framework/storage-tools');
    return (await openStorage(`sqljs:${file}`)).getManifest(handlerId);
  },
};

const [, , contestant, file, handlerId] = process.argv;
console.log((await contestants[contestant](file, handlerId)).path);
// Nothing is closed: that is no part of the answer.
process.exit();
