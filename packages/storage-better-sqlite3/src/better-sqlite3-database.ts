import { StorageError } from '@gati-framework/manifest-store';
import type { SqliteDatabase, SqliteRow, SqliteStatement } from '@gati-framework/storage-sqlite';
import type Database from 'better-sqlite3';

/** Before it, SQLite could damage a database in WAL mode when two connections checkpoint at once. */
const OLDEST_SQLITE: readonly number[] = [3, 51, 3];

/** better-sqlite3 with rows as arrays. */
export class BetterSqlite3Database implements SqliteDatabase {
  readonly driver: Database.Database;

  constructor(driver: Database.Database) {
    this.driver = driver;
  }

  exec(sql: string): void {
    this.driver.exec(sql);
  }

  prepare<Row extends SqliteRow>(sql: string): SqliteStatement<Row> {
    // A connection of the caller may be set to yield bigints.
    const statement = this.driver.prepare(sql).safeIntegers(false);
    return (statement.reader ? statement.raw() : statement) as unknown as SqliteStatement<Row>;
  }
}

/** The connection under a database of this backend. */
export function asDriver(database: SqliteDatabase): Database.Database {
  if (database instanceof BetterSqlite3Database) return database.driver;
  throw new TypeError('A database of better-sqlite3 was expected.');
}

/** The answer of a `PRAGMA`, or of any statement that yields one value. */
export function prepareValue(database: Database.Database, sql: string): () => unknown {
  const statement = database.prepare(sql).safeIntegers(false).pluck();
  return () => statement.get();
}

export function assertSafeVersion(database: Database.Database): void {
  const version = String(prepareValue(database, 'SELECT sqlite_version()')());
  const parts = version.split('.').map(Number);
  const difference = OLDEST_SQLITE.map((part, i) => (parts[i] ?? 0) - part).find((d) => d !== 0) ?? 0;
  if (difference >= 0) return;
  throw new StorageError(
    'STORAGE_DRIVER_MISSING',
    `This better-sqlite3 carries SQLite ${version}, which can damage a database that several connections use. ` +
      'Update it: npm install better-sqlite3@^12.11.1',
  );
}

/** Connections that a storage uses: two on one would not hear of each other's commits. */
const claimed = new WeakSet<Database.Database>();

export function claim(database: Database.Database, location: string): void {
  if (claimed.has(database)) {
    throw new StorageError(
      'STORAGE_LOCKED',
      `The connection to ${location} is used by another storage of this process. Share that storage, or give each a connection of its own.`,
    );
  }
  claimed.add(database);
}

export function unclaim(database: Database.Database): void {
  claimed.delete(database);
}
