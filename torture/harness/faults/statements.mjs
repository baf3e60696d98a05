/** As SQLite documents them. */
const NUMBERS = {
  SQLITE_FULL: 13,
  SQLITE_IOERR_READ: 266,
  SQLITE_IOERR_WRITE: 778,
  SQLITE_IOERR_FSYNC: 1034,
};

/**
 * Hands over each statement that a driver runs.
 *
 * @param {{ of: 'better-sqlite3' | 'node-sqlite', code?: string }} options
 * @param {(name: string, makeError: () => Error, call: () => unknown) => unknown} pass
 */
export async function countStatements({ of, code = 'SQLITE_IOERR_WRITE' }, pass) {
  const { statement, database, sourceOf, makeError } = await PROTOTYPES[of](code);
  for (const method of ['get', 'all', 'run']) {
    const original = statement[method];
    statement[method] = function (...params) {
      return pass(sourceOf(this).slice(0, 60), makeError, () => original.apply(this, params));
    };
  }
  const { exec } = database;
  database.exec = function (sql) {
    return pass(sql.slice(0, 60), makeError, () => exec.call(this, sql));
  };
}

const PROTOTYPES = {
  'better-sqlite3': async (code) => {
    const { default: Database } = await import('better-sqlite3');
    const connection = new Database(':memory:');
    const statement = Object.getPrototypeOf(connection.prepare('SELECT 1'));
    connection.close();
    const makeError = () => new Database.SqliteError('disk I/O error', code);
    return { statement, database: Database.prototype, sourceOf: ({ source }) => source, makeError };
  },
  'node-sqlite': async (code) => {
    const { DatabaseSync, StatementSync } = process.getBuiltinModule('node:sqlite');
    const makeError = () =>
      Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: NUMBERS[code] });
    return {
      statement: StatementSync.prototype,
      database: DatabaseSync.prototype,
      sourceOf: ({ sourceSQL }) => sourceSQL,
      makeError,
    };
  },
};
