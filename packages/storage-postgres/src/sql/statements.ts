import { PAGE_BYTES, type QueryName } from '@gati-framework/storage-kit';
import { type Statement, statement } from '../connections/query.js';
import { type CommitStatements, makeCommitStatements } from './commit-statements.js';
import {
  makePastStatements,
  type PastStatements,
  pageOf,
  RECORD_COLUMNS,
  VALUE_COLUMNS,
} from './past-statements.js';
import { quoteIdentifier, quoteLiteral } from './quoting.js';
import { OLDEST, storeRow, storeRowWithPast } from './store-row.js';
import { storeSize } from './store-size.js';

/** Every statement of a store, with its schema in it. */
export interface Statements extends CommitStatements, PastStatements {
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
  /** Yields epoch, revision, counts as JSON, the first revision that the past is kept from, and whether the server is a standby. */
  readonly state: Statement;
  /** Yields the bytes that the store takes. */
  readonly size: Statement;
  /** Parameters: a revision, and the most changes wanted. */
  readonly catchUp: Statement;
  /** Yields how many changes are kept at least, and for how many milliseconds each commit, each null where nobody has said it, and whether this session may store that. */
  readonly retention: Statement;
  /** Stores that. Parameters: as `retention` yields it, and `lock_timeout`. */
  readonly setRetention: Statement;
  /** Parameters: the time, and how many changes are kept where nobody has said it. Yields the oldest revision that stays, or no row. */
  readonly oldestKept: Statement;
  /**
   * Deletes the oldest commits, whole ones, at least one. Parameters: the oldest revision that stays, and the most
   * changes wanted. Yields how many changes went.
   */
  readonly trim: Statement;
  /** Deletes what was there until a revision that is not kept. Parameter: how many rows at most. Yields how many went. */
  readonly forget: Statement;
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

export function makeStatements({
  schema,
  preparedStatements,
  consistency,
  readOnly,
  statementTimeout,
}: StatementOptions): Statements {
  const s = quoteIdentifier(schema);
  const tells = tellsRevision({ consistency, readOnly });
  const store = storeRow(s);
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
      pageOf(`SELECT r.position, ${RECORD_COLUMNS} FROM ${s}.records r
                WHERE r.kind = $1 AND r.position > $2 ${condition} ORDER BY r.position LIMIT $3`),
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
    state: make(`SELECT ${state}, ${OLDEST}, pg_catalog.pg_is_in_recovery() FROM ${storeRowWithPast(s)} s`),
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
    ...makePastStatements(schema, make, unprepared),
    size: make(`SELECT ${storeSize(schema)}`),
    retention: make(
      `SELECT keep_changes, keep_age, pg_catalog.current_setting('transaction_read_only') = 'off'
            AND pg_catalog.has_table_privilege(${quoteLiteral(`${s}.store`)}, 'UPDATE')
        FROM ${storeRow(s, 'keep_changes, keep_age')} s`,
    ),
    setRetention: make(
      `WITH settings AS MATERIALIZED (SELECT pg_catalog.set_config('lock_timeout', $3, true))
        UPDATE ${s}.store SET keep_changes = $1, keep_age = $2 FROM settings`,
    ),
    // Whole commits of which each is beyond the number of changes and, like all before it, older than the age.
    oldestKept: make(
      `SELECT LEAST(c.revision, (
            SELECT y.revision FROM ${s}.changes y, ${s}.store s
              WHERE y.ordinal = 1 AND y.revision < c.revision AND y.committed_at >= $1::double precision - s.keep_age
              ORDER BY y.revision LIMIT 1
          ))
        FROM (
          SELECT revision FROM ${s}.changes ORDER BY revision DESC, ordinal DESC
            OFFSET (SELECT coalesce(keep_changes, $2::bigint) FROM ${s}.store) LIMIT 1
        ) c`,
    ),
    trim: make(
      `WITH gone AS (
          DELETE FROM ${s}.changes WHERE revision < least($1::bigint, greatest(
            (SELECT pg_catalog.min(revision) + 1 FROM ${s}.changes),
            coalesce((SELECT revision FROM ${s}.changes WHERE revision < $1::bigint ORDER BY revision, ordinal OFFSET $2 LIMIT 1), $1::bigint)
          )) RETURNING revision
        ) SELECT pg_catalog.count(*) FROM gone`,
    ),
    forget: make(`SELECT ${s}.forget_past($1)`),
    listen: statement(`LISTEN ${quoteIdentifier(schema)}`, false),
  };
}
