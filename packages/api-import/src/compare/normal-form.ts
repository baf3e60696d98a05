import type { GType, Validator } from '@gati-framework/manifest-store';
import { isList } from '../document/json-object.js';
import { canonicalGType, canonicalJson } from '../gtypes/canonical-gtype.js';
import { customAssertion, isStub } from '../gtypes/gtype-shapes.js';
import { baseRef } from '../gtypes/refs.js';
import { type Alternative, ANYTHING, alternativeKey, isTrivial, nameOf, schemaOf } from './alternative.js';
import { splitValidators } from './split-validators.js';

/**
 * What types accept, however they are written: alternatives, each of which is a
 * conjunction of demands on one family of JSON values. References are resolved,
 * intersections multiplied out, and lists of values joined, so that `$ref`,
 * `allOf`, `oneOf` and `enum` that say the same come out the same. The types of
 * properties and items stay as they are written until they are compared themselves.
 */
export interface NormalForm {
  readonly alternatives: readonly Alternative[];
  /** Whether a value must match exactly one of the alternatives. */
  readonly exactlyOne: boolean;
  /** False when a part is not known, or too much to write out: the alternatives say too little then. */
  readonly complete: boolean;
}

/** More alternatives than anybody writes; a product of unions is not written out beyond it. */
const MAX_ALTERNATIVES = 256;

export type Lookup = (ref: string) => GType | undefined;

/** The normal form of what all of these types accept; of none of them, anything. */
export function normalForm(types: readonly GType[], lookup: Lookup): NormalForm {
  const form = new Normaliser(lookup).conjunction(types, NO_REFS);
  return { ...form, alternatives: joinValues(form.alternatives) };
}

const NO_REFS: ReadonlySet<string> = new Set();
const UNKNOWN: NormalForm = { alternatives: [], exactlyOne: false, complete: false };

class Normaliser {
  readonly #lookup: Lookup;

  constructor(lookup: Lookup) {
    this.#lookup = lookup;
  }

  conjunction(types: readonly GType[], visited: ReadonlySet<string>): NormalForm {
    let form: NormalForm = { alternatives: [ANYTHING], exactlyOne: false, complete: true };
    for (const type of types) {
      const next = this.#read(type, visited);
      const alternatives = product(form.alternatives, next.alternatives);
      if (alternatives === undefined) return UNKNOWN;
      form = {
        alternatives,
        exactlyOne: form.exactlyOne || next.exactlyOne,
        complete: form.complete && next.complete,
      };
    }
    return form;
  }

  #read(type: GType, visited: ReadonlySet<string>): NormalForm {
    if (isStub(type)) return this.#resolve(type, visited);
    if (type.kind === 'union') return this.#union(type, visited);
    if (type.kind !== 'intersection') return this.#plain(type);
    const members = this.conjunction(type.types ?? [], visited);
    return demand(members, type.validators ?? []);
  }

  #resolve(stub: GType, visited: ReadonlySet<string>): NormalForm {
    const target = this.#lookup(stub.ref);
    if (target === undefined || visited.has(stub.ref)) return UNKNOWN;
    const form = this.#read(target, new Set([...visited, stub.ref]));
    const [only] = form.alternatives;
    if (only === undefined || form.alternatives.length > 1) {
      const partOf = baseRef(stub.ref);
      return { ...form, alternatives: form.alternatives.map((alternative) => ({ ...alternative, partOf })) };
    }
    return { ...form, alternatives: [{ ...only, source: stub }] };
  }

  #union(type: GType, visited: ReadonlySet<string>): NormalForm {
    const members = (type.types ?? []).map((member) => this.#read(member, visited));
    const alternatives = members.flatMap((member) => member.alternatives);
    if (alternatives.length > MAX_ALTERNATIVES) return UNKNOWN;
    const { exactlyOne, others } = splitOneOf(type.validators ?? []);
    return demand({ alternatives, exactlyOne, complete: members.every((member) => member.complete) }, others);
  }

  #plain(type: GType): NormalForm {
    const family = type.kind === 'primitive' ? type.primitiveType : (type.kind as 'object' | 'array');
    const { fields, rest, validators } = splitValidators(type.validators ?? [], family);
    const alternative: Alternative = {
      source: type,
      family,
      fields: new Map([
        ...Object.entries(type.properties ?? {}).map(([name, inner]) => [name, [inner.type]] as const),
        ...fields,
      ]),
      required: new Set([
        ...(type.required ?? []),
        ...Object.entries(type.properties ?? {}).flatMap(([name, inner]) => (inner.optional ? [] : [name])),
      ]),
      rest: type.items === undefined ? rest : [type.items],
      validators,
    };
    return { alternatives: [alternative], exactlyOne: false, complete: true };
  }
}

function splitOneOf(validators: readonly Validator[]): { exactlyOne: boolean; others: Validator[] } {
  const others = validators.filter((validator) => customAssertion(validator)?.keyword !== 'oneOf');
  return { exactlyOne: others.length < validators.length, others };
}

/** The form whose alternatives demand these, too. */
function demand(form: NormalForm, all: readonly Validator[]): NormalForm {
  const { fields, rest, validators } = splitValidators(all, undefined);
  if (fields.size + rest.length + validators.length === 0) return form;
  const demanded: Alternative = { ...ANYTHING, fields, rest, validators };
  const alternatives = product(form.alternatives, [demanded]);
  return alternatives === undefined ? UNKNOWN : { ...form, alternatives };
}

function product(left: readonly Alternative[], right: readonly Alternative[]): Alternative[] | undefined {
  if (left.length * right.length > MAX_ALTERNATIVES) return undefined;
  return left.flatMap((a) => right.flatMap((b) => both(a, b) ?? []));
}

/** What satisfies both; `undefined` when nothing can. */
function both(a: Alternative, b: Alternative): Alternative | undefined {
  if (a === ANYTHING) return b;
  if (b === ANYTHING) return a;
  if (a.family !== undefined && b.family !== undefined && a.family !== b.family) return undefined;
  const family = a.family ?? b.family;
  if (isTrivial(b)) return inFamily(a, family);
  if (isTrivial(a)) return inFamily(b, family);
  const names = [nameOf(a), nameOf(b)].filter((name) => name !== undefined);
  const [basis] = names;
  const merged: Alternative = {
    source: undefined,
    ...(basis !== undefined && names.length === 1 ? { basis } : {}),
    family,
    fields: bothFields(a, b),
    required: new Set([...a.required, ...b.required]),
    rest: unique([...a.rest, ...b.rest]),
    validators: uniqueValidators([...a.validators, ...b.validators]),
  };
  return isEmpty(merged) ? undefined : merged;
}

function inFamily(alternative: Alternative, family: Alternative['family']): Alternative {
  return alternative.family === family ? alternative : { ...alternative, family, source: undefined };
}

/** A property that only one side describes is one of the others for the other side. */
function bothFields(a: Alternative, b: Alternative): Map<string, readonly GType[]> {
  const fields = new Map<string, readonly GType[]>();
  for (const name of new Set([...a.fields.keys(), ...b.fields.keys()])) {
    fields.set(name, unique([...(a.fields.get(name) ?? a.rest), ...(b.fields.get(name) ?? b.rest)]));
  }
  return fields;
}

function unique(types: readonly GType[]): GType[] {
  return types.length < 2
    ? [...types]
    : [...new Map(types.map((type) => [canonicalGType(type), type])).values()];
}

function uniqueValidators(validators: readonly Validator[]): Validator[] {
  const byText = new Map(validators.map((validator) => [canonicalJson(validator), validator]));
  return [...byText.values()];
}

/** Whether its lists of values leave none. */
function isEmpty(alternative: Alternative): boolean {
  const lists = alternative.validators
    .filter(({ type }) => type === 'enum')
    .map(({ value }): unknown => value);
  if (lists.length < 2 || !lists.every(isList)) return false;
  const [first = [], ...rest] = lists.map((list) => list.map(canonicalJson));
  return !first.some((value) => rest.every((other) => other.includes(value)));
}

/** Alternatives of one family that only list values become one list; the same alternative twice becomes one. */
function joinValues(alternatives: readonly Alternative[]): Alternative[] {
  if (alternatives.length < 2) return alternatives.map(withoutEveryBoolean);
  const joined = new Map<string, Alternative>();
  for (const alternative of alternatives) {
    const values = listedValues(alternative);
    const key = values === undefined ? alternativeKey(alternative) : `values of ${alternative.family}`;
    const known = joined.get(key);
    const more = known === undefined ? undefined : listedValues(known);
    if (values === undefined || more === undefined) joined.set(key, alternative);
    else joined.set(key, { ...alternative, source: undefined, validators: [listOf([...more, ...values])] });
  }
  return [...joined.values()].map(withoutEveryBoolean);
}

/** The values that an alternative lists, if that is all it says. */
function listedValues(alternative: Alternative): readonly unknown[] | undefined {
  const [only] = alternative.validators;
  if (only?.type !== 'enum' || alternative.validators.length > 1 || !isList(only.value)) return undefined;
  if (schemaOf(only) !== undefined || alternative.family === 'object' || alternative.family === 'array') {
    return undefined;
  }
  return only.value;
}

function listOf(values: readonly unknown[]): Validator {
  return { type: 'enum', value: [...new Map(values.map((value) => [canonicalJson(value), value])).values()] };
}

function withoutEveryBoolean(alternative: Alternative): Alternative {
  const all = alternative.family === 'boolean' && listedValues(alternative)?.length === 2;
  return all ? { ...alternative, validators: [] } : alternative;
}
