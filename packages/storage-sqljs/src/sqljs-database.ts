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

  prepare(sql: string): SqliteStatement {
    return new SqlJsStatement(this.driver.prepare(sql));
  }
}

class SqlJsStatement implements SqliteStatement {
  readonly #statement: Statement;

  constructor(statement: Statement) {
    this.#statement = statement;
  }

  run(...params: SqliteValue[]): void {
    this.get(...params);
  }

  get(...params: SqliteValue[]): SqliteRow | undefined {
    const statement = this.#statement;
    try {
      if (params.length > 0) statement.bind(params);
      return statement.step() ? (statement.get() as unknown as SqliteRow) : undefined;
    } finally {
      statement.reset();
    }
  }

  all(...params: SqliteValue[]): SqliteRow[] {
    return [...this.iterate(...params)];
  }

  *iterate(...params: SqliteValue[]): IterableIterator<SqliteRow> {
    const statement = this.#statement;
    try {
      if (params.length > 0) statement.bind(params);
      while (statement.step()) yield statement.get() as unknown as SqliteRow;
    } finally {
      statement.reset();
    }
  }
}
