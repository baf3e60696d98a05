import type { SqliteDatabase, SqliteRow, SqliteStatement, SqliteValue } from '@gati-framework/storage-sqlite';
import type { Database, Statement } from 'sql.js';

/** sql.js with statements that leave nothing open behind them. */
export class SqlJsDatabase implements SqliteDatabase {
  readonly driver: Database;

  constructor(driver: Database) {
    this.driver = driver;
  }

  exec(sql: string): void {
    this.driver.run(sql);
  }

  prepare<Row extends SqliteRow>(sql: string): SqliteStatement<Row> {
    return new SqlJsStatement<Row>(this.driver.prepare(sql));
  }
}

/** The connection under a database of this backend. */
export function asDriver(database: SqliteDatabase): Database {
  if (database instanceof SqlJsDatabase) return database.driver;
  throw new TypeError('A database of sql.js was expected.');
}

class SqlJsStatement<Row extends SqliteRow> implements SqliteStatement<Row> {
  readonly #statement: Statement;

  constructor(statement: Statement) {
    this.#statement = statement;
  }

  run(...params: SqliteValue[]): void {
    this.get(...params);
  }

  get(...params: SqliteValue[]): Row | undefined {
    const statement = this.#statement;
    try {
      if (params.length > 0) statement.bind(params);
      return statement.step() ? this.#row() : undefined;
    } finally {
      statement.reset();
    }
  }

  all(...params: SqliteValue[]): Row[] {
    return [...this.iterate(...params)];
  }

  *iterate(...params: SqliteValue[]): IterableIterator<Row> {
    const statement = this.#statement;
    try {
      if (params.length > 0) statement.bind(params);
      while (statement.step()) yield this.#row();
    } finally {
      statement.reset();
    }
  }
  #row(): Row {
    return this.#statement.get() as unknown as Row;
  }
}
