import { cacheFailpoints } from './cache.mjs';

const COMMITTER = 'storage-postgres/dist/commit/committer.js';
const DRIVER = 'storage-postgres/dist/postgres-record-driver.js';
const FOLLOWER = 'storage-postgres/dist/feed/change-follower.js';

/** @type {readonly import('./index.mjs').Failpoint[]} */
export const postgresFailpoints = [
  {
    name: 'before a group is sent',
    file: COMMITTER,
    before: 'return await this.#confirmed(client, () => this.#run(client, group));',
    fails: true,
  },
  {
    name: 'after a group was answered',
    file: COMMITTER,
    before: 'const committed = readAnswer(answer, commits, steps, group.groupId);',
  },
  {
    name: 'before an own commit is known',
    file: DRIVER,
    before: 'const noting = this.#follower.noteOwnCommit(committed);',
  },
  {
    name: 'before others are notified',
    file: DRIVER,
    after: 'const noting = this.#follower.noteOwnCommit(committed);',
  },
  {
    name: 'before a commit is trimmed for',
    file: DRIVER,
    before: 'this.#trimmer.noteCommit(committed, changeCount);',
  },
  {
    name: 'before the feed asks',
    file: FOLLOWER,
    before: 'const answer = await this.#ask(asked.cursor.revision, MAX_CHANGES);',
    fails: true,
  },
  {
    name: 'after the feed was answered',
    file: FOLLOWER,
    after: 'const answer = await this.#ask(asked.cursor.revision, MAX_CHANGES);',
    fails: true,
  },
  { name: 'before the feed tells', file: FOLLOWER, before: 'this.#tell(told);' },
  {
    name: 'before it listens',
    file: 'storage-postgres/dist/feed/feed-connection.js',
    before: 'await this.send(this.#listen);',
    isOpening: true,
    fails: true,
  },
  {
    name: 'before a migration',
    file: 'storage-postgres/dist/schema/migrate.js',
    before: 'await run(client, lockMigrations(schema));',
    isOpening: true,
  },
  {
    name: 'before schema steps',
    file: 'storage-postgres/dist/schema/migrate.js',
    before: 'await run(client, migrationScript(schema, found.length, steps));',
    isOpening: true,
    fails: true,
    needsBlock: true,
  },
  {
    name: 'before the log is trimmed',
    file: 'storage-postgres/dist/feed/history-trimmer.js',
    before: 'const now = timers.wallClock();',
    fails: true,
  },
  ...cacheFailpoints,
];
