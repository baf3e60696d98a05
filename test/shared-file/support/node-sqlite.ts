import {
  backUpFile,
  createNodeSqliteStorage,
  type NodeSqliteDatabase,
} from '@gati-framework/storage-node-sqlite';
import { NODE_SQLITE as DRIVER } from '../../../packages/storage-node-sqlite/dist/node-sqlite-driver.js';
import type { ConnectionOptions, FileBackend, RawConnection } from './file-backend.js';

interface Database extends NodeSqliteDatabase {
  readonly isTransaction: boolean;
}

interface NodeSqlite {
  readonly DatabaseSync: new (path: string, options: object) => Database;
  readonly StatementSync: { readonly prototype: FileBackend['statements']['prototype'] };
  backup(from: Database, to: string): Promise<number>;
}

/** As SQLite documents them. */
const NUMBERS: Readonly<Record<string, number>> = {
  SQLITE_FULL: 13,
  SQLITE_IOERR_READ: 266,
  SQLITE_IOERR_WRITE: 778,
  SQLITE_IOERR_FSYNC: 1034,
};

const sqlite = process.getBuiltinModule('node:sqlite' as never) as NodeSqlite;

export const NODE_SQLITE: FileBackend = {
  name: 'node-sqlite',
  package: '@gati-framework/storage-node-sqlite',
  factory: 'createNodeSqliteStorage',
  create: createNodeSqliteStorage,
  createOn: ({ connection, ...options }) =>
    createNodeSqliteStorage({ database: connection.handle as Database, ...options }),
  createUnchecked: (options) => createNodeSqliteStorage(options as never),
  backUp: backUpFile,
  driver: DRIVER,
  connect: (filename, options) => new Connection(filename, options),
  statements: {
    prototype: sqlite.StatementSync.prototype,
    source: (statement) => (statement as { sourceSQL: string }).sourceSQL,
    error: (code) =>
      Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: NUMBERS[code] }),
  },
};

class Connection implements RawConnection {
  readonly handle: Database;

  constructor(filename: string, options: ConnectionOptions = {}) {
    const { readOnly = false, bigInts = false, busyTimeout = 5_000 } = options;
    this.handle = new sqlite.DatabaseSync(filename, { readOnly, readBigInts: bigInts, timeout: busyTimeout });
  }

  get isOpen(): boolean {
    return this.handle.isOpen;
  }

  get isInTransaction(): boolean {
    return this.handle.isTransaction;
  }

  exec(sql: string): void {
    this.handle.exec(sql);
  }

  rows(sql: string, ...params: string[]): object[] {
    return this.handle
      .prepare(sql)
      .all(...params)
      .map((row) => Object.assign({}, row));
  }

  value(sql: string): unknown {
    return Object.values(this.rows(sql)[0] ?? {})[0];
  }

  async backup(filename: string): Promise<void> {
    await sqlite.backup(this.handle, filename);
  }

  close(): void {
    this.handle.close();
  }
}
