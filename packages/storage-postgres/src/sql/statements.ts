import { PAGE_BYTES, type QueryName } from '@gati-framework/storage-kit';
import { type Statement, statement } from '../connections/query.js';
import { type CommitStatements, makeCommitStatements } from './commit-statements.js';
import { quoteIdentifier } from './quoting.js';

/** Every statement of a store, with its schema in it. */
export interface Statements extends CommitStatements {
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
  const tells = tellsRevision({ consistency, readOnly });
  // The newest version of the one row comes first, which older ones may precede: none can be removed as long as
  // somebody holds a snapshot from before. By the index, backwards, they are not looked at.
  const store = `(SELECT epoch, revision FROM ${s}.store ORDER BY id DESC LIMIT 1)`;
  const make = (text: string): Statement =>
    statement(text.trim(), preparedStatements, statementTimeout + 1_000);
  const unprepared = (text: string): Statement => statement(text.trim(), false, statementTimeout + 1_000);
  const find = (
    condition: string,
    order = '',
    columns = RECORD_COLUMNS,
    records = `${s}.records`,
  ): Statement =>
    make(
      tells
        ? `SELECT s.revision, ${columns} FROM ${store} s LEFT JOIN ${records} r ON ${condition} ${order}`
        : `SELECT 0, ${columns} FROM ${records} r WHERE ${condition} ${order}`,
    );
  // Not prepared: inside a transaction there is no other connection to turn to when the session has forgotten it.
  const scan = (condition: string): Statement =>
    unprepared(
      `SELECT position, revision, encoding, value, digest, key1, key2, is_more FROM (
          SELECT r.*, pg_catalog.row_number() OVER page AS n,
              pg_catalog.sum(pg_catalog.octet_length(value)) OVER page AS bytes,
              pg_catalog.count(*) OVER found = $3 OR pg_catalog.sum(pg_catalog.octet_length(value)) OVER found > ${PAGE_BYTES} AS is_more
            FROM (
              SELECT r.position, ${RECORD_COLUMNS} FROM ${s}.records r
                WHERE r.kind = $1 AND r.position > $2 ${condition} ORDER BY r.position LIMIT $3
            ) r WINDOW page AS (ORDER BY position ROWS UNBOUNDED PRECEDING), found AS ()
        ) r WHERE bytes <= ${PAGE_BYTES} OR n = 1 ORDER BY position`,
    );
  const state = `s.epoch, s.revision, (SELECT pg_catalog.json_object_agg(kind, count) FROM ${s}.record_counts)`;
  return {
    queries: {
      byKey: find('r.kind = $1 AND r.key1 = $2 AND r.key2 = $3', '', VALUE_COLUMNS),
      // Found before it is joined, in the order of its index: all versions would be read to be sorted otherwise.
      latestManifest: find(
        'true',
        '',
        RECORD_COLUMNS,
        `(SELECT * FROM ${s}.records WHERE kind = 'manifest' AND key1 = $1 ORDER BY created_at DESC, position DESC LIMIT 1)`,
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
          SELECT ${tells ? 's.revision' : '0 AS revision'}, k.i, r.revision AS record_revision, r.encoding, r.value, r.digest,
              pg_catalog.sum(pg_catalog.octet_length(r.value)) OVER page <= ${PAGE_BYTES} OR pg_catalog.count(r.value) OVER page = 1 AS is_in_page
            FROM ${tells ? `${store} s CROSS JOIN ` : ''}unnest((SELECT $1::text[]), (SELECT $2::text[]), (SELECT $3::text[])) WITH ORDINALITY AS k (kind, key1, key2, i)
            LEFT JOIN ${s}.records r ON r.kind = k.kind AND r.key1 = k.key1 AND r.key2 = k.key2
            WINDOW page AS (ORDER BY k.i ROWS UNBOUNDED PRECEDING)
        ) p ORDER BY i`,
    ),
    scan: scan(''),
    scanByKey: scan('AND r.key1 = $4'),
    scanByLookup: scan('AND r.handler_id = $4'),
    ...makeCommitStatements(schema, make),
    state: make(`SELECT ${state} FROM ${store} s`),
    // One statement, so that all of it is of one moment.
    catchUp: make(
      `SELECT ${state},
          pg_catalog.pg_is_in_recovery(),
          (SELECT operation_id FROM ${s}.changes WHERE revision = $1 AND ordinal = 1),
          (SELECT operation_id FROM ${s}.changes WHERE revision = s.revision AND ordinal = 1),
          c.operation, c.kind, c.key1, c.key2
        FROM ${store} s LEFT JOIN LATERAL (
          SELECT * FROM ${s}.changes WHERE revision > $1 ORDER BY revision, ordinal LIMIT $2
        ) c ON true`,
    ),
    // Whole commits, and at least one. Pages begin at the next commit, not the next revision: libraries of version 1
    // gave empty commits revisions that the log does not have. octet_length() reads no value that is
    // stored out of line, so finding the end of a page costs about as much as the keys of its rows.
    history: make(
      `SELECT s.epoch, s.revision, (SELECT operation_id FROM ${s}.changes WHERE revision = $3 AND ordinal = 1),
          (SELECT pg_catalog.min(revision) FROM ${s}.changes), pg_catalog.pg_is_in_recovery(),
          c.revision, c.committed_at, c.operation, c.kind, c.key1, c.key2, c.encoding, c.value, c.digest
        FROM ${store} s CROSS JOIN (
          SELECT pg_catalog.min(revision) AS next FROM ${s}.changes WHERE revision > $1
        ) n LEFT JOIN ${s}.changes c ON c.revision > $1 AND c.revision < n.next + $4 AND c.revision <= greatest(n.next, coalesce((
          SELECT pg_catalog.min(revision) - 1 FROM (
            SELECT revision, pg_catalog.row_number() OVER page AS n, pg_catalog.sum(size) OVER page AS bytes FROM (
              SELECT revision, ordinal, pg_catalog.octet_length(value) AS size FROM ${s}.changes
                WHERE revision > $1 AND revision < n.next + $4 ORDER BY revision, ordinal LIMIT $2 + 1
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
            (SELECT pg_catalog.min(revision) + 1 FROM ${s}.changes),
            coalesce((SELECT revision FROM ${s}.changes WHERE revision < $1::bigint ORDER BY revision, ordinal OFFSET $2 LIMIT 1), $1::bigint)
          )) RETURNING revision
        ) SELECT pg_catalog.count(*) FROM gone`,
    ),
    listen: statement(`LISTEN ${quoteIdentifier(schema)}`, false),
  };
}
