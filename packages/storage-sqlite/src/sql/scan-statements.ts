import type { RecordKind } from '@gati-framework/manifest-store';
import { belongsToHandler } from '@gati-framework/manifest-store/backend';
import { keyColumnsOf, keyTableOf } from '../schema/schema.js';
import type { SqliteDatabase, SqliteStatement } from '../sqlite-database.js';
import type { Located, PutRow, RecordRow } from './rows.js';

/**
 * All records of a kind, in first-stored order; perhaps of one handler, the
 * only parameter.
 *
 * Only what finds a value is sorted, by the limit that is none: sorting the
 * values would take as much memory as they do, before the first is there.
 */
export function prepareScan(
  database: SqliteDatabase,
  kind: RecordKind,
  byHandler: boolean,
): SqliteStatement<RecordRow> {
  const keys = keyColumnsOf(kind);
  const found = `SELECT ${keys.join(', ')}, revision, change_id FROM ${keyTableOf(kind)}`;
  return database.prepare(
    `SELECT revision, encoding, value, digest, ${keys.map((column) => `found.${column}`).join(', ')}
     FROM (${found} ${byHandler ? 'WHERE handler_id = ?' : ''} ORDER BY position LIMIT -1) AS found
     LEFT JOIN changes ON changes.id = change_id`,
  );
}

/** The statements that note the records of a kind first, and read them later. */
export interface NoteStatements {
  /** All records, in first-stored order. */
  readonly list: SqliteStatement<Located>;
  /** As `list`, of one handler; absent where records have none. */
  readonly listOfHandler: SqliteStatement<Located> | undefined;
  /** By `change_id`. */
  readonly selectPut: SqliteStatement<PutRow>;
  /**
   * A record without its value, which always yields one row. It looks at each record.
   * Parameters: its `revision`, its `change_id`.
   */
  readonly selectLost: SqliteStatement<RecordRow>;
}

export function prepareNotes(database: SqliteDatabase, kind: RecordKind): NoteStatements {
  const table = keyTableOf(kind);
  const list = `SELECT revision, change_id FROM ${table}`;
  return {
    list: database.prepare(`${list} ORDER BY position`),
    listOfHandler: belongsToHandler(kind)
      ? database.prepare(`${list} WHERE handler_id = ? ORDER BY position`)
      : undefined,
    selectPut: database.prepare('SELECT key, encoding, value, digest FROM changes WHERE id = ?'),
    selectLost: database.prepare(
      `SELECT ?, NULL, NULL, NULL, ${keyColumnsOf(kind).join(', ')} FROM (SELECT 1) LEFT JOIN ${table} ON change_id = ?`,
    ),
  };
}
