import type { GType } from '@gati-framework/manifest-store';
import { canonicalGType } from '../gtypes/canonical-gtype.js';
import { customAssertion, isStub } from '../gtypes/gtype-shapes.js';
import { stubRefs } from '../gtypes/map-gtype.js';
import type { TypeUniverse } from '../gtypes/type-universe.js';
import { type Alternative, isAnything, schemaOf } from './alternative.js';
import { compareFields, compareItems } from './compare-fields.js';
import { compareSchemas } from './compare-schemas.js';
import { compareValidators } from './compare-validators.js';
import { describeAlternative, describeForm } from './describe-type.js';
import type { Direction, Effect, Verdict } from './difference.js';
import { type LooseAlternative, matchAlternatives } from './match-alternatives.js';
import { type NormalForm, normalForm } from './normal-form.js';
import { mayOverlap } from './overlap.js';
import { differInUnresolved } from './unresolved.js';

/** A stored type that a pair of types leads to on both sides, to be compared by itself. */
export interface TypePair {
  readonly before: string;
  readonly after: string;
  /** Which way a difference counts; inside `not` it is the opposite of `side`. */
  readonly direction: Direction;
  /** Where the types stand. */
  readonly side: Direction;
}

export interface Finding {
  readonly where: string;
  readonly what: string;
  readonly effect: Effect;
  readonly direction: Direction;
}

/** What differs in one pair of types, without what differs in the named types that they refer to. */
export interface TypeComparison {
  readonly found: readonly Finding[];
  readonly pairs: readonly TypePair[];
}

export interface Universes {
  readonly before: TypeUniverse;
  readonly after: TypeUniverse;
}

/** What comparing types asks about whole alternatives, named types included. */
export type Judge = (before: Alternative, after: Alternative, direction: Direction) => Verdict;

/** Where a pair of types stands, and which way their differences count. */
export interface Site {
  readonly direction: Direction;
  readonly side: Direction;
  readonly where: string;
}

/** Compares what types accept, not how they are written: each pair is brought into its normal form first. */
export class TypeComparer implements TypeComparison {
  readonly found: Finding[] = [];
  readonly pairs: TypePair[] = [];
  readonly universes: Universes;
  readonly #judge: Judge;
  /** Comparisons in progress, so that types that contain themselves end. */
  readonly #active = new Set<string>();

  constructor(universes: Universes, judge: Judge) {
    this.universes = universes;
    this.#judge = judge;
  }

  compare(before: readonly GType[], after: readonly GType[], site: Site): void {
    const [older] = before;
    const [newer] = after;
    if (before.length === 1 && after.length === 1 && older !== undefined && newer !== undefined) {
      if (isStub(older) && isStub(newer)) {
        this.#pair(older, newer, site);
        return;
      }
      if (canonicalGType(older) === canonicalGType(newer) && stubRefs(older).size === 0) return;
    }
    const key = [site.direction, before.map(canonicalGType), after.map(canonicalGType)].join('\n');
    if (this.#active.has(key)) return;
    this.#active.add(key);
    this.#compareForms(this.#formBefore(before), this.#formAfter(after), site);
    this.#active.delete(key);
  }

  compareAlternatives(before: Alternative, after: Alternative, site: Site): void {
    const { source: older } = before;
    const { source: newer } = after;
    if (older !== undefined && newer !== undefined && isStub(older) && isStub(newer)) {
      this.#pair(older, newer, site);
      return;
    }
    if (before.family === 'array') compareItems(this, before, after, site);
    else compareFields(this, before, after, site);
    const plain = (alternative: Alternative): Alternative['validators'] =>
      alternative.validators.filter(
        (validator) =>
          schemaOf(validator) === undefined &&
          (mayExplode(alternative) || customAssertion(validator)?.keyword !== 'explode'),
      );
    compareValidators(plain(before), plain(after), (effect, what) => this.report(effect, what, site));
    compareSchemas(this, before, after, site);
  }

  report(effect: Effect, what: string, { where, direction }: Site): void {
    this.found.push({ where, what, effect, direction });
  }

  #pair(older: GType, newer: GType, { direction, side }: Site): void {
    this.pairs.push({ before: older.ref, after: newer.ref, direction, side });
  }

  #compareForms(before: NormalForm, after: NormalForm, site: Site): void {
    if (!before.complete || !after.complete) {
      this.report('unknown', 'cannot be compared: a type is not known, or has too many alternatives', site);
      return;
    }
    if (differInUnresolved(before, after)) {
      this.report('unknown', 'cannot be compared: what a $dynamicRef leads to is not known', site);
      return;
    }
    const [older] = before.alternatives;
    const [newer] = after.alternatives;
    const single = before.alternatives.length === 1 && after.alternatives.length === 1;
    if (single && older !== undefined && newer !== undefined && older.family === newer.family) {
      this.compareAlternatives(older, newer, site);
    } else if (before.alternatives.some(isAnything) || after.alternatives.some(isAnything)) {
      if (!after.alternatives.some(isAnything)) {
        this.report('narrowed', `must now be ${describeForm(after)}`, site);
      }
      if (!before.alternatives.some(isAnything)) this.report('widened', 'may now be anything', site);
    } else if (single && older?.family !== undefined && newer?.family !== undefined) {
      this.report('changed', `is now ${describeForm(after)}, was ${describeForm(before)}`, site);
    } else this.#compareAlternatives(before, after, site);
  }

  #compareAlternatives(before: NormalForm, after: NormalForm, site: Site): void {
    const judge = (older: Alternative, newer: Alternative): Verdict =>
      this.#judge(older, newer, site.direction);
    const matching = matchAlternatives(before.alternatives, after.alternatives, site.direction, judge);
    for (const [older, newer] of matching.matched) this.compareAlternatives(older, newer, site);
    for (const loose of matching.removed) this.#reportLoose(loose, 'narrowed', 'may no longer be', site);
    for (const loose of matching.added) this.#reportLoose(loose, 'widened', 'may now be', site);
    const exactlyOne = after.exactlyOne && !before.exactlyOne && before.alternatives.length > 1;
    if (exactlyOne && site.direction === 'request' && mayOverlap(after.alternatives)) {
      this.report('unknown', 'must now match exactly one of its types', site);
    }
  }

  #reportLoose({ alternative, covered }: LooseAlternative, effect: Effect, what: string, site: Site): void {
    const known = covered === 'breaking' ? effect : covered;
    this.report(known, `${what} ${describeAlternative(alternative)}`, site);
  }

  #formBefore(types: readonly GType[]): NormalForm {
    return normalForm(types, (ref) => this.universes.before.get(ref));
  }

  #formAfter(types: readonly GType[]): NormalForm {
    return normalForm(types, (ref) => this.universes.after.get(ref));
  }
}

/** Whether there is more than one way of writing such a value into a parameter of its style. */
function mayExplode({ family, validators }: Alternative): boolean {
  if (family !== undefined && family !== 'object' && family !== 'array') return false;
  return !validators.some((validator) => customAssertion(validator)?.value === 'deepObject');
}
