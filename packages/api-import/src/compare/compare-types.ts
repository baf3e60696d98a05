import type { GType, GTypeProperty, Validator } from '@gati-framework/manifest-store';
import { canonicalGType } from '../gtypes/canonical-gtype.js';
import { anyType, customAssertion, isAny, isStub } from '../gtypes/gtype-shapes.js';
import { baseRef } from '../gtypes/refs.js';
import type { TypeUniverse } from '../gtypes/type-universe.js';
import { compareValidators } from './compare-validators.js';
import { describeType } from './describe-type.js';
import type { Direction, Effect } from './difference.js';
import {
  alternatives,
  matchAlternatives,
  members,
  memberValidators,
  sameMembers,
  sharesStub,
  unionValidators,
} from './match-alternatives.js';
import { type ObjectShape, objectShape } from './object-shape.js';

/** A stored type that a pair of types leads to on both sides, to be compared by itself. */
export interface TypePair {
  readonly before: string;
  readonly after: string;
  readonly direction: Direction;
}

/** What differs in one pair of types, without what differs in the named types that they refer to. */
export interface TypeComparison {
  readonly found: readonly {
    readonly where: string;
    readonly what: string;
    readonly effect: Effect;
    readonly direction: Direction;
  }[];
  readonly pairs: readonly TypePair[];
}

export function compareTypes(
  before: GType,
  after: GType,
  universes: { readonly before: TypeUniverse; readonly after: TypeUniverse },
  direction: Direction,
  where: string,
): TypeComparison {
  const comparer = new TypeComparer(universes.before, universes.after);
  comparer.compare(before, after, direction, where);
  return comparer;
}

/** Assertions whose schema speaks of values that must *not* be, or decides which other schema applies. */
const NEGATING: ReadonlySet<string> = new Set(['not', 'if']);

class TypeComparer implements TypeComparison {
  readonly found: { where: string; what: string; effect: Effect; direction: Direction }[] = [];
  readonly pairs: TypePair[] = [];
  readonly #before: TypeUniverse;
  readonly #after: TypeUniverse;
  /** Unnamed comparisons in progress, so that types that contain themselves end. */
  readonly #active = new Set<string>();

  constructor(before: TypeUniverse, after: TypeUniverse) {
    this.#before = before;
    this.#after = after;
  }

  compare(before: GType, after: GType, direction: Direction, where: string): void {
    if (isStub(before) && isStub(after) && baseRef(before.ref) === baseRef(after.ref)) {
      this.pairs.push({ before: before.ref, after: after.ref, direction });
      return;
    }
    if (!isStub(before) && !isStub(after)) {
      this.#compareShapes(before, after, direction, where);
      return;
    }
    if (sharesStub(alternatives(before), alternatives(after))) {
      this.#compareUnions(before, after, direction, where);
      return;
    }
    if (sharesStub(members(before), members(after))) {
      this.#compareIntersections(before, after, direction, where);
      return;
    }
    this.#compareResolved(before, after, direction, where);
  }

  /** Of two types, at least one refers to a type that the other does not: what these are is compared. */
  #compareResolved(before: GType, after: GType, direction: Direction, where: string): void {
    const key = `${direction} ${canonicalGType(before)} ${canonicalGType(after)}`;
    if (this.#active.has(key)) return;
    this.#active.add(key);
    const older = isStub(before) ? this.#before.get(before.ref) : before;
    const newer = isStub(after) ? this.#after.get(after.ref) : after;
    if (older === undefined || newer === undefined || (isStub(older) && isStub(newer))) {
      this.#report('changed', `is now ${describeType(after)}, was ${describeType(before)}`, direction, where);
    } else this.compare(older, newer, direction, where);
    this.#active.delete(key);
  }

  #compareShapes(before: GType, after: GType, direction: Direction, where: string): void {
    if (isAny(before) || isAny(after)) {
      if (!isAny(after)) this.#report('narrowed', `must now be ${describeType(after)}`, direction, where);
      if (!isAny(before)) this.#report('widened', 'may now be anything', direction, where);
      return;
    }
    if (before.kind === 'union' || after.kind === 'union') {
      this.#compareUnions(before, after, direction, where);
      return;
    }
    if (before.kind === 'intersection' && after.kind === 'intersection' && sameMembers(before, after)) {
      this.#compareMembers(before, after, direction, where);
      this.#compareAssertions(before.validators, after.validators, direction, where);
      return;
    }
    const older = objectShape(before, (ref) => this.#before.get(ref));
    const newer = objectShape(after, (ref) => this.#after.get(ref));
    if (older !== undefined && newer !== undefined) {
      this.#compareObjects(older, newer, direction, where);
    } else if (before.kind === 'intersection' || after.kind === 'intersection') {
      this.#compareIntersections(before, after, direction, where);
    } else if (before.kind !== after.kind || before.primitiveType !== after.primitiveType) {
      const what = `is now ${describeType(after)}, was ${describeType(before)}`;
      this.#report('changed', what, direction, where);
    } else {
      if (before.items !== undefined && after.items !== undefined) {
        this.compare(before.items, after.items, direction, `${where}[]`);
      }
      this.#compareAssertions(before.validators, after.validators, direction, where);
    }
  }

  /** A type that is not a union counts as a union of one. */
  #compareUnions(before: GType, after: GType, direction: Direction, where: string): void {
    const { matched, removed, added } = matchAlternatives(alternatives(before), alternatives(after));
    for (const [older, newer] of matched) this.compare(older, newer, direction, where);
    for (const type of removed) {
      this.#report('narrowed', `may no longer be ${describeType(type)}`, direction, where);
    }
    for (const type of added) {
      this.#report('widened', `may now be ${describeType(type)}`, direction, where);
    }
    this.#compareAssertions(unionValidators(before), unionValidators(after), direction, where);
  }

  #compareMembers(before: GType, after: GType, direction: Direction, where: string): void {
    (before.types as GType[]).forEach((older, i) => {
      this.compare(older, (after.types as GType[])[i] as GType, direction, where);
    });
  }

  /** What every member demands is demanded, so a member that is gone admits more values. */
  #compareIntersections(before: GType, after: GType, direction: Direction, where: string): void {
    const { matched, removed, added } = matchAlternatives(members(before), members(after));
    for (const [older, newer] of matched) this.compare(older, newer, direction, where);
    for (const type of removed) {
      this.#report('widened', `need no longer be ${describeType(type)}`, direction, where);
    }
    for (const type of added) {
      this.#report('narrowed', `must now be ${describeType(type)} as well`, direction, where);
    }
    this.#compareAssertions(memberValidators(before), memberValidators(after), direction, where);
  }

  #compareObjects(before: ObjectShape, after: ObjectShape, direction: Direction, where: string): void {
    for (const [name, older] of before.properties) {
      const newer = after.properties.get(name);
      const place = `${where}.${name}`;
      if (newer === undefined) this.#report('removed', 'is gone', direction, place);
      else this.#compareProperties(older, newer, direction, place);
    }
    for (const [name, newer] of after.properties) {
      if (before.properties.has(name)) continue;
      const effect = newer.optional ? 'compatible' : 'narrowed';
      this.#report(effect, `is new${newer.optional ? '' : ' and required'}`, direction, `${where}.${name}`);
    }
    this.#compareRequired(before, after, direction, where);
    this.#compareAssertions(before.validators, after.validators, direction, where);
  }

  #compareProperties(older: GTypeProperty, newer: GTypeProperty, direction: Direction, where: string): void {
    if (older.optional && !newer.optional) this.#report('narrowed', 'is now required', direction, where);
    if (!older.optional && newer.optional) this.#report('widened', 'is now optional', direction, where);
    this.compare(older.type, newer.type, direction, where);
  }

  /** Names that are required without being described; the others are compared as properties. */
  #compareRequired(before: ObjectShape, after: ObjectShape, direction: Direction, where: string): void {
    const undescribed = (name: string): boolean =>
      !before.properties.has(name) && !after.properties.has(name);
    for (const name of after.required) {
      if (undescribed(name) && !before.required.has(name)) {
        this.#report('narrowed', 'is now required', direction, `${where}.${name}`);
      }
    }
    for (const name of before.required) {
      if (undescribed(name) && !after.required.has(name)) {
        this.#report('widened', 'is now optional', direction, `${where}.${name}`);
      }
    }
  }

  #compareAssertions(
    before: readonly Validator[] = [],
    after: readonly Validator[] = [],
    direction: Direction,
    where: string,
  ): void {
    compareValidators(before, after, (effect, what) => this.#report(effect, what, direction, where));
    this.#compareAdditional(before, after, direction, where);
    const older = schemas(before);
    const newer = schemas(after);
    for (const [keyword, newSchema] of newer) {
      const oldSchema = older.get(keyword);
      const place = `${where} (${keyword})`;
      const inner = NEGATING.has(keyword) ? 'either' : direction;
      if (oldSchema === undefined) this.#report('narrowed', 'is new', direction, place);
      else this.compare(oldSchema, newSchema, inner, place);
    }
    for (const keyword of older.keys()) {
      if (!newer.has(keyword)) this.#report('widened', 'is gone', direction, `${where} (${keyword})`);
    }
  }

  /** Without `additionalProperties`, additional properties may be anything. */
  #compareAdditional(
    before: readonly Validator[],
    after: readonly Validator[],
    direction: Direction,
    where: string,
  ): void {
    const older = schemas(before, true).get('additionalProperties') ?? anyType('');
    const newer = schemas(after, true).get('additionalProperties') ?? anyType('');
    if (isAny(older) && isAny(newer)) return;
    this.compare(older, newer, direction, `${where}.*`);
  }

  #report(effect: Effect, what: string, direction: Direction, where: string): void {
    this.found.push({ where, what, effect, direction });
  }
}

/** Types of custom assertions whose value is a schema, by keyword. */
function schemas(validators: readonly Validator[], additional = false): Map<string, GType> {
  const found = new Map<string, GType>();
  for (const validator of validators) {
    const { keyword, schema } = customAssertion(validator) ?? {};
    if (keyword === undefined || schema === undefined) continue;
    if ((keyword === 'additionalProperties') === additional) found.set(keyword, schema);
  }
  return found;
}
