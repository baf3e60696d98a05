import type { QueryName } from '@gati-framework/storage-kit';
import { type Statement, statement } from './query.js';
import { quoteIdentifier } from './schema.js';

/** Every statement of a store, with its schema in it. */
export interface Statements {
  /**
   * Yield the revision of the store in the first column of every row, then
   * `RECORD_COLUMNS`, all null in the only row when there is no record.
   */
  readonly queries: Readonly<Record<QueryName, Statement>>;
  /** Parameters: arrays of kinds, first and second key fields. Yields a row for each, in order, as `byKey` does. */
  readonly byKeys: Statement;
  /** Parameters: kind, position to go on after, most rows wanted, and a handler or null. Yields position, then RECORD_COLUMNS. */
  readonly scan: Statement;
  /** Parameters: as many as `commit_changes` has. */
  readonly commit: Statement;
  /** Yields epoch, revision, kinds, counts. */
  readonly state: Statement;
  /** Parameters: a revision, and the most changes wanted. */
  readonly catchUp: Statement;
  /** Parameters: a revision, the most commits wanted, and the most changes. */
  readonly history: Statement;
  /** Parameter: how many changes to keep. */
  readonly trim: Statement;
  readonly listen: Statement;
}

/** What `toStoredRecord` reads. */
const RECORD_COLUMNS = 'r.revision, r.encoding, r.value, r.digest, r.key1, r.key2';

export function makeStatements(schema: string, prepared: boolean): Statements {
  const s = quoteIdentifier(schema);
  const make = (text: string): Statement => statement(text.replaceAll(/\s+/g, ' ').trim(), prepared);
  const find = (selection: string, order = ''): Statement =>
    make(`SELECT s.revision, ${RECORD_COLUMNS} FROM ${s}.store s LEFT JOIN ${selection} ${order}`);
  const state = `s.epoch, s.revision,
    (SELECT array_agg(kind) FROM ${s}.record_counts), (SELECT array_agg(count) FROM ${s}.record_counts)`;
  return {
    queries: {
      byKey: find(`${s}.records r ON r.kind = $1 AND r.key1 = $2 AND r.key2 = $3`),
      latestManifest: find(
        `LATERAL (SELECT * FROM ${s}.records WHERE handler_id = $1 AND kind = 'manifest'
          ORDER BY created_at DESC, position DESC LIMIT 1) r ON true`,
      ),
      manifestVersions: find(
        `${s}.records r ON r.handler_id = $1 AND r.kind = 'manifest'`,
        'ORDER BY r.created_at, r.position',
      ),
      hookManifests: find(`${s}.records r ON r.kind = 'hookManifest'`, 'ORDER BY r.position'),
      transformersBetween: find(
        `${s}.records r ON r.handler_id = $1 AND r.kind = 'transformer'
          AND r.from_version = $2 AND r.to_version = $3`,
        'ORDER BY r.position',
      ),
    },
    byKeys: make(
      `SELECT s.revision, ${RECORD_COLUMNS} FROM ${s}.store s
        CROSS JOIN unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS k (kind, key1, key2, i)
        LEFT JOIN ${s}.records r ON r.kind = k.kind AND r.key1 = k.key1 AND r.key2 = k.key2
        ORDER BY k.i`,
    ),
    scan: make(
      `SELECT r.position, ${RECORD_COLUMNS} FROM ${s}.records r
        WHERE r.kind = $1 AND r.position > $2 AND ($4::text IS NULL OR r.handler_id = $4)
        ORDER BY r.position LIMIT $3`,
    ),
    commit: make(
      `SELECT store_epoch, base_revision, last_revision, refused, missed, actual, kinds, counts
        FROM ${s}.commit_changes(${Array.from({ length: 25 }, (_, i) => `$${i + 1}`).join(', ')})`,
    ),
    state: make(`SELECT ${state} FROM ${s}.store s`),
    // One statement, so that all of it is of one moment.
    catchUp: make(
      `SELECT ${state},
          (SELECT operation FROM ${s}.commits WHERE revision = $1),
          (SELECT operation FROM ${s}.commits WHERE revision = s.revision),
          c.operation, c.kind, c.key1, c.key2
        FROM ${s}.store s LEFT JOIN LATERAL (
          SELECT * FROM ${s}.changes WHERE revision > $1 ORDER BY revision, ordinal LIMIT $2
        ) c ON true`,
    ),
    history: make(
      `SELECT s.revision, (SELECT min(revision) FROM ${s}.commits),
          p.revision, p.committed_at, c.operation, c.kind, c.key1, c.key2, c.encoding, c.value, c.digest
        FROM ${s}.store s
        LEFT JOIN (
          SELECT * FROM (
            SELECT revision, committed_at, sum(change_count) OVER (ORDER BY revision) - change_count AS before
              FROM (SELECT * FROM ${s}.commits WHERE revision > $1 ORDER BY revision LIMIT $2) found
          ) counted WHERE before < $3
        ) p ON true
        LEFT JOIN ${s}.changes c ON c.revision = p.revision
        ORDER BY p.revision, c.ordinal`,
    ),
    trim: make(
      `WITH oldest AS (
          SELECT revision FROM ${s}.changes ORDER BY revision DESC, ordinal DESC OFFSET $1 LIMIT 1
        ), trimmed AS (
          DELETE FROM ${s}.changes WHERE revision < (SELECT revision FROM oldest)
        )
        DELETE FROM ${s}.commits WHERE revision < (SELECT revision FROM oldest)`,
    ),
    listen: statement(`LISTEN ${quoteIdentifier(schema)}`, false),
  };
}
