/** A value of a column, as drivers take and give it. */
export type SqliteValue = string | number | null;

/** A row: its values in the order of the columns. Naming them for each row would cost more than reading it. */
export type SqliteRow = readonly SqliteValue[];

/**
 * A prepared statement. Parameters are bound by position.
 *
 * @typeParam Row What its columns hold, as its SQL says.
 */
export interface SqliteStatement<Row extends SqliteRow = SqliteRow> {
  run(...params: SqliteValue[]): unknown;
  get(...params: SqliteValue[]): Row | undefined;
  all(...params: SqliteValue[]): Row[];
  iterate(...params: SqliteValue[]): IterableIterator<Row>;
}

/** As much of a synchronous SQLite driver as the store needs. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare<Row extends SqliteRow = SqliteRow>(sql: string): SqliteStatement<Row>;
}
