import type { RecordKind, StorageWaits } from '@gati-framework/manifest-store';
import { type KeyTuple, timers } from '@gati-framework/manifest-store/backend';
import type { StoredRecord } from '@gati-framework/storage-kit';

/** Which record. */
export interface RecordName {
  readonly kind: RecordKind;
  readonly key: KeyTuple;
}

type Found = readonly StoredRecord[];

interface Waiting {
  readonly name: RecordName;
  readonly waited: StorageWaits | undefined;
  readonly since: number;
  resolve(found: Found): void;
  reject(error: unknown): void;
}

/** While this many statements are under way, further reads gather for the next. */
const MAX_UNDER_WAY = 2;
const MAX_BATCH = 256;

/**
 * Reads records by key. A lone read is sent at once; those that come while
 * enough are under way share the next statement, so that a busy database
 * answers many at the price of one. Each takes half of those who wait for an answer, so that
 * the server looks for one half while the other is read here.
 */
export class ReadBatcher {
  readonly #readOne: (name: RecordName, waited?: StorageWaits) => Promise<Found>;
  readonly #readMany: (names: readonly RecordName[]) => Promise<readonly (Found | undefined)[]>;
  #waiting: Waiting[] = [];
  /** Statements, also those that were answered in this turn of the event loop. */
  #underWay = 0;
  /** Reads whose statement is under way. */
  #asked = 0;

  /**
   * @param readMany Yields what was found for each, in order: of the first one always; undefined where there was
   *   too much for one answer.
   */
  constructor(
    readOne: (name: RecordName, waited?: StorageWaits) => Promise<Found>,
    readMany: (names: readonly RecordName[]) => Promise<readonly (Found | undefined)[]>,
  ) {
    this.#readOne = readOne;
    this.#readMany = readMany;
  }

  /** @param waited Where to note how long it waited, if anybody asks. */
  read(name: RecordName, waited?: StorageWaits): Promise<Found> {
    if (this.#underWay < MAX_UNDER_WAY) return this.#counted(1, this.#readOne(name, waited));
    const since = waited === undefined ? 0 : timers.now();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ name, waited, since, resolve, reject });
    });
  }

  /** @param count Of reads that share the statement. */
  #counted<T>(count: number, reading: Promise<T>): Promise<T> {
    this.#underWay += 1;
    this.#asked += count;
    const next = (): void => {
      this.#asked -= count;
      if (this.#underWay === 1 && this.#waiting.length === 0) this.#underWay = 0;
      else void this.#endOfTurn();
    };
    reading.then(next, next);
    return reading;
  }

  /** Those who were answered together may read on, each at once: they are to share a statement again. */
  async #endOfTurn(): Promise<void> {
    await timers.nextTurn();
    this.#underWay -= 1;
    while (this.#waiting.length > 0 && this.#underWay < MAX_UNDER_WAY) this.#readWaiting();
  }

  #readWaiting(): void {
    const half = Math.ceil((this.#waiting.length + this.#asked) / MAX_UNDER_WAY);
    const batch = this.#waiting.splice(0, Math.min(half, MAX_BATCH));
    this.#counted(batch.length, this.#readBatch(batch)).then(
      (found) => {
        batch.forEach(({ resolve }, i) => {
          const records = found[i];
          if (records !== undefined) resolve(records);
        });
      },
      (error) => {
        for (const { reject } of batch) reject(error);
      },
    );
  }

  async #readBatch(batch: readonly Waiting[]): Promise<readonly (Found | undefined)[]> {
    for (const { waited, since } of batch) if (waited !== undefined) waited.group = timers.now() - since;
    const names = batch.map(({ name }) => name);
    const [only] = names;
    if (names.length === 1 && only !== undefined) return [await this.#readOne(only)];
    const found = await this.#readMany(names);
    // Those who get no answer wait again, in front, before `#counted` looks for who waits.
    this.#waiting.unshift(...batch.filter((_, i) => found[i] === undefined));
    return found;
  }
}
