import type { RecordKind } from '@gati-framework/manifest-store';
import { channels, timers } from '@gati-framework/manifest-store/backend';
import { type ObservedDriver, OPERATIONS } from '../figures/observed-driver.js';
import type { MaybePromise, RecordQuery, StoredRecord } from '../record-driver.js';
import { decodeRecord } from '../records/decode-record.js';
import type { CachedRecords } from './answer-place.js';
import type { FoundRecords, ReadCache } from './read-cache.js';

/** Of this module, as the compiler takes what is of another module for something that may change, and would look each time. */
const { read: reads } = channels;

/** Answers queries from the cache when it may be asked, else from the driver. */
export class RecordReader {
  readonly #driver: ObservedDriver;
  readonly #cache: ReadCache;
  #hits = 0;
  #misses = 0;

  constructor(driver: ObservedDriver, cache: ReadCache) {
    this.#driver = driver;
    this.#cache = cache;
  }

  /** Look-ups that the cache has answered. */
  get hits(): number {
    return this.#hits;
  }

  /** Look-ups that the driver was asked for. */
  get misses(): number {
    return this.#misses;
  }

  /** The cached answer to `byKey`; the parts need not be valid. The path of most requests, unless somebody is told of them. */
  cachedRecord(kind: RecordKind, first: string, second?: string): CachedRecords | undefined {
    if (reads.hasSubscribers) return undefined;
    return this.#confirmed(this.#cache.record(kind, first, second));
  }

  read(query: RecordQuery): MaybePromise<CachedRecords> {
    if (reads.hasSubscribers) return this.#readTold(query);
    return this.#confirmed(this.#cache.get(query)) ?? this.#refill(query);
  }

  /** What the driver answers, it tells itself. */
  #readTold(query: RecordQuery): MaybePromise<CachedRecords> {
    const begun = timers.now();
    const known = this.#confirmed(this.#cache.get(query));
    if (known === undefined) return this.#refill(query);
    const { name: backend, location: store } = this.#driver;
    const operation = OPERATIONS[query.name];
    const found = { rows: known.length, cacheHit: true, waited: {} };
    const message = { backend, store, operation, kind: query.kind, ...found };
    return reads.trace(message, () => known, begun);
  }

  /**
   * Asks the driver. That needs no freshness check: whatever others committed
   * before this read is in its answer, and whatever they commit later is
   * noticed before the answer is served again.
   */
  #refill(query: RecordQuery): MaybePromise<CachedRecords> {
    this.#misses += 1;
    const found = this.#cache.fill(query, () => {
      const stored = this.#driver.lookUp(query);
      return stored instanceof Promise ? stored.then(decodeAll) : decodeAll(stored);
    });
    return found instanceof Promise ? found.then(({ records }) => records) : found.records;
  }

  /** The answer, if it is still right after the driver has caught up with others, which may concern it. */
  #confirmed(records: CachedRecords | undefined): CachedRecords | undefined {
    if (records === undefined) return undefined;
    const { clock } = this.#cache;
    if (!this.#driver.catchUp() || this.#cache.clock !== clock) return undefined;
    this.#hits += 1;
    return records;
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
