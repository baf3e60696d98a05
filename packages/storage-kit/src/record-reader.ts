import type { RecordKind } from '@gati-framework/manifest-store';
import type { CachedRecords } from './answer-place.js';
import { decodeRecord } from './decode-record.js';
import type { FoundRecords, ReadCache } from './read-cache.js';
import type { MaybePromise, RecordDriver, RecordQuery, StoredRecord } from './record-driver.js';

/** Answers queries from the cache when it may be asked, else from the driver. */
export class RecordReader {
  readonly #driver: RecordDriver;
  readonly #cache: ReadCache;

  constructor(driver: RecordDriver, cache: ReadCache) {
    this.#driver = driver;
    this.#cache = cache;
  }

  /** The cached answer to `byKey`; the parts need not be valid. The path of most requests. */
  cachedRecord(kind: RecordKind, first: string, second?: string): CachedRecords | undefined {
    return this.#confirmed(this.#cache.record(kind, first, second));
  }

  read(query: RecordQuery): MaybePromise<CachedRecords> {
    return this.#confirmed(this.#cache.get(query)) ?? this.#refill(query);
  }

  /**
   * Asks the driver. That needs no freshness check: whatever others committed
   * before this read is in its answer, and whatever they commit later is
   * noticed before the answer is served again.
   */
  #refill(query: RecordQuery): MaybePromise<CachedRecords> {
    const found = this.#cache.fill(query, () => {
      const stored = this.#driver.read(query);
      return stored instanceof Promise ? stored.then(decodeAll) : decodeAll(stored);
    });
    return found instanceof Promise ? found.then(({ records }) => records) : found.records;
  }

  /** The answer, if it is still right after the driver has caught up with others, which may concern it. */
  #confirmed(records: CachedRecords | undefined): CachedRecords | undefined {
    if (records === undefined) return undefined;
    const { clock } = this.#cache;
    return this.#driver.catchUp() && this.#cache.clock === clock ? records : undefined;
  }
}

function decodeAll(stored: readonly StoredRecord[]): FoundRecords {
  const records: object[] = [];
  let shareable = true;
  let sum = 0;
  for (const record of stored) {
    const { value, frozen, weight } = decodeRecord(record.kind, record.key, record, record.revision);
    records.push(value);
    shareable &&= frozen;
    sum += weight;
  }
  return { records, shareable, weight: sum };
}
