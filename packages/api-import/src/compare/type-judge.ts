import { stubRefs } from '../gtypes/map-gtype.js';
import { baseRef } from '../gtypes/refs.js';
import { type Alternative, alternativeKey, schemaOf } from './alternative.js';
import { TypeComparer, type TypeComparison, type TypePair, type Universes } from './compare-types.js';
import { type Direction, type Verdict, verdictOf, worst } from './difference.js';

/** How deep one question may lead to further ones, and how many comparisons may answer one; beyond, it is unknown. */
const MAX_DEPTH = 8;
const MAX_COMPARISONS = 3000;

/** Compares named types, each pair once, and judges alternatives with all that they refer to. */
export class TypeJudge {
  readonly #universes: Universes;
  readonly #named = new Map<string, TypeComparison>();
  readonly #judged = new Map<string, Verdict>();
  /** Questions in progress. A type that contains itself is compatible if everything else about it is. */
  readonly #active = new Set<string>();
  #comparisons = 0;

  constructor(universes: Universes) {
    this.#universes = universes;
  }

  comparer(): TypeComparer {
    return new TypeComparer(this.#universes, (before, after, direction) =>
      this.judge(before, after, direction),
    );
  }

  /** What differs in a pair of stored types themselves. */
  compareNamed(pair: TypePair): TypeComparison {
    const key = keyOf(pair);
    const known = this.#named.get(key);
    if (known !== undefined) return known;
    const comparison = this.#compareStored(pair);
    // Inside a question, the answers to others may rest on assumptions.
    if (this.#active.size === 0) this.#named.set(key, comparison);
    return comparison;
  }

  /** What happens to callers when one alternative takes the place of the other. */
  judge(before: Alternative, after: Alternative, direction: Direction): Verdict {
    const key = [direction, exactKey(before), exactKey(after)].join('\n\n');
    const known = this.#judged.get(key);
    if (known !== undefined) return known;
    if (this.#active.has(key)) return 'compatible';
    if (this.#active.size === 0) this.#comparisons = 0;
    if (this.#active.size >= MAX_DEPTH) return 'unknown';
    this.#active.add(key);
    const verdict = this.#judge(before, after, direction);
    this.#active.delete(key);
    if (this.#active.size === 0 || verdict === 'breaking') this.#judged.set(key, verdict);
    return verdict;
  }

  #judge(before: Alternative, after: Alternative, direction: Direction): Verdict {
    const first = this.comparer();
    first.compareAlternatives(before, after, { direction, side: direction, where: '' });
    const waiting: TypePair[] = [...first.pairs];
    const seen = new Set(waiting.map(keyOf));
    let verdict = verdictOfAll(first);
    for (const pair of waiting) {
      if (verdict === 'breaking') return verdict;
      this.#comparisons += 1;
      if (this.#comparisons > MAX_COMPARISONS) return 'unknown';
      const comparison = this.compareNamed(pair);
      verdict = worst([verdict, verdictOfAll(comparison)]);
      for (const next of comparison.pairs) {
        if (!seen.has(keyOf(next))) waiting.push(next);
        seen.add(keyOf(next));
      }
    }
    return verdict;
  }

  #compareStored({ before, after, direction, side }: TypePair): TypeComparison {
    const older = this.#universes.before.get(before);
    const newer = this.#universes.after.get(after);
    const where = `${side} ${baseRef(after)}`;
    if (older === undefined || newer === undefined) {
      const what = 'cannot be compared: its type is not stored';
      return { found: [{ where, what, effect: 'unknown', direction }], pairs: [] };
    }
    const comparer = this.comparer();
    comparer.compare([older], [newer], { direction, side, where });
    return comparer;
  }
}

export function keyOf({ direction, side, before, after }: TypePair): string {
  return [direction, side, before, after].join('\n');
}

function verdictOfAll({ found }: TypeComparison): Verdict {
  return worst(found.map(({ effect, direction }) => verdictOf(effect, direction)));
}

/** Like {@link alternativeKey}, but with the versions of the types referred to. */
function exactKey(alternative: Alternative): string {
  const refs = new Set<string>();
  for (const types of [...alternative.fields.values(), alternative.rest]) {
    for (const type of types) stubRefs(type, refs);
  }
  for (const validator of alternative.validators) {
    const schema = schemaOf(validator);
    if (schema !== undefined) stubRefs(schema, refs);
  }
  return `${alternativeKey(alternative)}\n${[...refs].sort().join()}`;
}
