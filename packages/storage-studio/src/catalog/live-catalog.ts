import { type Revision, type Storage, StorageError } from '@gati-framework/manifest-store';
import type { Catalog } from './catalog.js';
import { followCommits } from './follow-commits.js';
import { readCatalog } from './read-catalog.js';

/** How the reading of the store goes on. */
export interface CatalogProgress {
  readonly state: 'building' | 'ready';
  readonly records: number;
}

/** Milliseconds until a store that could not be followed is read again; twice as long after each failure. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 30_000;

/** Milliseconds that a commit is waited for that is known to be there. */
const PATIENCE = 2_000;

/** The catalog of a store as it is now: read once, and kept by the feed of commits. */
export class LiveCatalog {
  /** Bytes that a catalog may take. */
  readonly limit: number;
  readonly #storage: Storage;
  readonly #closing = new AbortController();
  #catalog: Catalog | undefined;
  #records = 0;
  #failure: unknown;
  /** Called when a commit was taken up, the catalog was read, or that failed. */
  readonly #waiting = new Set<() => void>();
  #work: Promise<void> | undefined;

  constructor(storage: Storage, limit: number) {
    this.#storage = storage;
    this.limit = limit;
  }

  /** Begins to read the store, and goes on until it is closed. */
  start(): void {
    this.#work ??= this.#run();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#tell();
    await this.#work;
  }

  get progress(): CatalogProgress {
    return { state: this.#catalog === undefined ? 'building' : 'ready', records: this.#records };
  }

  /** What is known already; `undefined` while the store is read. */
  get current(): Catalog | undefined {
    return this.#catalog;
  }

  /**
   * The catalog, which goes on with the store: whoever reads it does so at once.
   *
   * @throws The error of the store while it cannot be read.
   */
  async ready(signal: AbortSignal): Promise<Catalog> {
    return await this.reached(0, signal);
  }

  /** The catalog as soon as it has a commit. */
  async reached(revision: Revision, signal: AbortSignal): Promise<Catalog> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#closing.signal.aborted) throw closed();
      if (this.#catalog !== undefined && this.#catalog.revision >= revision) return this.#catalog;
      if (this.#failure !== undefined) throw this.#failure;
      await this.#next(signal);
    }
  }

  /** The same, but the catalog as it is where the feed does not tell of that commit for a while. */
  async heardOf(revision: Revision, signal: AbortSignal): Promise<Catalog> {
    const ready = await this.ready(signal);
    if (ready.revision >= revision) return ready;
    const patience = AbortSignal.timeout(PATIENCE);
    try {
      return await this.reached(revision, AbortSignal.any([signal, patience]));
    } catch (error) {
      if (!patience.aborted) throw error;
      return await this.ready(signal);
    }
  }

  async #next(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const told = (): void => {
        this.#waiting.delete(told);
        signal.removeEventListener('abort', told);
        resolve();
      };
      this.#waiting.add(told);
      signal.addEventListener('abort', told, { once: true });
    });
  }

  #tell(): void {
    for (const told of this.#waiting) told();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    let pause = FIRST_PAUSE;
    while (!signal.aborted) {
      try {
        await this.#readAndFollow(signal);
        return;
      } catch (error) {
        if (signal.aborted) return;
        const isBehind = error instanceof StorageError && error.code === 'STORAGE_COMPACTED';
        if (this.#catalog !== undefined) pause = FIRST_PAUSE;
        this.#catalog = undefined;
        if (isBehind) continue;
        this.#failure = error;
        this.#tell();
        await sleep(pause, signal);
        pause = Math.min(2 * pause, LONGEST_PAUSE);
      }
    }
  }

  async #readAndFollow(signal: AbortSignal): Promise<void> {
    this.#records = 0;
    const { revision } = await this.#storage.stats();
    const onProgress = (records: number): void => {
      this.#records = records;
    };
    const catalog = await readCatalog(this.#storage, { limit: this.limit, signal, onProgress });
    catalog.revision = revision;
    // What was read may have been committed since: it is right when these commits were taken up, too.
    const { revision: until } = await this.#storage.stats();
    const show = (current: Catalog): void => {
      if (current.revision < until) return;
      this.#catalog = current;
      this.#failure = undefined;
      this.#tell();
    };
    show(catalog);
    await followCommits(this.#storage, catalog, signal, show);
  }
}

function closed(): StorageError {
  return new StorageError('STORAGE_CLOSED', 'The studio was closed.');
}

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
