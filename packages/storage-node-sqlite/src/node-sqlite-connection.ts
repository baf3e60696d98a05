import type { SqliteRow, SqliteStatement, SqliteValue } from '@gati-framework/storage-sqlite';
import {
  type ConnectOptions,
  type CopiedPages,
  FileConnection,
} from '@gati-framework/storage-sqlite/shared-file';
import { backupFunction, loadNodeSqlite } from './load-node-sqlite.js';
import { isSerializable, type NodeSqliteDatabase, type NodeSqliteStatement } from './node-sqlite-module.js';
import { TemporaryDatabase } from './temporary-database.js';

/** Pages that are copied by one task of the thread pool. */
const PAGES_PER_STEP = 256;
const IN_MEMORY = { readOnly: false, busyTimeout: 0 };

/** A `DatabaseSync` of Node.js with rows as arrays. */
export class NodeSqliteConnection extends FileConnection {
  readonly handle: NodeSqliteDatabase;
  /** What it was opened from, where this Node.js cannot take content into memory. */
  readonly #file: TemporaryDatabase | undefined;

  constructor(handle: NodeSqliteDatabase, file?: TemporaryDatabase) {
    super();
    this.handle = handle;
    this.#file = file;
  }

  static open(place: string | Uint8Array, options: ConnectOptions): NodeSqliteConnection {
    if (typeof place === 'string') return new NodeSqliteConnection(connect(place, options));
    const memory = connect(':memory:', IN_MEMORY);
    if (isSerializable(memory)) {
      memory.deserialize(place);
      return new NodeSqliteConnection(memory);
    }
    memory.close();
    const file = new TemporaryDatabase(place);
    try {
      return new NodeSqliteConnection(connect(file.path, options), file);
    } catch (error) {
      file.remove();
      throw error;
    }
  }

  override exec(sql: string): void {
    this.handle.exec(sql);
  }

  override prepare<Row extends SqliteRow>(sql: string): SqliteStatement<Row> {
    return new ArrayStatement<Row>(this.handle.prepare(sql));
  }

  override prepareValue(sql: string): () => SqliteValue | undefined {
    const statement = this.prepare<readonly [SqliteValue]>(sql);
    return () => statement.get()?.[0];
  }

  override openCopy(): NodeSqliteConnection {
    const { handle } = this;
    if (this.#file !== undefined || !isSerializable(handle)) {
      return new NodeSqliteConnection(
        connect(this.#file?.path ?? ':memory:', { ...IN_MEMORY, readOnly: true }),
      );
    }
    return NodeSqliteConnection.open(handle.serialize(), IN_MEMORY);
  }

  override async backUp(path: string, onStep: (copied: CopiedPages) => void): Promise<void> {
    await backupFunction()(this.handle, path, {
      rate: PAGES_PER_STEP,
      progress: ({ totalPages, remainingPages }) => onStep({ pages: totalPages, remaining: remainingPages }),
    });
  }

  override close(): void {
    this.handle.close();
    this.#file?.remove();
  }
}

/** A `StatementSync` of Node.js. */
class ArrayStatement<Row extends SqliteRow> implements SqliteStatement<Row> {
  readonly #statement: SqliteStatement<Row>;

  constructor(statement: NodeSqliteStatement) {
    // A connection of the caller may be set to yield objects and bigints.
    statement.setReturnArrays(true);
    statement.setReadBigInts(false);
    this.#statement = statement as unknown as SqliteStatement<Row>;
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

  /** An iterator of Node.js 22 that has ended starts again with the next `next()`; a generator does not. */
  *iterate(...params: SqliteValue[]): IterableIterator<Row> {
    yield* this.#statement.iterate(...params);
  }
}

function connect(path: string, { readOnly, busyTimeout }: ConnectOptions): NodeSqliteDatabase {
  const { DatabaseSync } = loadNodeSqlite();
  return new DatabaseSync(path, { readOnly, timeout: busyTimeout, allowExtension: false, defensive: true });
}
