import type { Revision, StorageFigures } from '@gati-framework/manifest-store';
import type { ReadCache } from '../cache/read-cache.js';
import type { RecordReader } from '../cache/record-reader.js';
import type { LastFailure } from './last-failure.js';
import type { ObservedDriver } from './observed-driver.js';

/** How a storage does, without asking anybody. */
export class Figures {
  readonly #driver: ObservedDriver;
  readonly #cache: ReadCache;
  readonly #reader: RecordReader;
  readonly #failure: LastFailure;

  constructor(driver: ObservedDriver, cache: ReadCache, reader: RecordReader, failure: LastFailure) {
    this.#driver = driver;
    this.#cache = cache;
    this.#reader = reader;
    this.#failure = failure;
  }

  /** @param store Where it is, if that is known. */
  of(store: { readonly revision?: Revision; readonly oldestRevision?: Revision }): StorageFigures {
    const { revision, oldestRevision } = store;
    const { feed, connections } = this.#driver.figures();
    const { last } = this.#failure;
    return {
      cache: this.#ofCache(),
      ...(feed && { feed }),
      ...(revision !== undefined &&
        oldestRevision !== undefined && { history: { commits: revision - oldestRevision } }),
      ...(connections && { connections }),
      ...(last && { lastError: last }),
    };
  }

  #ofCache(): NonNullable<StorageFigures['cache']> {
    const { hits, misses } = this.#reader;
    const { weight: bytes, maxBytes } = this.#cache;
    return { hits, misses, hitRate: hits === 0 ? 0 : hits / (hits + misses), bytes, maxBytes };
  }
}
