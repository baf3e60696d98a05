// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are pieces of code
const FOLLOW = 'storage-sqlite/dist/feed/follow-others.js';
const COMMITTER = 'storage-sqlite/dist/commit/committer.js';
const STATEMENTS = 'storage-sqlite/dist/sql/statements.js';
const MIGRATE = 'storage-sqlite/dist/schema/migrate.js';
const TRIM = 'storage-sqlite/dist/commit/trim-history.js';

/** @type {readonly import('./index.mjs').SeededFault[]} */
export const sqliteFaults = [
  {
    name: 'nobody looks for what others have committed',
    file: FOLLOW,
    find: 'return readDataVersion() !== dataVersion;',
    replace: 'return false;',
  },
  {
    name: 'what others have changed is known and not told',
    file: FOLLOW,
    find: "relation === 'follows' ? changedKeys(statements, known, head, location) : 'all'",
    replace: '[]',
  },
  {
    name: 'expectations are not compared',
    file: 'storage-sqlite/dist/commit/apply-commits.js',
    find: 'if (actual !== expected)',
    replace: 'if (false)',
  },
  {
    name: 'an expectation is compared with what was there before the group',
    file: 'storage-sqlite/dist/commit/apply-commits.js',
    find: 'if (expectRevision !== current)',
    replace: 'if (expectRevision < current - 2)',
  },
  {
    name: 'prefix deletion: what begins with the key goes, too',
    file: STATEMENTS,
    find: 'delete: database.prepare(`DELETE FROM ${table} ${byKey}`)',
    replace:
      "delete: database.prepare(`DELETE FROM ${table} WHERE ${keys.map((column) => `${column} LIKE ? || '%'`).join(' AND ')}`)",
  },
  {
    name: 'the past is read one revision too late',
    file: 'storage-sqlite/dist/past/moment.js',
    find: 'nextChangeAfter(statements, bounds, head, at)',
    replace: 'nextChangeAfter(statements, bounds, head, at + 1)',
  },
  {
    name: 'trim without a horizon: the history is cut to its last commit',
    form: { operations: 1_600, round: 400, kept: 500 },
    file: TRIM,
    find: 'const end = nextChange - Math.max(changes, 1);',
    replace: 'const end = nextChange - 1;',
  },
  {
    name: 'what is forgotten is swept away though it is still there',
    form: { operations: 3_000, round: 60, kept: 120 }, // a record that nobody touches for so long is rare
    file: TRIM,
    find: "if (operation !== 'put')",
    replace: 'if (true)',
  },
  {
    name: 'what others have committed is taken for another history, so that watches end',
    file: FOLLOW,
    find: 'const relation = relationTo(statements, known, head);',
    replace: "const relation = 'other';",
  },
  {
    name: 'the version is not looked at again inside the transaction that migrates',
    experiment: 'migration',
    form: { rounds: 6 },
    file: MIGRATE,
    find: 'const version = storeVersion(database, host, steps.length);',
    replace: 'const version = found;',
    also: [
      {
        file: MIGRATE,
        find: 'transactions.write(() => takeSteps(database, host, steps));',
        replace: 'transactions.write(() => takeSteps(database, host, steps, found));',
      },
      {
        file: MIGRATE,
        find: 'function takeSteps(database, host, steps) {',
        replace: 'function takeSteps(database, host, steps, found) {',
      },
    ],
  },
  {
    name: 'a COMMIT that failed is taken for one that was made',
    experiment: 'failing-calls',
    form: { calls: 40 },
    file: COMMITTER,
    find: 'this.#doubt(connection, applied, error);',
    replace: 'undefined;',
  },
  {
    name: 'no sync: the write-ahead log is left to the system',
    experiment: 'power-loss',
    form: { states: 200 },
    file: 'storage-sqlite/dist/shared-file/database-file.js',
    find: 'database.exec(`PRAGMA synchronous = ${this.#synchronous}`);',
    replace: "database.exec('PRAGMA synchronous = OFF');",
  },
  {
    name: 'a transaction that failed is not rolled back',
    experiment: 'failing-calls',
    form: { calls: 20 },
    file: COMMITTER,
    find: 'async #giveUp(connection, error) {\n        await this.#rollBack(connection);',
    replace: 'async #giveUp(connection, error) {',
  },
  {
    name: 'only the last change of a group is told to watches',
    file: 'storage-sqlite/dist/feed/read-history.js',
    find: 'changes: changes.map((row) => toLoggedChange(row, location)),',
    replace: 'changes: changes.slice(-1).map((row) => toLoggedChange(row, location)),',
  },
  {
    name: 'a file stays open when its storage is closed',
    experiment: 'soak',
    form: { steps: 32, every: 4 },
    file: 'storage-sqlite/dist/connections/connections.js',
    find: 'await guardAsync(this.#host, () => this.#host.close(database));',
    replace: 'globalThis.left = [...(globalThis.left ?? []), database];',
  },
  {
    name: 'a backup is not copied in the transaction that says which moment it is of',
    experiment: 'online-backup',
    form: { rounds: 1 },
    file: 'storage-sqlite/dist/shared-file/backup-source.js',
    find: "connection.exec('BEGIN');",
    replace: ';',
  },
  {
    name: 'the pages of an iteration are of a moment each',
    experiment: 'online-backup',
    form: { rounds: 2 },
    file: 'storage-sqlite/dist/reads/scan.js',
    find: "reader.database.exec('BEGIN');",
    replace: ';',
  },
].map((fault) => ({ backend: 'better-sqlite3', experiment: 'linearizability', ...fault }));
