import { backUpFile, createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import Database from 'better-sqlite3';
import { BETTER_SQLITE3 as DRIVER } from '../../../packages/storage-better-sqlite3/dist/better-sqlite3-driver.js';
import type { ConnectionOptions, FaultyStatements, FileBackend, RawConnection } from './file-backend.js';

export const BETTER_SQLITE3: FileBackend = {
  name: 'better-sqlite3',
  package: '@gati-framework/storage-better-sqlite3',
  factory: 'createBetterSqlite3Storage',
  create: createBetterSqlite3Storage,
  createOn: ({ connection, ...options }) =>
    createBetterSqlite3Storage({ database: connection.handle as Database.Database, ...options }),
  createUnchecked: (options) => createBetterSqlite3Storage(options as never),
  backUp: backUpFile,
  driver: DRIVER,
  connect: (filename, options) => new Connection(filename, options),
  get statements() {
    return faultyStatements();
  },
};

class Connection implements RawConnection {
  readonly handle: Database.Database;

  constructor(filename: string, options: ConnectionOptions = {}) {
    const { readOnly = false, bigInts = false, busyTimeout = 5_000 } = options;
    this.handle = new Database(filename, { readonly: readOnly, timeout: busyTimeout });
    this.handle.defaultSafeIntegers(bigInts);
  }

  get isOpen(): boolean {
    return this.handle.open;
  }

  get isInTransaction(): boolean {
    return this.handle.inTransaction;
  }

  exec(sql: string): void {
    this.handle.exec(sql);
  }

  rows(sql: string, ...params: string[]): object[] {
    return this.handle.prepare<string[], object>(sql).all(...params);
  }

  value(sql: string): unknown {
    return this.handle.prepare(sql).pluck().get();
  }

  async backup(filename: string): Promise<void> {
    await this.handle.backup(filename);
  }

  close(): void {
    this.handle.close();
  }
}

function faultyStatements(): FaultyStatements {
  const probe = new Database(':memory:');
  const prototype = Object.getPrototypeOf(probe.prepare('SELECT 1'));
  probe.close();
  return {
    prototype,
    source: (statement) => (statement as Database.Statement).source,
    error: (code) => Object.assign(new Error('disk I/O error'), { code }),
  };
}
