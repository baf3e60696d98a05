import { StorageError } from '@gati-framework/manifest-store';
import { closed, timers } from '@gati-framework/manifest-store/backend';
import type { MaybePromise, ScanFilter, StoredRecord } from '@gati-framework/storage-kit';
import { guard } from '../as-storage-error.js';
import type { Connection } from '../connections/connection.js';
import type { Connections } from '../connections/connections.js';
import { placeOf, type SqliteHost } from '../sqlite-host.js';
import { ListedPages, ReaderPages, type ScanPages } from './scan-pages.js';

/** A scan that is under way. */
interface Scan {
  readonly pages: ScanPages;
  /** The connection that its pages are read by; absent where they have one of their own. */
  readonly connection: Connection | undefined;
  /** Why there are no more pages, though there would be. */
  failure: StorageError | undefined;
}

/** The scans that are under way. Each ends with its last page, when its consumer leaves or goes away, or with the store. */
export class ScanRegistry {
  readonly #host: SqliteHost;
  readonly #connections: Connections;
  readonly #idleTimeout: number;
  readonly #scans = new Set<Scan>();

  /** @param idleTimeout How long a consumer may take between two pages, in milliseconds. */
  constructor(host: SqliteHost, connections: Connections, idleTimeout: number) {
    this.#host = host;
    this.#connections = connections;
    this.#idleTimeout = idleTimeout;
  }

  /** Whether a scan needs the values of the moment in which it began to stay in `changes`. */
  get holdsChanges(): boolean {
    for (const { connection } of this.#scans) if (connection !== undefined) return true;
    return false;
  }

  /** Pages of one moment of the store, while writes go on. */
  async *scan(filter: ScanFilter): AsyncIterableIterator<readonly StoredRecord[]> {
    const scan = await this.#connections.whenSettled(() => guard(this.#host, () => this.#start(filter)));
    try {
      for (;;) {
        const { done, value } = await this.#nextPage(scan);
        if (done) return;
        const timer = timers.setTimeout(() => this.#end(scan, this.#abandoned()), this.#idleTimeout);
        timer.unref?.();
        try {
          yield value;
        } finally {
          timers.clearTimeout(timer);
        }
      }
    } finally {
      this.#end(scan);
    }
  }

  close(): void {
    for (const scan of [...this.#scans]) this.#end(scan, closed());
  }

  #start(filter: ScanFilter): Scan {
    const { sharedFile } = this.#host;
    if (sharedFile === undefined) {
      placeOf(this.#host).verify();
      // Without a second connection the moment must be caught before the next write can come.
      const connection = this.#connections.current;
      return this.#begin({ pages: new ListedPages(connection, filter), connection, failure: undefined });
    }
    const reader = sharedFile.openReader();
    const scan = this.#begin({
      pages: new ReaderPages(reader, filter),
      connection: undefined,
      failure: undefined,
    });
    try {
      reader.database.exec('BEGIN');
      sharedFile.verify(); // it is opened by name
      return scan;
    } catch (error) {
      this.#end(scan);
      throw error;
    }
  }

  #begin(scan: Scan): Scan {
    this.#scans.add(scan);
    return scan;
  }

  #nextPage({ pages, connection, failure }: Scan): MaybePromise<IteratorResult<StoredRecord[], undefined>> {
    if (failure !== undefined) throw failure;
    const next = (): IteratorResult<StoredRecord[], undefined> => guard(this.#host, () => pages.next());
    if (connection === undefined) return next();
    return this.#connections.whenSettled(() => {
      if (connection !== this.#connections.current) throw this.#reopened();
      return next();
    });
  }

  #end(scan: Scan, failure?: StorageError): void {
    if (!this.#scans.delete(scan)) return;
    scan.failure = failure;
    scan.pages.end();
  }

  #abandoned(): StorageError {
    return new StorageError(
      'STORAGE_UNAVAILABLE',
      'An iteration of entries() paused for longer than scanIdleTimeout, and was ended: it holds back what the store ' +
        'could forget. Take entries faster, or allow more.',
      { details: { scanIdleTimeout: this.#idleTimeout } },
    );
  }

  #reopened(): StorageError {
    return new StorageError(
      'STORAGE_UNAVAILABLE',
      `${this.#host.location} was opened anew after an error while entries() was iterating it. Begin the iteration again.`,
    );
  }
}
