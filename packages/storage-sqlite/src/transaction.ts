import type { SqliteDatabase, SqliteStatement } from './sqlite-database.js';

/** Runs work in transactions of one connection: all of it, or none when it throws. */
export class Transactions {
  readonly #begin: SqliteStatement;
  readonly #beginImmediate: SqliteStatement;
  readonly #commit: SqliteStatement;
  readonly #rollback: SqliteStatement;

  constructor(database: SqliteDatabase) {
    this.#begin = database.prepare('BEGIN');
    this.#beginImmediate = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
    this.#rollback = database.prepare('ROLLBACK');
  }

  /** What `work` reads is of one moment. */
  read<T>(work: () => T): T {
    this.#begin.run();
    return this.#finish(work);
  }

  /** Nobody else writes meanwhile. */
  write<T>(work: () => T): T {
    this.#beginImmediate.run();
    return this.#finish(work);
  }

  #finish<T>(work: () => T): T {
    try {
      const result = work();
      this.#commit.run();
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  #rollBack(): void {
    try {
      this.#rollback.run();
    } catch {
      // SQLite has already rolled back by itself, as it does when the disk is full.
    }
  }
}
