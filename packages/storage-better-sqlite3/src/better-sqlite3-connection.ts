import type { SqliteRow, SqliteStatement, SqliteValue } from '@gati-framework/storage-sqlite';
import { type CopiedPages, FileConnection } from '@gati-framework/storage-sqlite/shared-file';
import type Database from 'better-sqlite3';
import { loadDriver } from './load-driver.js';

/** Pages that are copied in one turn of the event loop: about a millisecond. */
const PAGES_PER_STEP = 256;

/** better-sqlite3 with rows as arrays. */
export class BetterSqlite3Connection extends FileConnection {
  readonly handle: Database.Database;

  constructor(handle: Database.Database) {
    super();
    this.handle = handle;
  }

  /** @param content A path, or what a database in memory begins with. */
  static open(content: string | Buffer, options: Database.Options): BetterSqlite3Connection {
    const Driver = loadDriver();
    return new BetterSqlite3Connection(new Driver(content, options));
  }

  override exec(sql: string): void {
    this.handle.exec(sql);
  }

  override prepare<Row extends SqliteRow>(sql: string): SqliteStatement<Row> {
    // A connection of the caller may be set to yield bigints.
    const statement = this.handle.prepare(sql).safeIntegers(false);
    return (statement.reader ? statement.raw() : statement) as unknown as SqliteStatement<Row>;
  }

  override prepareValue(sql: string): () => SqliteValue | undefined {
    const statement = this.handle.prepare<[], SqliteValue>(sql).safeIntegers(false).pluck();
    return () => statement.get();
  }

  override openCopy(): BetterSqlite3Connection {
    return BetterSqlite3Connection.open(this.handle.serialize(), { readonly: true });
  }

  override async backUp(path: string, onStep: (copied: CopiedPages) => void): Promise<void> {
    await this.handle.backup(path, {
      progress({ totalPages, remainingPages }) {
        onStep({ pages: totalPages, remaining: remainingPages });
        return PAGES_PER_STEP;
      },
    });
  }

  override close(): void {
    this.handle.close();
  }
}
