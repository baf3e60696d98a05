import type { RecordKind } from '@gati-framework/manifest-store';
import { belongsToHandler } from '@gati-framework/manifest-store/backend';
import { keyColumnsOf, keyTableOf } from '../schema/schema.js';
import type { SqliteDatabase, SqliteStatement } from '../sqlite-database.js';

/**
 * All records of a kind, in first-stored order; perhaps of one handler, the
 * only parameter. Yields what `toStoredRecord` reads.
 *
 * Only what finds a value is sorted, by the limit that is none: sorting the
 * values would take as much memory as they do, before the first is there.
 */
export function prepareScan(database: SqliteDatabase, kind: RecordKind, byHandler: boolean): SqliteStatement {
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
  /** Yields `change_id` and `revision` of all records, in first-stored order. */
  readonly list: SqliteStatement;
  /** As `list`, of one handler; absent where records have none. */
  readonly listOfHandler: SqliteStatement | undefined;
  /** Yields `key`, `encoding`, `value` and `digest`, by `change_id`. */
  readonly selectPut: SqliteStatement;
  /** Yields the columns of the key, by `change_id`. It looks at each record. */
  readonly selectKey: SqliteStatement;
}

export function prepareNotes(database: SqliteDatabase, kind: RecordKind): NoteStatements {
  const table = keyTableOf(kind);
  const list = `SELECT change_id, revision FROM ${table}`;
  return {
    list: database.prepare(`${list} ORDER BY position`),
    listOfHandler: belongsToHandler(kind)
      ? database.prepare(`${list} WHERE handler_id = ? ORDER BY position`)
      : undefined,
    selectPut: database.prepare('SELECT key, encoding, value, digest FROM changes WHERE id = ?'),
    selectKey: database.prepare(`SELECT ${keyColumnsOf(kind).join(', ')} FROM ${table} WHERE change_id = ?`),
  };
}
