// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are pieces of code
const COMMITTER = 'storage-sqlite/dist/commit/committer.js';
const CHANGE = 'storage-sqlite/dist/commit/apply-change.js';
const FOLLOW = 'storage-sqlite/dist/feed/follow-others.js';
const MIGRATE = 'storage-sqlite/dist/schema/migrate.js';
const CLAIM = 'storage-sqlite/dist/files/sharing/file-claim.js';

/** Of everything that keeps its records in SQLite. @type {readonly import('./index.mjs').Failpoint[]} */
export const sqliteFailpoints = [
  { name: 'before BEGIN', file: COMMITTER, before: 'connection.transactions.beginWriting();', fails: true },
  { name: 'after BEGIN', file: COMMITTER, after: 'connection.transactions.beginWriting();' },
  {
    name: 'before a commit catches up',
    file: COMMITTER,
    before: 'if (othersCommitted(connection))',
    fails: true,
  },
  {
    name: 'before a group is applied',
    file: COMMITTER,
    after: 'connection.isBeingChanged = true;',
    fails: true,
  },
  { name: 'before a record is inserted', file: CHANGE, before: 'insert.run(...key, ', fails: true },
  { name: 'after a record was inserted', file: CHANGE, before: 'head.nextPosition += 1;' },
  { name: 'before a record is replaced', file: CHANGE, before: 'update.run(...fields, ', fails: true },
  { name: 'before a record is deleted', file: CHANGE, before: 'deleteRecord.run(...key);', fails: true },
  {
    name: 'before a kind is cleared',
    file: CHANGE,
    before: 'statements.records[kind].deleteAll.run();',
    fails: true,
  },
  {
    name: 'before a change is logged',
    file: CHANGE,
    before: 'const { insert, insertLast, insertLastNoted }',
    fails: true,
  },
  {
    name: 'between two commits of a group',
    file: 'storage-sqlite/dist/commit/apply-commits.js',
    before: 'applied.push(entry);',
    fails: true,
  },
  { name: 'before COMMIT', file: COMMITTER, before: 'connection.transactions.commit();', fails: true },
  { name: 'after COMMIT', file: COMMITTER, after: 'connection.transactions.commit();' },
  { name: 'after a commit is known', file: COMMITTER, after: 'connection.bounds = applied.bounds;' },
  { name: 'before a commit is answered', file: COMMITTER, before: 'const { outcomes, head } = applied;' },
  {
    name: 'before what others did is told',
    file: FOLLOW,
    before: 'const head = readHead(statements.changes.selectHead.get());',
    fails: true,
  },
  { name: 'after what others did was told', file: FOLLOW, before: 'connection.head = head;' },
  {
    name: 'before it is known that it was told',
    file: FOLLOW,
    before: 'connection.dataVersion = dataVersion;',
  },
  {
    name: 'before a migration',
    file: MIGRATE,
    before: 'const take = () => transactions.write(',
    isOpening: true,
  },
  {
    name: 'between two schema steps',
    file: MIGRATE,
    before: 'database.exec(step);',
    isOpening: true,
    fails: true,
    needsBlock: true,
  },
  {
    name: 'before a migration is marked',
    file: MIGRATE,
    before: 'database.exec(`PRAGMA application_id',
    isOpening: true,
    fails: true,
  },
  { name: 'before a claim is in its place', file: CLAIM, before: 'renameSync(`$', isOpening: true },
  {
    name: 'before other claims are looked for',
    file: CLAIM,
    before: 'const other = findOther(filename, form, path);',
    isOpening: true,
  },
  {
    name: 'before the cache is told of a commit',
    file: 'storage-kit/dist/commit/commit-queue.js',
    after: 'isTold = true;',
  },
  {
    name: 'before callers are answered',
    file: 'storage-kit/dist/commit/group-commit.js',
    before: 'results.forEach((outcome, i) => {',
  },
  {
    name: 'before an answer is kept',
    file: 'storage-kit/dist/cache/read-cache.js',
    before: 'place[question] = answer;',
  },
];
