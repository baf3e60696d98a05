import type { HandlerManifest } from '@gati-framework/manifest-store';
import type { TypeUniverse } from '../gtypes/type-universe.js';
import type { TypeComparison, TypePair } from './compare-types.js';
import { byVerdict, type Difference, type Verdict, verdictOf } from './difference.js';
import { HandlerComparison } from './handler-comparison.js';
import { keyOf, TypeJudge } from './type-judge.js';

/** What of a handler manifest is compared. */
export interface ComparableHandler extends Pick<HandlerManifest, 'method' | 'path' | 'gtypes'> {
  /** Compared where both have them. */
  readonly policies?: HandlerManifest['policies'] | undefined;
}

export interface CompareOptions {
  /**
   * Whether differences in the bodies of errors (4xx, 5xx, and `default` beside a success) count as those
   * of other bodies do. Default: false, as an error that is not documented any more does not count either.
   */
  readonly strictErrors?: boolean;
}

const SAME: Difference = {
  where: 'handler',
  what: 'is described in another way, and accepts the same',
  breaking: false,
  verdict: 'compatible',
};

/** Compares versions of handlers; each pair of types that several handlers lead to is compared once. */
export class HandlerComparer {
  readonly #universes: { readonly before: TypeUniverse; readonly after: TypeUniverse };
  readonly #judge: TypeJudge;
  readonly #options: CompareOptions;

  constructor(before: TypeUniverse, after: TypeUniverse, options: CompareOptions = {}) {
    this.#universes = { before, after };
    this.#judge = new TypeJudge(this.#universes);
    this.#options = options;
  }

  /**
   * Every difference that is known: breaking ones first, then those of which it cannot be told. Never
   * empty, as it is asked of versions that differ.
   */
  compare(before: ComparableHandler, after: ComparableHandler): Difference[] {
    const comparison = new HandlerComparison(
      this.#universes,
      this.#judge,
      this.#options.strictErrors ?? false,
    );
    comparison.compare(before, after);
    const differences = [...comparison.differences];
    // What only errors lead to is followed last, so that it is not taken for what others lead to as well.
    const seen = new Set<string>();
    for (const pair of comparison.pairs) {
      differences.push(...this.#follow(pair, seen, (verdict) => verdict));
    }
    for (const pair of comparison.errorPairs)
      differences.push(...this.#follow(pair, seen, () => 'compatible'));
    return inOrder(differences);
  }

  #follow(first: TypePair, seen: Set<string>, weigh: (verdict: Verdict) => Verdict): Difference[] {
    const differences: Difference[] = [];
    const waiting: TypePair[] = [first];
    for (const pair of waiting) {
      const key = keyOf(pair);
      if (seen.has(key)) continue;
      seen.add(key);
      const comparison: TypeComparison = this.#judge.compareNamed(pair);
      for (const { where, what, effect, direction } of comparison.found) {
        const verdict = weigh(verdictOf(effect, direction));
        differences.push({ where, what, breaking: verdict === 'breaking', verdict });
      }
      waiting.push(...comparison.pairs);
    }
    return differences;
  }
}

/** Each difference once, with its worst verdict. */
function inOrder(differences: readonly Difference[]): Difference[] {
  const unique = new Map<string, Difference>();
  for (const difference of byVerdict(differences)) {
    const key = `${difference.where}\n${difference.what}`;
    if (!unique.has(key)) unique.set(key, difference);
  }
  return unique.size === 0 ? [SAME] : [...unique.values()];
}
