import type { SqliteDatabase, SqliteStatement } from '../sqlite-database.js';

/** The statements that trim the history. */
export interface TrimStatements {
  /** Where the history begins, and the first change that is forgotten but still to be swept away. */
  readonly selectBounds: SqliteStatement<readonly [firstChange: number, sweptTo: number]>;
  /** Parameters: as they are selected. */
  readonly setBounds: SqliteStatement;
  /** Of the first commit that ends with an id or after it. */
  readonly selectCommitAt: SqliteStatement<readonly [firstChange: number, changeCount: number]>;
  /** `bytes` is the size of the value. Parameters: the first id, and the id to stop before. */
  readonly selectNextForgotten: SqliteStatement<
    readonly [id: number, operation: string, replaces: number | null, bytes: number]
  >;
  /** The very first change, if it is before an id. */
  readonly selectFirstBefore: SqliteStatement<readonly [id: number, bytes: number]>;
  /** By id. */
  readonly deleteChange: SqliteStatement;
}

export function prepareTrim(database: SqliteDatabase): TrimStatements {
  return {
    selectBounds: database.prepare('SELECT first_change, swept_to FROM history'),
    setBounds: database.prepare('UPDATE history SET first_change = ?, swept_to = ?'),
    selectCommitAt: database.prepare(
      `SELECT id - commit_change_count + 1, commit_change_count FROM changes
       WHERE id >= ? AND commit_change_count IS NOT NULL ORDER BY id LIMIT 1`,
    ),
    selectNextForgotten: database.prepare(
      `SELECT id, operation, replaces, ifnull(octet_length(value), 0) FROM changes
       WHERE id >= ? AND id < ? ORDER BY id LIMIT 1`,
    ),
    selectFirstBefore: database.prepare(
      'SELECT id, ifnull(octet_length(value), 0) FROM changes WHERE id < ? ORDER BY id LIMIT 1',
    ),
    deleteChange: database.prepare('DELETE FROM changes WHERE id = ?'),
  };
}
