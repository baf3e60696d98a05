import { PAGE_BYTES, type QueryName } from '@gati-framework/storage-kit';
import { type Statement, statement } from './query.js';
import { quoteIdentifier, quoteLiteral } from './schema.js';

/** Every statement of a store, with its schema in it. */
export interface Statements {
  /**
   * Yield the revision of the store in the first column of every row, then
   * `RECORD_COLUMNS` (`byKey`: VALUE_COLUMNS), all null in the only row when there is no record. Where
   * nobody needs the revision (see `tellsRevision`) it is 0, and there may be no row.
   */
  readonly queries: Readonly<Record<QueryName, Statement>>;
  /**
   * Parameters: arrays of kinds, first and second key fields. Yields a row for each, in order, as `byKey` does;
   * the value is left out (null) where it would make the answer larger than PAGE_BYTES.
   */
  readonly byKeys: Statement;
  /**
   * Parameters: kind, position to go on after, and most rows wanted. Yields position, RECORD_COLUMNS, and whether
   * there may be more; at most PAGE_BYTES of values, or one row.
   */
  readonly scan: Statement;
  /** As `scan`, of one handler, the fourth parameter: kinds with the handler in their key. */
  readonly scanByKey: Statement;
  /** As `scan`, of one handler, the fourth parameter: kinds that are looked up by handler. */
  readonly scanByLookup: Statement;
  /** Parameters: as `commit_changes` has them. Yields its answer, as JSON. */
  readonly commit: Statement;
  /**
   * The same for commits that only put, no record twice. Parameters: as for `commit`, and how many commits
   * there are. Much faster: one statement instead of a dozen.
   */
  readonly putAll: Statement;
  /** Parameter: an operation. Yields commit number, revision and epoch for each commit that was made by it. */
  readonly committed: Statement;
  /** Yields epoch, revision, and counts as JSON. */
  readonly state: Statement;
  /** Parameters: a revision, and the most changes wanted. */
  readonly catchUp: Statement;
  /**
   * Parameters: a revision, the most changes wanted, the revision of a {@link Cursor}, and the most commits.
   * Yields whole commits, with at most PAGE_BYTES of values, or one commit.
   */
  readonly history: Statement;
  /** Parameter: how many changes to keep, at least. Yields the oldest revision that stays, or no row. */
  readonly oldestKept: Statement;
  /**
   * Deletes the oldest commits, whole ones, at least one. Parameters: the oldest revision that stays, and the most
   * changes wanted. Yields how many changes went.
   */
  readonly trim: Statement;
  readonly listen: Statement;
}

export interface StatementOptions {
  readonly schema: string;
  readonly preparedStatements: boolean;
  readonly consistency: 'cached' | 'strong';
  readonly readOnly: boolean;
  /** How long a statement may run, in milliseconds. */
  readonly statementTimeout: number;
}

/** Whether reads are to tell the revision of the store: for caches, and because standbys may be behind each other. */
export function tellsRevision({
  consistency,
  readOnly,
}: Pick<StatementOptions, 'consistency' | 'readOnly'>): boolean {
  return consistency === 'cached' || readOnly;
}

/** What `toStoredRecord` reads; the key is left out where it is known. */
const VALUE_COLUMNS = 'r.revision, r.encoding, r.value, r.digest';
const RECORD_COLUMNS = `${VALUE_COLUMNS}, r.key1, r.key2`;

export function makeStatements({
  schema,
  preparedStatements,
  consistency,
  readOnly,
  statementTimeout,
}: StatementOptions): Statements {
  const s = quoteIdentifier(schema);
  const make = (text: string): Statement =>
    statement(text.trim(), preparedStatements, statementTimeout + 1_000);
  const unprepared = (text: string): Statement => statement(text.trim(), false, statementTimeout + 1_000);
  const find = (condition: string, order = '', columns = RECORD_COLUMNS): Statement =>
    make(
      tellsRevision({ consistency, readOnly })
        ? `SELECT s.revision, ${columns} FROM ${s}.store s LEFT JOIN ${s}.records r ON ${condition} ${order}`
        : `SELECT 0, ${columns} FROM ${s}.records r WHERE ${condition} ${order}`,
    );
  // Not prepared: inside a transaction there is no other connection to turn to when the session has forgotten it.
  const scan = (condition: string): Statement =>
    unprepared(
      `SELECT r.position, ${RECORD_COLUMNS}, p.is_more
        FROM (
          SELECT max(position) FILTER (WHERE bytes <= ${PAGE_BYTES} OR n = 1) AS last,
              count(*) = $3 OR max(bytes) > ${PAGE_BYTES} AS is_more
            FROM (
              SELECT position, pg_catalog.row_number() OVER page AS n, pg_catalog.sum(size) OVER page AS bytes FROM (
                SELECT r.position, pg_catalog.octet_length(r.value) AS size FROM ${s}.records r
                  WHERE r.kind = $1 AND r.position > $2 ${condition} ORDER BY r.position LIMIT $3
              ) q WINDOW page AS (ORDER BY position ROWS UNBOUNDED PRECEDING)
            ) q
        ) p, ${s}.records r
        WHERE r.kind = $1 AND r.position > $2 AND r.position <= p.last ${condition} ORDER BY r.position`,
    );
  const state = `s.epoch, s.revision, (SELECT json_object_agg(kind, count) FROM ${s}.record_counts)`;
  return {
    queries: {
      byKey: find('r.kind = $1 AND r.key1 = $2 AND r.key2 = $3', '', VALUE_COLUMNS),
      latestManifest: find(
        `r.kind = 'manifest' AND r.key1 = $1`,
        'ORDER BY r.created_at DESC, r.position DESC LIMIT 1',
      ),
      manifestVersions: find(`r.kind = 'manifest' AND r.key1 = $1`, 'ORDER BY r.created_at, r.position'),
      hookManifests: find(`r.kind = 'hookManifest'`, 'ORDER BY r.position'),
      transformersBetween: find(
        `r.kind = 'transformer' AND r.handler_id = $1 AND r.from_version = $2 AND r.to_version = $3`,
        'ORDER BY r.position',
      ),
    },
    byKeys: make(
      `SELECT revision, record_revision, encoding, CASE WHEN is_in_page THEN value END, digest FROM (
          SELECT s.revision, k.i, r.revision AS record_revision, r.encoding, r.value, r.digest,
              sum(pg_catalog.octet_length(r.value)) OVER page <= ${PAGE_BYTES} OR count(r.value) OVER page = 1 AS is_in_page
            FROM ${s}.store s
            CROSS JOIN unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS k (kind, key1, key2, i)
            LEFT JOIN ${s}.records r ON r.kind = k.kind AND r.key1 = k.key1 AND r.key2 = k.key2
            WINDOW page AS (ORDER BY k.i ROWS UNBOUNDED PRECEDING)
        ) p ORDER BY i`,
    ),
    scan: scan(''),
    scanByKey: scan('AND r.key1 = $4'),
    scanByLookup: scan('AND r.handler_id = $4'),
    commit: make(
      `SELECT ${s}.commit_changes(${Array.from({ length: 16 }, (_, i) => `$${i + 1}`).join(', ')})`,
    ),
    // Whatever depends on `head` happens after it, when nobody else can commit any more. What it does is right also
    // if the statement had to wait for that and sees the store as it was before: an upsert finds the newest row.
    putAll: make(
      `WITH settings AS MATERIALIZED (
          SELECT set_config('lock_timeout', $3, true)
        ), head AS (
          UPDATE ${s}.store SET revision = revision + $16::integer, next_position = next_position + cardinality($4::integer[])
            FROM settings RETURNING epoch, revision - $16::integer AS base, next_position - cardinality($4::integer[]) AS position
        ), step AS (
          SELECT * FROM unnest($4::integer[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
              $11::bigint[], $12::text[], $13::text[], $14::text[], $15::double precision[]) WITH ORDINALITY
            AS s (number, operation, kind, key1, key2, encoding, value, digest, handler_id, from_version, to_version,
              created_at, i)
        ), logged AS (
          INSERT INTO ${s}.changes (revision, ordinal, operation_id, opens_operation, commit_number, committed_at,
              operation, kind, key1, key2, encoding, value, digest)
            SELECT head.base + number, row_number() OVER (PARTITION BY number ORDER BY i), $1::uuid, i = 1, number, $2::double precision,
                operation, kind, key1, key2, encoding, value, digest
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
          SELECT kind, count(*) AS count FROM stored, head WHERE stored.position >= head.position GROUP BY kind
        ), counted AS (
          INSERT INTO ${s}.record_counts AS n (kind, count) SELECT kind, count FROM added
            ON CONFLICT (kind) DO UPDATE SET count = n.count + excluded.count
        )
        SELECT json_build_object('epoch', epoch, 'base', base,
            'before', (SELECT operation_id FROM ${s}.changes WHERE revision = base AND ordinal = 1), 'added', (SELECT json_object_agg(kind, count) FROM added)),
            pg_notify(${quoteLiteral(schema)}, (base + $16::integer)::text),
            CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', true) END
          FROM head`,
    ),
    // The lock makes it a transaction that waits for synchronous standbys, and so for everything before it.
    committed: make(
      `WITH head AS (SELECT epoch FROM ${s}.store FOR UPDATE)
        SELECT DISTINCT c.commit_number, c.revision, head.epoch
          FROM head, ${s}.changes c
          WHERE c.operation_id = $1 AND c.revision >= (
            SELECT revision FROM ${s}.changes WHERE operation_id = $1 AND opens_operation
          )
          ORDER BY c.revision`,
    ),
    state: make(`SELECT ${state} FROM ${s}.store s`),
    // One statement, so that all of it is of one moment.
    catchUp: make(
      `SELECT ${state},
          pg_catalog.pg_is_in_recovery(),
          (SELECT operation_id FROM ${s}.changes WHERE revision = $1 AND ordinal = 1),
          (SELECT operation_id FROM ${s}.changes WHERE revision = s.revision AND ordinal = 1),
          c.operation, c.kind, c.key1, c.key2
        FROM ${s}.store s LEFT JOIN LATERAL (
          SELECT * FROM ${s}.changes WHERE revision > $1 ORDER BY revision, ordinal LIMIT $2
        ) c ON true`,
    ),
    // Whole commits, and at least one: there are no gaps between revisions. octet_length() reads no value that is
    // stored out of line, so finding the end of a page costs about as much as the keys of its rows.
    history: make(
      `SELECT s.epoch, s.revision, (SELECT operation_id FROM ${s}.changes WHERE revision = $3 AND ordinal = 1),
          (SELECT min(revision) FROM ${s}.changes), pg_catalog.pg_is_in_recovery(),
          c.revision, c.committed_at, c.operation, c.kind, c.key1, c.key2, c.encoding, c.value, c.digest
        FROM ${s}.store s LEFT JOIN ${s}.changes c ON c.revision > $1 AND c.revision <= $1 + $4 AND c.revision <= greatest($1 + 1, coalesce((
          SELECT min(revision) - 1 FROM (
            SELECT revision, pg_catalog.row_number() OVER page AS n, pg_catalog.sum(size) OVER page AS bytes FROM (
              SELECT revision, ordinal, pg_catalog.octet_length(value) AS size FROM ${s}.changes
                WHERE revision > $1 AND revision <= $1 + $4 ORDER BY revision, ordinal LIMIT $2 + 1
            ) q WINDOW page AS (ORDER BY revision, ordinal ROWS UNBOUNDED PRECEDING)
          ) p WHERE n > $2 OR bytes > ${PAGE_BYTES}
        ), s.revision))
        ORDER BY c.revision, c.ordinal`,
    ),
    oldestKept: make(
      `SELECT revision FROM ${s}.changes ORDER BY revision DESC, ordinal DESC OFFSET $1 LIMIT 1`,
    ),
    trim: make(
      `WITH gone AS (
          DELETE FROM ${s}.changes WHERE revision < least($1::bigint, greatest(
            (SELECT min(revision) + 1 FROM ${s}.changes),
            coalesce((SELECT revision FROM ${s}.changes WHERE revision < $1::bigint ORDER BY revision, ordinal OFFSET $2 LIMIT 1), $1::bigint)
          )) RETURNING revision
        ) SELECT count(*) FROM gone`,
    ),
    listen: statement(`LISTEN ${quoteIdentifier(schema)}`, false),
  };
}
