/** What SQLite's own check says of a file: `ok`. Through the SQLite of Node.js, or better-sqlite3 where that has none. */
export async function integrityOf(filename) {
  const sqlite = process.getBuiltinModule('node:sqlite');
  if (sqlite !== undefined) {
    const database = new sqlite.DatabaseSync(filename, { readOnly: true });
    const { integrity_check: found } = database.prepare('PRAGMA integrity_check').get();
    database.close();
    return found;
  }
  const { default: Database } = await import('better-sqlite3');
  const database = new Database(filename, { readonly: true });
  const found = database.pragma('integrity_check', { simple: true });
  database.close();
  return found;
}
