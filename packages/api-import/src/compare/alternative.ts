import type { GType, Validator } from '@gati-framework/manifest-store';
import { isList } from '../document/json-object.js';
import { canonicalGType, canonicalJson } from '../gtypes/canonical-gtype.js';
import { customAssertion, isStub } from '../gtypes/gtype-shapes.js';
import { baseRef } from '../gtypes/refs.js';

/** The kinds of JSON value that types tell apart. */
export type Family = 'object' | 'array' | NonNullable<GType['primitiveType']>;

/** Demands on one family of values. Lists of types are conjunctions; an empty one demands nothing. */
export interface Alternative {
  /** The type that says exactly this, if there is one. */
  readonly source: GType | undefined;
  /** The one named type that it demands, where it demands more: a member of a union that says something itself. */
  readonly basis?: string;
  /** The named type that it is one of the alternatives of, for those who read reports. */
  readonly partOf?: string;
  /** `undefined`: values of every family. */
  readonly family: Family | undefined;
  /** Properties of an object; items of an array that have a place of their own, by index. */
  readonly fields: ReadonlyMap<string, readonly GType[]>;
  readonly required: ReadonlySet<string>;
  /** What all other properties or items must be. */
  readonly rest: readonly GType[];
  /** Everything else that is demanded. */
  readonly validators: readonly Validator[];
}

export const ANYTHING: Alternative = {
  source: undefined,
  family: undefined,
  fields: new Map(),
  required: new Set(),
  rest: [],
  validators: [],
};

/** Whether it demands nothing beyond its family. */
export function isTrivial({ fields, required, rest, validators }: Alternative): boolean {
  return fields.size + required.size + rest.length + validators.length === 0;
}

export function isAnything(alternative: Alternative): boolean {
  return alternative.family === undefined && isTrivial(alternative);
}

/** The name under which it is stored, or what it is made of is, without a version. */
export function nameOf({ source, basis }: Alternative): string | undefined {
  return source !== undefined && isStub(source) ? baseRef(source.ref) : basis;
}

const keys = new WeakMap<Alternative, string>();

/** Text that two alternatives share when they demand the same in the same words; names count as what they refer to. */
export function alternativeKey(alternative: Alternative): string {
  let key = keys.get(alternative);
  if (key === undefined) {
    const { family, fields, required, rest, validators } = alternative;
    const types = (list: readonly GType[]): string => list.map(canonicalGType).sort().join('&');
    const parts = [
      family ?? '*',
      Array.from(fields, ([name, list]) => `${JSON.stringify(name)}:${types(list)}`)
        .sort()
        .join(),
      JSON.stringify([...required].sort()),
      types(rest),
      validators.map(validatorKey).sort().join(),
    ];
    key = parts.join('\n');
    keys.set(alternative, key);
  }
  return key;
}

function validatorKey(validator: Validator): string {
  const assertion = customAssertion(validator);
  if (assertion?.schema !== undefined) return `${assertion.keyword}=${canonicalGType(assertion.schema)}`;
  if (validator.type === 'enum' && isList(validator.value)) {
    return `enum=${validator.value.map(canonicalJson).sort().join()}`;
  }
  return `${validator.type}=${canonicalJson(validator.value)}`;
}

/** The schema in a custom assertion. */
export function schemaOf(validator: Validator): GType | undefined {
  return customAssertion(validator)?.schema;
}
