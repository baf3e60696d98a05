import type { SqliteDatabase, SqliteStatement } from '../sqlite-database.js';
import type { ChangeKeyRow, ValueRow } from './rows.js';

/** Rows of `changes` that a search goes through at once: some 0.3 ms. */
const SEARCHED_AT_ONCE = 1_000;

/** A row of `changes`, as it is undone. `kind` and `key` are absent of a `clear`. */
export type UndoRow = readonly [
  id: number,
  operation: string,
  kind: string | null,
  key: string | null,
  replaces: number | null,
  position: number | null,
];

/** How far a search has come, and the first change that was found on the way. */
export type SearchRow = readonly [reached: number | null, found: number | null];

/** The statements that tell of the past. */
export interface PastStatements {
  /** By id. */
  readonly selectUndo: SqliteStatement<UndoRow>;
  /** From an id on, to before another. Further parameter: the most that are wanted. */
  readonly selectUndoAfter: SqliteStatement<UndoRow>;
  /** Before an id, the latest first. Further parameter: the most that are wanted. */
  readonly selectUndoBefore: SqliteStatement<UndoRow>;
  /** For a `clear` or a change of a record. Parameters: kind, key, the first id, the id to stop before. */
  readonly searchAfter: SqliteStatement<SearchRow>;
  /** As `searchAfter`, backwards. Parameters: kind, key, the id to begin before. */
  readonly searchBefore: SqliteStatement<SearchRow>;
  /** What was put by a change, by its id. */
  readonly selectPut: SqliteStatement<readonly [key: string, ...ValueRow]>;
  /** Parameters: the first id, the id to stop before, the most that are wanted. */
  readonly selectKeys: SqliteStatement<ChangeKeyRow>;
}

export function preparePast(database: SqliteDatabase): PastStatements {
  const undo = 'SELECT id, operation, kind, key, replaces, record_position FROM changes';
  const search = (reached: string, found: string, where: string): string => `
    SELECT ${reached}(id), ${found}(CASE WHEN operation = 'clear' OR (kind = ? AND key = ?) THEN id END)
    FROM (SELECT id, operation, kind, key FROM changes ${where} LIMIT ${SEARCHED_AT_ONCE})`;
  return {
    selectUndo: database.prepare(`${undo} WHERE id = ?`),
    selectUndoAfter: database.prepare(`${undo} WHERE id >= ? AND id < ? ORDER BY id LIMIT ?`),
    selectUndoBefore: database.prepare(`${undo} WHERE id < ? ORDER BY id DESC LIMIT ?`),
    searchAfter: database.prepare(search('max', 'min', 'WHERE id >= ? AND id < ? ORDER BY id')),
    searchBefore: database.prepare(search('min', 'max', 'WHERE id < ? ORDER BY id DESC')),
    selectPut: database.prepare(
      "SELECT key, commit_revision, encoding, value, digest FROM changes WHERE id = ? AND operation = 'put'",
    ),
    selectKeys: database.prepare(
      'SELECT operation, kind, key FROM changes WHERE id >= ? AND id < ? ORDER BY id LIMIT ?',
    ),
  };
}
