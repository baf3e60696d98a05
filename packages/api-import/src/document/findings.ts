/**
 * Something of a document that a manifest or GType has no place for.
 *
 * - `assertion`: it restricts what is valid. Kept as it is, mostly as a `custom`
 *   validator, so that later imports can compare it, but Gati does not check it.
 * - `omission`: a part of the API that is not stored at all.
 * - `interpreted`: it leaves open what its author surely meant, and is read as that.
 * - `annotation`: it describes and restricts nothing. Not kept.
 */
export interface Inexpressible {
  /** e.g. `format`, `discriminator`, `operation.callbacks`. */
  readonly keyword: string;
  readonly effect: InexpressibleEffect;
  /** In how many places of the document it stands. */
  readonly count: number;
  /** The first of these places. */
  readonly first: string;
}

export type InexpressibleEffect = 'assertion' | 'omission' | 'interpreted' | 'annotation';

const EFFECTS: readonly InexpressibleEffect[] = ['assertion', 'omission', 'interpreted', 'annotation'];

/** Counts what cannot be expressed, each place of the document once. */
export class Findings {
  readonly #found = new Map<string, { effect: InexpressibleEffect; places: Set<string> }>();

  add(keyword: string, effect: InexpressibleEffect, place: string): void {
    const found = this.#found.get(keyword);
    if (found === undefined) this.#found.set(keyword, { effect, places: new Set([place]) });
    else found.places.add(place);
  }

  /** By effect, in the order above, then by count. */
  list(): Inexpressible[] {
    const list = Array.from(this.#found, ([keyword, { effect, places }]) => {
      const [first = ''] = places;
      return { keyword, effect, count: places.size, first };
    });
    return list.sort(
      (a, b) =>
        EFFECTS.indexOf(a.effect) - EFFECTS.indexOf(b.effect) ||
        b.count - a.count ||
        (a.keyword < b.keyword ? -1 : 1),
    );
  }
}
