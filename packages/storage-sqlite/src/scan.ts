import type { RecordKind } from '@gati-framework/manifest-store';
import { belongsToHandler, closed } from '@gati-framework/manifest-store/backend';
import type { ScanFilter, StoredRecord } from '@gati-framework/storage-kit';
import { guard } from './as-storage-error.js';
import type { SqliteDatabase, SqliteHost, SqliteRow } from './sqlite-database.js';
import { prepareScan } from './statements.js';
import { toStoredRecord } from './stored-record.js';

const PAGE = 256;

/** The scans that are under way: each holds a connection of its own, given back when it ends or the store closes. */
export class ScanRegistry {
  readonly #host: SqliteHost;
  readonly #scans = new Set<Scan>();

  constructor(host: SqliteHost) {
    this.#host = host;
  }

  /** Pages of one moment of the store, while writes go on. */
  async *scan(database: SqliteDatabase, filter: ScanFilter): AsyncIterableIterator<readonly StoredRecord[]> {
    if (this.#host.openReader === undefined) {
      // Without a second connection the moment must be caught before the next write can come.
      yield* guard(this.#host, () => {
        this.#host.verifyFile?.();
        return [...new Scan({ database, close: () => {} }, filter).pages()];
      });
      return;
    }
    const scan = guard(this.#host, () => this.#start(filter));
    const pages = scan.pages();
    try {
      for (;;) {
        const { done, value } = guard(this.#host, () => pages.next());
        if (done) return;
        yield value;
      }
    } finally {
      if (this.#scans.delete(scan)) scan.end();
    }
  }

  close(): void {
    for (const scan of this.#scans) scan.end();
    this.#scans.clear();
  }

  #start(filter: ScanFilter): Scan {
    const reader = (this.#host.openReader as NonNullable<SqliteHost['openReader']>)();
    const scan = new Scan(reader, filter);
    this.#scans.add(scan);
    reader.database.exec('BEGIN');
    this.#host.verifyFile?.(); // it is opened by name
    return scan;
  }
}

class Scan {
  readonly #reader: { readonly database: SqliteDatabase; close(): void };
  readonly #filter: ScanFilter;
  /** What is being read; a connection cannot be closed before it ends. */
  #rows: IterableIterator<SqliteRow> | undefined;
  #ended = false;

  constructor(reader: { readonly database: SqliteDatabase; close(): void }, filter: ScanFilter) {
    this.#reader = reader;
    this.#filter = filter;
  }

  *pages(): Generator<readonly StoredRecord[], undefined> {
    const { kinds, handlerId } = this.#filter;
    for (const kind of kinds) {
      if (handlerId !== undefined && !belongsToHandler(kind)) continue;
      const statement = prepareScan(this.#reader.database, kind, handlerId !== undefined);
      this.#rows = handlerId === undefined ? statement.iterate() : statement.iterate(handlerId);
      for (let page = this.#takePage(kind); page.length > 0; page = this.#takePage(kind)) yield page;
    }
  }

  end(): void {
    this.#ended = true;
    this.#rows?.return?.();
    this.#reader.close();
  }

  #takePage(kind: RecordKind): StoredRecord[] {
    if (this.#ended) throw closed();
    const page: StoredRecord[] = [];
    while (page.length < PAGE) {
      const { done, value } = (this.#rows as IterableIterator<SqliteRow>).next();
      if (done) break;
      page.push(toStoredRecord(kind, value));
    }
    return page;
  }
}
