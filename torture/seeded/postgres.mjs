// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are pieces of code
const STATEMENTS = 'storage-postgres/dist/sql/commit-statements.js';
const FOLLOWER = 'storage-postgres/dist/feed/change-follower.js';
const POSITION = 'storage-postgres/dist/feed/feed-position.js';

/** @type {readonly import('./index.mjs').SeededFault[]} */
export const postgresFaults = [
  {
    name: 'a blind retry: each attempt has an id of its own',
    experiment: 'failing-calls',
    form: { calls: 20 },
    file: 'storage-postgres/dist/commit/committer.js',
    find: '...[group.groupId, group.committedAt',
    replace: '...[randomUUID(), group.committedAt',
  },
  {
    name: 'no sync: a commit is acknowledged before it is on the disk',
    experiment: 'servers',
    form: { rounds: 6 }, // each of its faults once
    file: STATEMENTS,
    find: "CASE pg_catalog.current_setting('synchronous_commit') WHEN 'off'\n              THEN pg_catalog.set_config('synchronous_commit', 'on', true) END",
    replace: "pg_catalog.set_config('synchronous_commit', 'off', true)",
  },
  {
    name: 'cached reads are served for as long as nobody says that the feed is interrupted',
    experiment: 'pauses',
    form: { rounds: 10 },
    file: FOLLOWER,
    find: 'timers.now() < this.#phase.freshUntil',
    replace: 'true',
  },
  {
    name: 'notifications are not heard, and what is cached is believed for ten intervals',
    experiment: 'pauses',
    form: { rounds: 1 },
    file: FOLLOWER,
    find: 'freshUntil: begun + 2 * this.#pollInterval',
    replace: 'freshUntil: begun + 20 * this.#pollInterval',
    also: [
      {
        file: FOLLOWER,
        find: 'this.#schedule(this.#pollInterval);',
        replace: 'this.#schedule(10 * this.#pollInterval);',
      },
      {
        file: FOLLOWER,
        find: 'if (revision <= this.#position.cursor.revision)\n            return;',
        replace: 'return;',
      },
    ],
  },
  {
    name: 'revisions have gaps, as the numbers of a sequence have',
    file: 'storage-postgres/dist/schema/step-4-commits.js',
    find: 'head.revision := head.revision + 1;',
    replace: 'head.revision := head.revision + 1 + (random() < 0.1)::integer;',
  },
  {
    name: 'an own commit jumps over those of others',
    file: POSITION,
    find: 'const follows = cursor.revision === base && cursor.groupId === before && cursor.epoch === epoch;',
    replace: 'const follows = true;',
  },
  {
    name: 'a record that is replaced loses its place',
    file: STATEMENTS,
    find: 'to_version = excluded.to_version, created_at = excluded.created_at,',
    replace:
      'to_version = excluded.to_version, created_at = excluded.created_at, position = excluded.position,',
  },
  {
    name: 'what is deleted is not kept as the past',
    file: 'storage-postgres/dist/schema/step-4.js',
    find: 'WHERE d.revision < n.until;',
    replace: 'WHERE false;',
  },
  {
    name: 'the log is trimmed to ten changes',
    form: { operations: 1_600, round: 400, kept: 500 },
    file: 'storage-postgres/dist/sql/statements.js',
    find: 'coalesce(keep_changes, $2::bigint)',
    replace: 'least(10, coalesce(keep_changes, $2::bigint))',
  },
  {
    name: 'connections stay open when their storage is closed',
    experiment: 'soak',
    form: { steps: 32, every: 4 },
    file: 'storage-postgres/dist/connections/connections.js',
    find: 'await this.#own?.end();',
    replace: '',
  },
  {
    name: 'a former primary is used again while the new one is away',
    experiment: 'failover',
    form: { rounds: 1 },
    file: 'storage-postgres/dist/connections/sessions.js',
    find: 'if (timeline < this.#newest)',
    replace: 'if (false)',
  },
  {
    name: 'each statement of an iteration sees what is committed by then',
    experiment: 'online-backup',
    form: { rounds: 2 },
    file: 'storage-postgres/dist/reads/scans.js',
    find: 'REPEATABLE READ READ ONLY',
    replace: 'READ COMMITTED READ ONLY',
  },
  {
    name: 'a commit is acknowledged whose wait for the standby was cancelled',
    experiment: 'failover',
    form: { rounds: 3 },
    file: 'storage-postgres/dist/commit/certainty.js',
    find: 'if (!isUnreplicated)',
    replace: 'if (true)',
  },
  {
    name: 'another history is taken for the one that was known',
    experiment: 'failover',
    form: { rounds: 3 },
    file: 'storage-postgres/dist/feed/cursor.js',
    find: '(groupIdAtKnown === null || groupIdAtKnown === known.groupId)',
    replace: 'true',
    also: [
      {
        file: 'storage-postgres/dist/feed/cursor.js',
        find: '(revision >= known.revision || isStandby)',
        replace: 'true',
      },
    ],
  },
].map((fault) => ({ backend: 'postgres', experiment: 'linearizability', ...fault }));
