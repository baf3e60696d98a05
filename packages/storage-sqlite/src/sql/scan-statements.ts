import type { RecordKind } from '@gati-framework/manifest-store';
import { belongsToHandler } from '@gati-framework/manifest-store/backend';
import { keyColumnsOf, keyTableOf } from '../schema/schema.js';
import type { SqliteDatabase, SqliteStatement } from '../sqlite-database.js';
import type { LocatedRecord, PositionedRecordRow, PutRow, RecordRow } from './rows.js';
import { selectRecords } from './select-records.js';

/**
 * Some records of a kind, in first-stored order: so many that come after a position, and were last written by a revision
 * or before it. Perhaps of one handler. Parameters: the position, the revision, the handler if there is one, how many.
 */
export function prepareScan(
  database: SqliteDatabase,
  kind: RecordKind,
  byHandler: boolean,
): SqliteStatement<PositionedRecordRow> {
  const where = `WHERE position > ? AND revision <= ?${byHandler ? ' AND handler_id = ?' : ''}`;
  return database.prepare(selectRecords(kind, where, 'position', '?', ['position']));
}

/** The statements that note the records of a kind first, and read them later. */
export interface NoteStatements {
  /** All records that were last written by a revision or before it, in first-stored order. Parameter: the revision. */
  readonly list: SqliteStatement<LocatedRecord>;
  /** As `list`, of one handler; absent where records have none. Further parameter: the handler. */
  readonly listOfHandler: SqliteStatement<LocatedRecord> | undefined;
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
  const list = `SELECT revision, change_id, position FROM ${table} WHERE revision <= ?`;
  return {
    // All are read, so they are sorted: looking up each by its position takes longer.
    list: database.prepare(`${list} ORDER BY +position`),
    listOfHandler: belongsToHandler(kind)
      ? database.prepare(`${list} AND handler_id = ? ORDER BY position`)
      : undefined,
    selectPut: database.prepare('SELECT key, encoding, value, digest FROM changes WHERE id = ?'),
    selectLost: database.prepare(
      `SELECT ?, NULL, NULL, NULL, ${keyColumnsOf(kind).join(', ')} FROM (SELECT 1) LEFT JOIN ${table} ON change_id = ?`,
    ),
  };
}
