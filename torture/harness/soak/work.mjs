import { performOperation } from '../operations.mjs';
import { onceThere } from './away.mjs';
import { refusals } from './refusals.mjs';

/** Records that are written in a step, all at the same time. */
const AT_ONCE = 4;
const WRITES = { store: 5, batch: 3, compareAndSet: 2, delete: 1 };
const ASIDE = { lists: 2, past: 3, left: 3, refused: 3, large: 1, cleared: 0.3, health: 1 };
/** Characters of a record that needs buffers of its own. */
const LARGE = 200_000;

/** What is done with one storage for hours, step by step. */
export class Work {
  #storage;
  #known;
  #slots;
  #random;

  /** @param {import('./known-records.mjs').KnownRecords} known @param {readonly string[]} slots Which nobody else writes. */
  constructor(storage, known, slots, random) {
    this.#storage = storage;
    this.#known = known;
    this.#slots = slots;
    this.#random = random;
  }

  async step(name) {
    const first = this.#random.below(this.#slots.length);
    const slots = Array.from({ length: AT_ONCE }, (_, i) => this.#slots[(first + i) % this.#slots.length]);
    await Promise.all(slots.map((slot) => this.#write(slot, `${name}.${slot}`)));
    await Promise.all(slots.map((slot) => this.readBack(slot)));
    await ASIDES[this.#random.weighted(ASIDE)](this.#storage, this.#random, this.#known, name);
  }

  /** From the database, and from the cache. */
  async readBack(slot) {
    const { entry } = await this.#perform({ type: 'get', slot });
    this.#known.assertIs(slot, entry?.[0] ?? null);
    const { tag } = await this.#perform({ type: 'read', slot });
    this.#known.assertIs(slot, tag);
  }

  async #write(slot, id) {
    const type = this.#random.weighted(WRITES);
    const expect = type === 'compareAndSet' ? [[slot, await this.#revisionOf(slot)]] : undefined;
    const changes = [[type === 'delete' ? 'delete' : 'put', slot]];
    await this.#known.commit(this.#storage, { type, changes, expect }, id);
  }

  async #revisionOf(slot) {
    const { entry } = await this.#perform({ type: 'get', slot });
    return entry?.[1] ?? null;
  }

  #perform(operation) {
    return onceThere(() => performOperation(this.#storage, operation));
  }
}

/** What is done beside the writes, one of it in a step. */
const ASIDES = {
  lists: async (storage, random) => {
    const list = random.pick(['versions', 'latest', 'hooks', 'transformers']);
    await onceThere(() => performOperation(storage, { type: 'list', list }));
    await onceThere(() => performOperation(storage, { type: 'entries' }));
  },
  past: async (storage, random) => {
    const { revision, oldestRevision } = await onceThere(() => storage.stats());
    const at = revision - random.below(Math.floor((revision - oldestRevision) / 2) + 1);
    await onceThere(() => performOperation(storage, { type: 'pastEntries', at }));
    await onceThere(() => performOperation(storage, { type: 'past', slot: 'gtype/T', at }));
  },
  /** Iterations that nobody brings to their end. */
  left: async (storage) => {
    for (const iterate of [() => storage.entries(), () => storage.log({ reverse: true })]) {
      const iterator = iterate();
      await onceThere(() => iterator.next());
      await iterator.return();
    }
  },
  refused: (storage) => refusals(storage),
  large: async (storage, _, __, name) => {
    const value = { ref: 'large', kind: 'object', description: `${name}${'x'.repeat(LARGE)}` };
    await onceThere(() => storage.commit([{ put: 'gtype', value }]));
    await onceThere(() => storage.commit([{ delete: 'gtype', key: { ref: 'large' } }]));
  },
  cleared: (storage, _, known, name) => known.commit(storage, { type: 'clear', changes: [['clear']] }, name),
  health: async (storage) => void (await storage.health()),
};
