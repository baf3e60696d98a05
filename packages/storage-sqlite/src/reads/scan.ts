import { type Revision, StorageError } from '@gati-framework/manifest-store';
import { closed, TimeSlice, timers } from '@gati-framework/manifest-store/backend';
import type { MaybePromise, ScanFilter, StoredRecord } from '@gati-framework/storage-kit';
import { guard } from '../as-storage-error.js';
import { untilPause } from '../commit/steps.js';
import type { Connection } from '../connections/connection.js';
import type { Connections } from '../connections/connections.js';
import { retryWhileLocked } from '../connections/retry.js';
import { momentAt, type PastMoment } from '../past/moment.js';
import { pastListedPages, pastReaderPages } from '../past/past-pages.js';
import { preparingOnDemand } from '../sql/statement-on-demand.js';
import { prepareStatements } from '../sql/statements.js';
import { readHead } from '../sql/store-head.js';
import { placeOf, type Reader, type SharedFile, type SqliteHost } from '../sqlite-host.js';
import { ListedPages, ReaderPages, type ScanPages } from './scan-pages.js';

/** A scan that is under way. */
interface Scan {
  readonly pages: ScanPages;
  /** The connection that its pages are read by; absent where they have one of their own. */
  readonly connection: Connection | undefined;
  /** Why there are no more pages, though there would be. */
  failure: StorageError | undefined;
}

interface BegunScan {
  readonly scan: Scan;
  readonly firstPage: IteratorResult<StoredRecord[], undefined>;
}

/** In milliseconds. */
export interface ScanTimeouts {
  /** How long a scan waits for others before it begins. */
  readonly lockTimeout: number;
  /** How long a consumer may take between two pages. */
  readonly idleTimeout: number;
}

/** The scans that are under way. Each ends with its last page, when its consumer leaves or goes away, or with the store. */
export class ScanRegistry {
  readonly #host: SqliteHost;
  readonly #connections: Connections;
  readonly #lockTimeout: number;
  readonly #idleTimeout: number;
  readonly #scans = new Set<Scan>();

  constructor(host: SqliteHost, connections: Connections, { lockTimeout, idleTimeout }: ScanTimeouts) {
    this.#host = host;
    this.#connections = connections;
    this.#lockTimeout = lockTimeout;
    this.#idleTimeout = idleTimeout;
  }

  /** Whether a scan needs the values of the moment in which it began to stay in `changes`. */
  get holdsChanges(): boolean {
    for (const { connection } of this.#scans) if (connection !== undefined) return true;
    return false;
  }

  /** Pages of one moment of the store, while writes go on. @param at A moment of the past. Absent: the present. */
  async *scan(filter: ScanFilter, at?: Revision): AsyncIterableIterator<readonly StoredRecord[]> {
    const { scan, firstPage } = await retryWhileLocked(this.#lockTimeout, () => this.#begun(filter, at));
    try {
      for (let page = firstPage; ; page = await this.#nextPage(scan)) {
        const { done, value } = page;
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

  /** With its first page: from then on it holds what it needs. */
  async #begun(filter: ScanFilter, at: Revision | undefined): Promise<BegunScan> {
    const scan = await this.#connections.whenSettled(() => guard(this.#host, () => this.#start(filter, at)));
    try {
      await this.#prepare(scan);
      return { scan, firstPage: await this.#nextPage(scan) };
    } catch (error) {
      this.#end(scan);
      throw error;
    }
  }

  close(): void {
    for (const scan of [...this.#scans]) this.#end(scan, closed());
  }

  #start(filter: ScanFilter, at: Revision | undefined): Scan {
    const { sharedFile } = this.#host;
    if (sharedFile !== undefined) return this.#startReader(sharedFile, filter, at);
    placeOf(this.#host).verify();
    // Without a second connection the moment must be caught before the next write can come.
    const connection = this.#connections.current;
    const { statements, head } = connection;
    const pages =
      at === undefined
        ? new ListedPages(connection, filter)
        : pastListedPages(momentAt(statements, head, at, this.#host.location), filter);
    return this.#begin(pages, connection);
  }

  #startReader(sharedFile: SharedFile, filter: ScanFilter, at: Revision | undefined): Scan {
    const reader = sharedFile.openReader();
    try {
      reader.database.exec('BEGIN');
      sharedFile.verify(); // it is opened by name
      const pages =
        at === undefined
          ? new ReaderPages(reader, filter)
          : pastReaderPages(reader, this.#momentOf(reader, at), filter);
      return this.#begin(pages, undefined);
    } catch (error) {
      reader.close();
      throw error;
    }
  }

  #momentOf({ database }: Reader, at: Revision): PastMoment {
    const statements = prepareStatements(preparingOnDemand(database));
    return momentAt(statements, readHead(statements.changes.selectHead.get()), at, this.#host.location);
  }

  #begin(pages: ScanPages, connection: Connection | undefined): Scan {
    const scan = { pages, connection, failure: undefined };
    this.#scans.add(scan);
    return scan;
  }

  async #prepare(scan: Scan): Promise<void> {
    const { preparation } = scan.pages;
    if (preparation === undefined) return;
    const slice = new TimeSlice();
    for (;;) {
      const { done } = await this.#read(scan, () => untilPause(preparation, slice));
      if (done) return;
      await slice.next();
    }
  }

  #nextPage(scan: Scan): MaybePromise<IteratorResult<StoredRecord[], undefined>> {
    return this.#read(scan, () => scan.pages.next());
  }

  #read<T>({ connection, failure }: Scan, read: () => T): MaybePromise<Awaited<T>> | T {
    if (failure !== undefined) throw failure;
    if (connection === undefined) return guard(this.#host, read);
    return this.#connections.whenSettled(() => {
      if (connection !== this.#connections.current) throw this.#reopened();
      return guard(this.#host, read);
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
