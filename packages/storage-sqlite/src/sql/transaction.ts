import type { SqliteDatabase, SqliteStatement } from '../sqlite-database.js';

/** Transactions of one connection. */
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
    this.#start(this.#begin);
    try {
      return work();
    } finally {
      this.rollBack(); // there is nothing to keep
    }
  }

  /** Nobody else writes from here to commit() or rollBack(). */
  beginWriting(): void {
    this.#start(this.#beginImmediate);
  }

  commit(): void {
    this.#commit.run();
  }

  /**
   * Ends the transaction, if SQLite has not done so itself, as it does when
   * the disk is full.
   *
   * @returns Whether there is none any more. If there is, nothing can be done with this connection.
   */
  rollBack(): boolean {
    try {
      this.#rollback.run();
      return true;
    } catch {
      return this.#isIdle(); // it fails also where there was none
    }
  }

  /** One that has begun although an error says otherwise would be in the way of every later one. */
  #start(statement: SqliteStatement): void {
    try {
      statement.run();
    } catch (error) {
      this.rollBack();
      throw error;
    }
  }

  #isIdle(): boolean {
    try {
      this.#begin.run();
      this.#rollback.run();
      return true;
    } catch {
      return false;
    }
  }

  /** All of `work`, or none of it when it throws. */
  write<T>(work: () => T): T {
    this.beginWriting();
    try {
      const result = work();
      this.commit();
      return result;
    } catch (error) {
      this.rollBack();
      throw error;
    }
  }
}
