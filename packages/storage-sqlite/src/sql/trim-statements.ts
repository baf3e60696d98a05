import type { SqliteDatabase, SqliteStatement } from '../sqlite-database.js';

/** Where the history begins, and how much of it is to be kept: `null` for what nobody has said. */
export type BoundsRow = readonly [
  firstChange: number,
  sweptTo: number,
  readableFrom: number,
  keepChanges: number | null,
  keepAge: number | null,
];

/** The statements that trim the history. */
export interface TrimStatements {
  /** The one row of `history`. */
  readonly selectBounds: SqliteStatement<BoundsRow>;
  /** Parameters: the first change, and the first to be swept away. */
  readonly setBounds: SqliteStatement;
  /** Parameters: how many changes are to be kept, and for how long; `null` leaves it as it is. */
  readonly setRetention: SqliteStatement;
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
    selectBounds: database.prepare(
      'SELECT first_change, swept_to, readable_from, keep_changes, keep_age FROM history',
    ),
    setBounds: database.prepare('UPDATE history SET first_change = ?, swept_to = ?'),
    setRetention: database.prepare(
      'UPDATE history SET keep_changes = ifnull(?, keep_changes), keep_age = ifnull(?, keep_age)',
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
