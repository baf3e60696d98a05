import { BACKENDS } from '../backends.mjs';
import { performOperation } from '../operations.mjs';
import { onceThere } from './away.mjs';
import { KnownRecords } from './known-records.mjs';

/** Others who open the store, use it and close it: the same one, or, where that has one owner, another. */
export class Visits {
  count = 0;
  #create;
  #place;
  #isShared;
  #isKept;
  #options;
  #slot;
  #known;

  /** @param {{ backend: string, place: string, options: object, slot: string, known: KnownRecords }} settings */
  constructor({ backend, place, options, slot, known }) {
    const { create, isShared, kind } = BACKENDS[backend];
    this.#create = create;
    this.#isShared = isShared;
    this.#isKept = kind !== 'memory';
    this.#place = place;
    this.#options = options;
    this.#slot = slot;
    this.#known = isShared ? known : new KnownRecords([slot]);
  }

  /** Whether it was the same store. */
  async visit(id) {
    this.count += 1;
    const storage = await this.#create(this.#place, this.#options);
    if (this.#isKept) await this.#read(storage);
    await this.#known.commit(storage, { type: 'store', changes: [['put', this.#slot]] }, id);
    await this.#read(storage);
    const { revision } = await onceThere(() => storage.stats());
    const watch = storage.watch({ after: revision - 1 });
    await onceThere(() => watch.next());
    await storage.close();
    return this.#isShared;
  }

  async #read(storage) {
    const { entry } = await onceThere(() => performOperation(storage, { type: 'get', slot: this.#slot }));
    this.#known.assertIs(this.#slot, entry?.[0] ?? null);
  }
}
