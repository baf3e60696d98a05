import type { RecordKind } from '@gati-framework/manifest-store';
import type { KeyTuple } from '@gati-framework/manifest-store/backend';
import type { StoredRecord } from '@gati-framework/storage-kit';

/** Which record. */
export interface RecordName {
  readonly kind: RecordKind;
  readonly key: KeyTuple;
}

type Found = readonly StoredRecord[];

interface Waiting {
  readonly name: RecordName;
  resolve(found: Found): void;
  reject(error: unknown): void;
}

/** While this many statements are under way, further reads gather for the next. */
const MAX_UNDER_WAY = 2;
const MAX_BATCH = 256;

/**
 * Reads records by key. A lone read is sent at once; those that come while
 * enough are under way share the next statement, so that a busy database
 * answers many at the price of one.
 */
export class ReadBatcher {
  readonly #readOne: (name: RecordName) => Promise<Found>;
  readonly #readMany: (names: readonly RecordName[]) => Promise<readonly (Found | undefined)[]>;
  #waiting: Waiting[] = [];
  #underWay = 0;

  /**
   * @param readMany Yields what was found for each, in order: of the first one always; undefined where there was
   *   too much for one answer.
   */
  constructor(
    readOne: (name: RecordName) => Promise<Found>,
    readMany: (names: readonly RecordName[]) => Promise<readonly (Found | undefined)[]>,
  ) {
    this.#readOne = readOne;
    this.#readMany = readMany;
  }

  read(name: RecordName): Promise<Found> {
    if (this.#underWay < MAX_UNDER_WAY) return this.#counted(this.#readOne(name));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ name, resolve, reject });
    });
  }

  #counted<T>(reading: Promise<T>): Promise<T> {
    this.#underWay += 1;
    const next = (): void => {
      this.#underWay -= 1;
      this.#readWaiting();
    };
    reading.then(next, next);
    return reading;
  }

  #readWaiting(): void {
    if (this.#waiting.length === 0) return;
    const batch = this.#waiting.splice(0, MAX_BATCH);
    // Those who get no answer wait again, in front, before `#counted` looks for who waits.
    const reading = this.#readMany(batch.map(({ name }) => name)).then((found) => {
      this.#waiting.unshift(...batch.filter((_, i) => found[i] === undefined));
      return found;
    });
    this.#counted(reading).then(
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
}
