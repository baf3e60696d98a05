import { decodeRecord } from './codec.js';
import type { CachedRecords, ReadCache } from './read-cache.js';
import type { RecordDriver, RecordQuery, StoredRecord } from './record-driver.js';

/** Answers queries from the cache when it is fresh, else from the driver. */
export class RecordReader {
  readonly #driver: RecordDriver;
  readonly #cache: ReadCache;

  constructor(driver: RecordDriver, cache: ReadCache) {
    this.#driver = driver;
    this.#cache = cache;
  }

  read(query: RecordQuery): CachedRecords | Promise<CachedRecords> {
    if (!this.#driver.isCacheFresh()) return this.#bypass(query);
    const name = this.#cache.nameOf(query);
    const cached = this.#cache.get(name);
    if (cached !== undefined) return cached;
    return this.#refill(name, query);
  }

  async #bypass(query: RecordQuery): Promise<CachedRecords> {
    return decodeAll(await this.#driver.read(query)).records;
  }

  async #refill(name: string, query: RecordQuery): Promise<CachedRecords> {
    const refill = this.#cache.startRefill(name);
    try {
      const found = this.#driver.read(query);
      const stored = found instanceof Promise ? await found : found;
      const { records, shareable, size } = decodeAll(stored);
      this.#cache.finishRefill(refill, shareable ? records : undefined, size);
      return records;
    } catch (error) {
      this.#cache.finishRefill(refill);
      throw error;
    }
  }
}

interface Decoded {
  readonly records: CachedRecords;
  /** Whether all of them are frozen, so that many readers may hold them. */
  readonly shareable: boolean;
  readonly size: number;
}

function decodeAll(stored: readonly StoredRecord[]): Decoded {
  const records: object[] = [];
  let shareable = true;
  let size = 0;
  for (const record of stored) {
    const { value, frozen } = decodeRecord(record.kind, record.key, record);
    records.push(value);
    shareable &&= frozen;
    size += record.text.length;
  }
  return { records, shareable, size };
}
