import type { SqliteDatabase, SqliteRow, SqliteStatement, SqliteValue } from '../sqlite-database.js';

/**
 * The same database, with statements that are prepared when they are first run: most connections run few
 * of them, and preparing all is most of what the opening of a small file takes.
 */
export function preparingOnDemand(database: SqliteDatabase): SqliteDatabase {
  return {
    exec: (sql) => database.exec(sql),
    prepare: <Row extends SqliteRow>(sql: string) => new StatementOnDemand<Row>(database, sql),
  };
}

class StatementOnDemand<Row extends SqliteRow> implements SqliteStatement<Row> {
  readonly #database: SqliteDatabase;
  readonly #sql: string;
  #prepared: SqliteStatement<Row> | undefined;

  constructor(database: SqliteDatabase, sql: string) {
    this.#database = database;
    this.#sql = sql;
  }

  run(...params: SqliteValue[]): unknown {
    return this.#statement.run(...params);
  }

  get(...params: SqliteValue[]): Row | undefined {
    return this.#statement.get(...params);
  }

  all(...params: SqliteValue[]): Row[] {
    return this.#statement.all(...params);
  }

  iterate(...params: SqliteValue[]): IterableIterator<Row> {
    return this.#statement.iterate(...params);
  }

  get #statement(): SqliteStatement<Row> {
    this.#prepared ??= this.#database.prepare<Row>(this.#sql);
    return this.#prepared;
  }
}
