import type { Statement } from '../connections/query.js';
import { quoteIdentifier, quoteLiteral } from './quoting.js';
import { STEP_COLUMNS } from './step-columns.js';

/** What commits are made and asked about with. Whatever a session sets, they are durable and can be waited for. */
export interface CommitStatements {
  /**
   * Parameters: as `commit_changes` has them. Yields its answer, as JSON; else its error says why nothing was done.
   */
  readonly commit: Statement;
  /**
   * The same for commits that only put, no record twice. Parameters: as for `commit`, how many commits
   * there are, an array of their notes or null, and the revision that the store must be at, or null. Yields epoch,
   * base, before, and as JSON, or null, added; nothing when it did nothing: `commit` says
   * why. Much faster: one statement instead of a dozen.
   */
  readonly putAll: Statement;
  /** The same for one commit with one put, with values in place of arrays. */
  readonly putOne: Statement;
  /**
   * More puts, no record twice, of the commit that the transaction has begun with `putAll` or `commit`. Parameters: as
   * for `putAll` up to the steps, and how many changes the commit has so far. Yields what `putAll` does.
   */
  readonly putMore: Statement;
  /** Parameters: id of a group, and `lock_timeout`. Yields commit number, revision and epoch for each commit that it made. */
  readonly committed: Statement;
  /** Parameter: `lock_timeout`. Yields the revision of the store, which nobody changes until the transaction ends, and how far the log is trimmed. */
  readonly lock: Statement;
  /** Parameter: a revision, as text. Tells all who listen that the store has reached it. */
  readonly notify: Statement;
}

/** In what the statements of puts differ. */
interface PutParts {
  /** What the statement does to the row of the store. */
  readonly head: string;
  /** The common table expression of the steps. */
  readonly step: string;
  /** Of a step, within its commit. */
  readonly ordinal: string;
  /** Of new records of a kind, and what makes it one row a kind. */
  readonly added: string;
  readonly grouping: string;
  /** Of the commit of a step. */
  readonly note: string;
}

export function makeCommitStatements(schema: string, make: (text: string) => Statement): CommitStatements {
  const s = quoteIdentifier(schema);
  const settings = (lockTimeout: string): string => `settings AS MATERIALIZED (
          SELECT pg_catalog.set_config('lock_timeout', ${lockTimeout}, true),
            CASE pg_catalog.current_setting('synchronous_commit') WHEN 'off'
              THEN pg_catalog.set_config('synchronous_commit', 'on', true) END,
            CASE pg_catalog.current_setting('client_min_messages') WHEN 'error'
              THEN pg_catalog.set_config('client_min_messages', 'warning', true) END
        )`;
  // Whatever depends on `head` happens after it, when nobody else can commit any more. What it does is right also
  // if the statement had to wait for that and sees the store as it was before: an upsert finds the newest row, and
  // so do the conditions of `head`.
  const puts = ({
    head,
    step,
    ordinal,
    added,
    grouping,
    note,
  }: PutParts): string => `WITH ${settings('$3')}, head AS (${head}), step AS ${step}, logged AS (
          INSERT INTO ${s}.changes (revision, ordinal, operation_id, opens_operation, commit_number, committed_at,
              operation, kind, key1, key2, encoding, value, digest, note)
            SELECT head.base + number, head.changes + ${ordinal}, $1::uuid, head.changes = 0 AND i = 1,
                number, $2::double precision, operation, kind, key1, key2, encoding, value, digest, ${note}
              FROM head, step
        ), stored AS (
          INSERT INTO ${s}.records AS r (kind, key1, key2, handler_id, from_version, to_version, created_at,
              position, revision, encoding, value, digest)
            SELECT kind, key1, key2, handler_id, from_version, to_version, created_at,
                head.position + i - 1, head.base + number, encoding, value, digest
              FROM head, step
            ON CONFLICT (kind, key1, key2) DO UPDATE SET
              handler_id = excluded.handler_id, from_version = excluded.from_version,
              to_version = excluded.to_version, created_at = excluded.created_at,
              revision = excluded.revision, encoding = excluded.encoding,
              value = excluded.value, digest = excluded.digest
            RETURNING r.kind, r.position
        ), added AS (
          SELECT kind, ${added} FROM stored, head WHERE stored.position >= head.position ${grouping}
        ), counted AS (
          INSERT INTO ${s}.record_counts AS n (kind, count) SELECT kind, count FROM added
            ON CONFLICT (kind) DO UPDATE SET count = n.count + excluded.count
        )
        SELECT epoch, base, (SELECT operation_id FROM ${s}.changes WHERE revision = base AND ordinal = 1),
            (SELECT pg_catalog.json_object_agg(kind, count) FROM added)
          FROM head`;
  const begin = (count: string): string => `
          UPDATE ${s}.store SET revision = revision + $17::integer,
              next_position = next_position + ${count}
            FROM settings WHERE LEAST(trimmed_to, revision) <= $16::bigint AND ($19::bigint IS NULL OR revision = $19::bigint)
              AND pg_catalog.current_setting('transaction_isolation') NOT IN ('repeatable read', 'serializable')
            RETURNING epoch, revision - $17::integer AS base, 0 AS changes,
              next_position - ${count} AS position
        `;
  // The commit is the last one, and the first of its operation.
  const goOn = (count: string): string => `
          UPDATE ${s}.store SET next_position = next_position + ${count} FROM settings
            RETURNING epoch, revision - 1 AS base, $16::integer AS changes, next_position - ${count} AS position
        `;
  const length = 'pg_catalog.cardinality($4::integer[])';
  const fromArrays = {
    // As subqueries, or the arrays would be planned for anew each time: PostgreSQL plans for ten elements where it
    // does not know how many there will be, and so takes a plan for fewer to be worth making.
    step: `(SELECT * FROM unnest(${STEP_COLUMNS.map(([, type], i) => `(SELECT $${i + 4}::${type}[])`).join(', ')})
            WITH ORDINALITY AS s (${STEP_COLUMNS.map(([name]) => name).join(', ')}, i))`,
    ordinal: 'pg_catalog.row_number() OVER (PARTITION BY number ORDER BY i)',
    added: 'pg_catalog.count(*) AS count',
    grouping: 'GROUP BY kind',
  };
  return {
    commit: make(
      `SELECT ${s}.commit_changes(${Array.from({ length: 16 }, (_, i) => `$${i + 1}`).join(', ')})`,
    ),
    putAll: make(
      puts({
        ...fromArrays,
        head: begin(length),
        note: 'CASE pg_catalog.row_number() OVER (PARTITION BY number ORDER BY i) WHEN 1 THEN (SELECT $18::text[])[number] END',
      }),
    ),
    putMore: make(puts({ ...fromArrays, head: goOn(length), note: 'NULL' })),
    putOne: make(
      // Where there is one of everything, to number and to count it takes a fifth of the time.
      puts({
        head: begin('1'),
        step: `NOT MATERIALIZED (SELECT ${STEP_COLUMNS.map(([name, type], i) => `$${i + 4}::${type} AS ${name}`).join(', ')}, 1 AS i)`,
        ordinal: '1',
        added: '1 AS count',
        grouping: '',
        note: '$18::text',
      }),
    ),
    // The lock makes it a transaction that waits for the disk and for synchronous standbys, and so for everything before it.
    committed: make(
      `WITH ${settings('$2')}, head AS (SELECT epoch FROM ${s}.store, settings FOR UPDATE OF store)
        SELECT c.commit_number, c.revision, head.epoch
          FROM head, ${s}.changes c
          WHERE c.operation_id = $1 AND c.ordinal = 1 AND c.revision >= (
            SELECT revision FROM ${s}.changes WHERE operation_id = $1 AND opens_operation
          )
          ORDER BY c.revision`,
    ),
    lock: make(
      `WITH ${settings('$1')} SELECT revision, LEAST(trimmed_to, revision) FROM ${s}.store, settings FOR UPDATE OF store`,
    ),
    // Nothing of it has to be on disk, and who waits for the disk here keeps others from notifying.
    notify: make(
      `SELECT pg_catalog.set_config('synchronous_commit', 'off', true), pg_catalog.pg_notify(${quoteLiteral(schema)}, $1)`,
    ),
  };
}
