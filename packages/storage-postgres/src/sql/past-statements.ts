import { LARGEST_TOLD_COMMIT, PAGE_BYTES } from '@gati-framework/storage-kit';
import type { Statement } from '../connections/query.js';
import { quoteIdentifier } from './quoting.js';
import { OLDEST, storeRow, storeRowWithPast } from './store-row.js';

/** Most changes that a page of the log lists, unless its one commit alone lists more. */
const LOG_PAGE = 2_000;

/** What the log and the store of the past are read with. */
export interface PastStatements {
  /**
   * Parameters: kind, both fields of the key, and a revision. Yields the revision of the store, the first that the past
   * is kept from, whether the server is a standby, then VALUE_COLUMNS of the record as it was, all null when there
   * was none.
   */
  readonly readPast: Statement;
  /** As `scan`, `scanByKey` and `scanByLookup` for the store as it was at a revision, which is the last parameter. */
  readonly scanPast: Statement;
  readonly scanPastByKey: Statement;
  readonly scanPastByLookup: Statement;
  /**
   * Parameters: the revisions that the range is after and before, the most commits, and the most changes of each.
   * Yields the revision of the store, the first one in the log, and whether the server is a standby, then a row for each
   * change that is listed: revision and count of changes of its commit, ordinal, time, note (in the row of the
   * first), operation, kind and key; all null when there is no commit.
   */
  readonly logForward: Statement;
  /** The same, newest first. */
  readonly logBackward: Statement;
  /**
   * Parameters: a revision, the most changes wanted, the revision of a {@link Cursor}, and the most commits.
   * Yields whole commits, with at most PAGE_BYTES of values, or one commit; where that has more than
   * LARGEST_TOLD_COMMIT, only its size.
   */
  readonly history: Statement;
}

/** What `toStoredRecord` reads; the key is left out where it is known. */
export const VALUE_COLUMNS = 'r.revision, r.encoding, r.value, r.digest';
export const RECORD_COLUMNS: string = `${VALUE_COLUMNS}, r.key1, r.key2`;

/**
 * A page of records in the order of their positions.
 *
 * @param records Yields `r.position` and RECORD_COLUMNS, at most `$3` and in that order.
 */
export function pageOf(records: string): string {
  return `SELECT position, revision, encoding, value, digest, key1, key2, is_more FROM (
          SELECT r.*, pg_catalog.row_number() OVER page AS n,
              pg_catalog.sum(pg_catalog.octet_length(value)) OVER page AS bytes,
              pg_catalog.count(*) OVER found = $3 OR pg_catalog.sum(pg_catalog.octet_length(value)) OVER found > ${PAGE_BYTES} AS is_more
            FROM (
              ${records}
            ) r WINDOW page AS (ORDER BY position ROWS UNBOUNDED PRECEDING), found AS ()
        ) r WHERE bytes <= ${PAGE_BYTES} OR n = 1 ORDER BY position`;
}

export function makePastStatements(
  schema: string,
  make: (text: string) => Statement,
  makeUnprepared: (text: string) => Statement,
): PastStatements {
  const s = quoteIdentifier(schema);
  // Of either table at most a page is read; what was there is in one of them.
  const scan = (condition: string, at: string): Statement => {
    const from = (table: string, isOf: string): string =>
      `(SELECT r.position, ${RECORD_COLUMNS} FROM ${s}.${table} r
                WHERE r.kind = $1 AND r.position > $2 ${condition} AND r.revision <= ${at} ${isOf} ORDER BY r.position LIMIT $3)`;
    const both = `${from('records', '')} UNION ALL ${from('past', `AND r.until > ${at}`)}`;
    return makeUnprepared(pageOf(`SELECT * FROM (${both}) r ORDER BY position LIMIT $3`));
  };
  return {
    readPast: make(
      `SELECT s.revision, ${OLDEST}, pg_catalog.pg_is_in_recovery(), ${VALUE_COLUMNS}
        FROM ${storeRowWithPast(s)} s LEFT JOIN LATERAL (
          SELECT ${VALUE_COLUMNS} FROM ${s}.records r
            WHERE r.kind = $1 AND r.key1 = $2 AND r.key2 = $3 AND r.revision <= $4
          UNION ALL (
            SELECT ${VALUE_COLUMNS} FROM ${s}.past r
              WHERE r.kind = $1 AND r.key1 = $2 AND r.key2 = $3 AND r.until > $4 AND r.revision <= $4 ORDER BY r.until LIMIT 1
          ) LIMIT 1
        ) r ON true`,
    ),
    scanPast: scan('', '$4'),
    scanPastByKey: scan('AND r.key1 = $4', '$5'),
    scanPastByLookup: scan('AND r.handler_id = $4', '$5'),
    logForward: makeUnprepared(logPage(s, 'min')),
    logBackward: makeUnprepared(logPage(s, 'max')),
    // Whole commits, and at least one. Pages begin at the next commit, not the next revision: libraries of version 1
    // gave empty commits revisions that the log does not have. octet_length() reads no value that is
    // stored out of line, so finding the end of a page costs about as much as the keys of its rows. A commit that is
    // larger than a page is gone through once more, to see whether it is too large to be told.
    history: make(
      `WITH n AS MATERIALIZED (
          SELECT pg_catalog.min(revision) AS next FROM ${s}.changes WHERE revision > $1
        ), sizes AS MATERIALIZED (
          SELECT revision, ordinal, pg_catalog.octet_length(value) AS size FROM ${s}.changes
            WHERE revision > $1 AND revision < (SELECT next FROM n) + $4 ORDER BY revision, ordinal LIMIT $2 + 1
        ), first AS MATERIALIZED (
          SELECT next, CASE WHEN (SELECT pg_catalog.count(*) FROM sizes WHERE revision = next) > $2
              THEN (SELECT pg_catalog.sum(pg_catalog.octet_length(value)) FROM ${s}.changes WHERE revision = next)
              ELSE (SELECT pg_catalog.sum(size) FROM sizes WHERE revision = next) END AS bytes
            FROM n
        )
        SELECT s.epoch, s.revision, (SELECT operation_id FROM ${s}.changes WHERE revision = $3 AND ordinal = 1),
          (SELECT pg_catalog.min(revision) FROM ${s}.changes), pg_catalog.pg_is_in_recovery(),
          c.revision, c.committed_at, c.operation, c.kind, c.key1, c.key2, c.encoding, c.value, c.digest, c.note, f.next, f.bytes
        FROM ${storeRow(s)} s CROSS JOIN first f
        LEFT JOIN ${s}.changes c ON (f.bytes IS NULL OR f.bytes <= ${LARGEST_TOLD_COMMIT})
          AND c.revision > $1 AND c.revision < f.next + $4 AND c.revision <= greatest(f.next, coalesce((
            SELECT pg_catalog.min(revision) - 1 FROM (
              SELECT revision, pg_catalog.row_number() OVER page AS n, pg_catalog.sum(size) OVER page AS bytes
                FROM sizes WINDOW page AS (ORDER BY revision, ordinal ROWS UNBOUNDED PRECEDING)
            ) p WHERE n > $2 OR bytes > ${PAGE_BYTES}
          ), s.revision))
        ORDER BY c.revision, c.ordinal`,
    ),
  };
}

/**
 * From one commit to the next by the index, as one of a million changes is to cost no more than one of a single one. Its
 * changes are numbered without gaps, so the last number is their count.
 *
 * @param next An aggregate.
 */
function logPage(s: string, next: 'min' | 'max'): string {
  const [after, before] = next === 'min' ? ['w.revision', '$2'] : ['$1', 'w.revision'];
  const find = (from: string, to: string): string =>
    `(SELECT pg_catalog.${next}(revision) FROM ${s}.changes WHERE revision > ${from}::bigint AND revision < ${to}::bigint)`;
  return `WITH RECURSIVE walk (revision, n) AS (
          SELECT ${find('$1', '$2')}, 1
          UNION ALL SELECT ${find(after, before)}, w.n + 1 FROM walk w WHERE w.revision IS NOT NULL AND w.n < $3::bigint
        ), sized AS (
          SELECT revision, n, (SELECT pg_catalog.max(ordinal) FROM ${s}.changes c WHERE c.revision = w.revision) AS size
            FROM walk w WHERE revision IS NOT NULL
        ), page AS (
          SELECT *, pg_catalog.sum(LEAST(size, $4::bigint)) OVER (ORDER BY n) AS listed FROM sized
        )
        SELECT s.revision, (SELECT pg_catalog.min(revision) FROM ${s}.changes), pg_catalog.pg_is_in_recovery(),
            p.revision, p.size, c.ordinal, c.committed_at, c.note, c.operation, c.kind, c.key1, c.key2
          FROM ${storeRow(s)} s LEFT JOIN page p ON p.n = 1 OR p.listed <= ${LOG_PAGE}
          LEFT JOIN LATERAL (
            SELECT * FROM ${s}.changes
              WHERE revision = p.revision AND ordinal > 0 AND ordinal <= LEAST(p.size, $4::bigint) ORDER BY ordinal
          ) c ON true
          ORDER BY p.n, c.ordinal`;
}
