import { performOperation } from '../operations.mjs';

/** Codes of errors after which a write may have been made or not. */
const UNKNOWN = new Set(['STORAGE_UNAVAILABLE', 'STORAGE_IN_DOUBT']);

/** What each record may be, as only one process writes: one tag, or several where an answer was lost. */
export class KnownRecords {
  /** How many commits were acknowledged. */
  acknowledged = 0;
  /** How many were not, as a server was away. */
  unknown = 0;
  /** @type {Map<string, Set<string | null>>} */
  #tags;

  /** @param {readonly string[]} slots */
  constructor(slots) {
    this.#tags = new Map(slots.map((slot) => [slot, new Set([null])]));
  }

  /** Commits changes of these records, and nobody else may write them meanwhile. */
  async commit(storage, operation, id) {
    try {
      await performOperation(storage, operation, id);
      this.acknowledged += 1;
      for (const [slot, tag] of this.#effects(operation, id)) this.#tags.set(slot, new Set([tag]));
    } catch (error) {
      if (!UNKNOWN.has(error?.code)) throw error;
      this.unknown += 1;
      for (const [slot, tag] of this.#effects(operation, id)) this.#tags.get(slot).add(tag);
    }
  }

  /** Throws when a record is not what it must be. @param {string | null} tag */
  assertIs(slot, tag) {
    const known = this.#tags.get(slot);
    if (!known.has(tag)) throw new Error(`${slot} is ${tag}, and was written as ${[...known].join(' or ')}`);
    this.#tags.set(slot, new Set([tag]));
  }

  #effects({ changes }, id) {
    const steps = changes.flatMap(([what, slot]) =>
      what === 'clear' ? [...this.#tags.keys()].map((one) => ['delete', one]) : [[what, slot]],
    );
    return steps.map(([what, slot]) => [slot, what === 'put' ? id : null]);
  }
}
