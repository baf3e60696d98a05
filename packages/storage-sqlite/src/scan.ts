import type { RecordKind } from '@gati-framework/manifest-store';
import { StorageError } from '@gati-framework/manifest-store';
import { belongsToHandler, closed } from '@gati-framework/manifest-store/backend';
import type { ScanFilter, StoredRecord } from '@gati-framework/storage-kit';
import type { SqliteDatabase, SqliteHost } from './sqlite-database.js';
import { prepareScan } from './statements.js';
import { toStoredRecord } from './stored-record.js';

const PAGE = 256;

/** The scans that are under way: each holds a connection of its own, given back when it ends or the store closes. */
export class ScanRegistry {
  readonly #host: SqliteHost;
  readonly #readers = new Set<{ close(): void }>();
  #closed = false;

  constructor(host: SqliteHost) {
    this.#host = host;
  }

  /** Pages of one moment of the store, while writes go on. */
  async *scan(database: SqliteDatabase, filter: ScanFilter): AsyncIterableIterator<readonly StoredRecord[]> {
    if (this.#host.openReader === undefined) {
      // Without a second connection the moment must be caught before the first write can come.
      yield* [...this.#pages(database, filter)];
      return;
    }
    const reader = this.#guard(() => (this.#host.openReader as NonNullable<SqliteHost['openReader']>)());
    this.#readers.add(reader);
    try {
      this.#guard(() => reader.database.exec('BEGIN'));
      yield* this.#pages(reader.database, filter);
    } finally {
      if (this.#readers.delete(reader)) reader.close();
    }
  }

  close(): void {
    this.#closed = true;
    for (const reader of this.#readers) reader.close();
    this.#readers.clear();
  }

  *#pages(database: SqliteDatabase, { kinds, handlerId }: ScanFilter): Generator<readonly StoredRecord[]> {
    for (const kind of kinds) {
      if (handlerId === undefined) yield* this.#pagesOfKind(database, kind, []);
      else if (belongsToHandler(kind)) yield* this.#pagesOfKind(database, kind, [handlerId]);
    }
  }

  *#pagesOfKind(
    database: SqliteDatabase,
    kind: RecordKind,
    handler: readonly string[],
  ): Generator<readonly StoredRecord[]> {
    const statement = this.#guard(() => prepareScan(database, kind, handler.length > 0));
    let position = 0;
    for (;;) {
      if (this.#closed) throw closed();
      const rows = this.#guard(() => statement.all(position, ...handler, PAGE));
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows.map((row) => toStoredRecord(kind, row));
      position = last.position as number;
    }
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw error instanceof StorageError ? error : this.#host.translate(error);
    }
  }
}
