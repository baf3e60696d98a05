import {
  type RecordDifference,
  recordDifferences,
  stateDifferences,
} from '@gati-framework/storage-tools/diff';
import type { Turns } from '../turns.js';
import { Differing } from './differing.js';
import type { ComparedState } from './state-name.js';

/** Comparisons of which the counts are kept, for the parts of their lists. */
const KEPT = 4;

/** What differs between two states, each of which is looked at as a whole once, and then part by part. */
export class Comparisons {
  readonly #turns: Turns;
  readonly #signal: AbortSignal;
  readonly #kept = new Map<string, Promise<Differing>>();

  constructor(turns: Turns, signal: AbortSignal) {
    this.#turns = turns;
    this.#signal = signal;
  }

  /** How much differs. Memory: the ids of handlers and types that do. */
  async of(before: ComparedState, after: ComparedState): Promise<Differing> {
    // A store that keeps no past is another one each time.
    if (!before.store.storage.capabilities.history || !after.store.storage.capabilities.history)
      return await this.#look(before, after);
    const name = [before, after].map(({ info }) => `${info.of}@${info.revision}`).join();
    const found = this.#kept.get(name) ?? this.#look(before, after);
    this.#kept.delete(name);
    this.#kept.set(name, found);
    found.catch(() => this.#kept.delete(name));
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(oldest);
    }
    return await found;
  }

  async #look(before: ComparedState, after: ComparedState): Promise<Differing> {
    return await this.#turns.take(this.#signal, async () => {
      const differing = new Differing();
      for await (const difference of differencesBetween(before, after)) {
        this.#signal.throwIfAborted();
        differing.add(difference);
      }
      return differing;
    });
  }
}

/** Records of two revisions come in one order, those of two stores in any. */
export function differencesBetween(
  before: ComparedState,
  after: ComparedState,
): AsyncIterable<RecordDifference> {
  if (before.info.of === after.info.of)
    return recordDifferences(before.storage.entries(), after.storage.entries());
  return stateDifferences(before.storage, after.storage);
}
