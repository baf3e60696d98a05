import type { RecordDifference } from '@gati-framework/storage-tools/diff';
import type { ChangeCounts } from '../api/index.js';
import type { Catalog } from '../catalog/catalog.js';
import { waysTo } from '../catalog/type-users.js';
import { ChangeCounter } from '../views/findings-view.js';

/** What differs between two states, as names and counts: not the records. */
export class Differing {
  readonly #counter = new ChangeCounter();
  readonly #handlerIds = new Set<string>();
  readonly #types = new Set<string>();
  #total = 0;

  add({ kind, key, change }: RecordDifference): void {
    this.#counter.add({ kind, change });
    this.#total += 1;
    if (kind === 'manifest') this.#handlerIds.add(key[0]);
    // Whoever reaches a type can notice that it is another one, or gone.
    if (kind === 'gtype' && change !== 'added') this.#types.add(key[0]);
  }

  get counts(): ChangeCounts {
    return this.#counter.counts;
  }

  get total(): number {
    return this.#total;
  }

  get isTypeChanged(): boolean {
    return this.#types.size > 0;
  }

  /**
   * The handlers of which callers can notice anything, by id.
   *
   * @param catalog Of either state: up to the first type that differs, the ways to it are the same in both.
   */
  handlerIds(catalog: Catalog | undefined): string[] {
    const found = new Set(this.#handlerIds);
    if (this.isTypeChanged && catalog !== undefined) {
      const ways = waysTo(catalog, this.#types);
      for (const { handlerId, versions } of catalog.handlers.values())
        for (const { types } of versions.values())
          if (types.some(({ name }) => ways.has(name))) found.add(handlerId);
    }
    return [...found].sort();
  }
}
