import type { RecordKind } from '@gati-framework/manifest-store';
import { belongsToHandler } from '@gati-framework/manifest-store/backend';
import { keyColumnsOf, keyTableOf } from './schema.js';
import type { SqliteDatabase, SqliteStatement } from './sqlite-database.js';

/** The statements that iterate the records of one kind. Values are read one by one: sorting them would cost what they weigh. */
export interface ScanStatements {
  /** Yields `change_id` and `revision` of all records, in first-stored order. */
  readonly list: SqliteStatement;
  /** As `list`, of one handler; absent where records have none. */
  readonly listOfHandler: SqliteStatement | undefined;
  /** Yields `key`, `encoding`, `value` and `digest`, by `change_id`. */
  readonly selectPut: SqliteStatement;
  /** Yields the columns of the key, by `change_id`. It looks at each record. */
  readonly selectKey: SqliteStatement;
}

export function prepareScan(database: SqliteDatabase, kind: RecordKind): ScanStatements {
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
