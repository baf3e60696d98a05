import { decodeRecord } from './decode-record.js';
import type { CachedRecords, ReadCache } from './read-cache.js';
import type { RecordDriver, RecordQuery, StoredRecord } from './record-driver.js';

/** Answers queries from the cache when it may be asked, else from the driver. */
export class RecordReader {
  readonly #driver: RecordDriver;
  readonly #cache: ReadCache;

  constructor(driver: RecordDriver, cache: ReadCache) {
    this.#driver = driver;
    this.#cache = cache;
  }

  /** The cached answer, after the driver has confirmed that it is still right. */
  cached(name: string): CachedRecords | undefined {
    const records = this.#cache.get(name);
    if (records === undefined) return undefined;
    const { clock } = this.#cache;
    if (!this.#driver.catchUp()) return undefined;
    // What the driver has just heard of others may concern this very answer.
    return this.#cache.clock === clock ? records : undefined;
  }

  read(query: RecordQuery): CachedRecords | Promise<CachedRecords> {
    // Named anew for the refill: what was just heard of may have retired the first name.
    return this.cached(this.#cache.nameOf(query)) ?? this.refill(this.#cache.nameOf(query), query);
  }

  /**
   * Asks the driver. That needs no freshness check: whatever others committed
   * before this read is in its answer, and whatever they commit later is
   * noticed before the answer is served again.
   */
  refill(name: string, query: RecordQuery): CachedRecords | Promise<CachedRecords> {
    const begun = this.#cache.beginRead();
    let stored: ReturnType<RecordDriver['read']>;
    try {
      stored = this.#driver.read(query);
    } catch (error) {
      this.#cache.endRead(begun);
      throw error;
    }
    return stored instanceof Promise
      ? this.#awaitRefill(begun, name, stored)
      : this.#install(begun, name, stored);
  }

  async #awaitRefill(
    begun: number,
    name: string,
    reading: Promise<readonly StoredRecord[]>,
  ): Promise<CachedRecords> {
    let stored: readonly StoredRecord[];
    try {
      stored = await reading;
    } catch (error) {
      this.#cache.endRead(begun);
      throw error;
    }
    return this.#install(begun, name, stored);
  }

  #install(begun: number, name: string, stored: readonly StoredRecord[]): CachedRecords {
    let decoded: Decoded;
    try {
      decoded = decodeAll(stored);
    } catch (error) {
      this.#cache.endRead(begun);
      throw error;
    }
    const { records, shareable, weight } = decoded;
    if (shareable) this.#cache.endRead(begun, name, records, weight);
    else this.#cache.endRead(begun);
    return records;
  }
}

interface Decoded {
  readonly records: CachedRecords;
  /** Whether all of them are frozen, so that many readers may hold them. */
  readonly shareable: boolean;
  /** About how many bytes of heap the records take. */
  readonly weight: number;
}

function decodeAll(stored: readonly StoredRecord[]): Decoded {
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
