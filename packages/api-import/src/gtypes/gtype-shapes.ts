import type { GType, GTypeProperty, Validator } from '@gati-framework/manifest-store';

/** Ref of the stored type that accepts any value. */
export const ANY_REF = '#any';
/** Ref of the stored type that accepts no value: there is no body. */
export const NONE_REF = '#none';

/** Accepts every value: an intersection that demands nothing. */
export function anyType(ref: string): GType {
  return { ref, kind: 'intersection', types: [] };
}

/** Accepts no value: a union that offers nothing. */
export function noneType(ref: string): GType {
  return { ref, kind: 'union', types: [] };
}

export function isAny(type: GType): boolean {
  return type.kind === 'intersection' && type.types?.length === 0 && !type.validators?.length;
}

/**
 * Whether a GType stands for the one that is stored under its ref. Every other
 * GType of an import carries `properties`, `items`, `types` or `primitiveType`,
 * be it an empty one.
 */
export function isStub(type: GType): boolean {
  return (
    type.properties === undefined &&
    type.items === undefined &&
    type.types === undefined &&
    type.primitiveType === undefined
  );
}

/** An assertion that a GType has no place for, kept so that versions can be compared. */
export interface CustomAssertion {
  readonly keyword: string;
  /** Its value as the document gives it, unless the value is a schema. */
  readonly value?: unknown;
  /** Its value, if that is a schema; for keywords that hold several, an object type with one property each. */
  readonly schema?: GType;
}

export function custom(assertion: CustomAssertion): Validator {
  return { type: 'custom', value: assertion };
}

/** The assertion in a validator that an import wrote, or `undefined`. */
export function customAssertion(validator: Validator): CustomAssertion | undefined {
  const value = validator.value as Partial<CustomAssertion> | null | undefined;
  if (validator.type !== 'custom' || typeof value?.keyword !== 'string') return undefined;
  return value as CustomAssertion;
}

/** The value of the custom assertion `keyword` of a type. */
export function customValue(type: GType, keyword: string): unknown {
  return type.validators?.map(customAssertion).find((found) => found?.keyword === keyword)?.value;
}

/** The type with more validators; a stub cannot carry them itself, so it is wrapped in a type called `ref`. */
export function withValidators(type: GType, validators: readonly Validator[], ref: string): GType {
  if (validators.length === 0) return type;
  if (isStub(type)) return { ref, kind: 'intersection', types: [type], validators: [...validators] };
  return { ...type, validators: [...(type.validators ?? []), ...validators] };
}

/** A property of an object type; what its type has to say about itself becomes the property's description. */
export function property(type: GType, optional: boolean): GTypeProperty {
  const { description, ...rest } = type;
  return description === undefined ? { type: rest, optional } : { type: rest, optional, description };
}

/** The type or null, as a type called `ref`. */
export function orNull(type: GType, ref: string): GType {
  const nothing: GType = { ref: `${ref}|null`, kind: 'primitive', primitiveType: 'null' };
  if (isAny(type)) return type;
  if (type.kind === 'union' && !isStub(type) && !type.validators?.length) {
    return { ...type, types: [...(type.types as GType[]), nothing] };
  }
  const { description, ...rest } = type;
  const inner = isStub(type) ? rest : { ...rest, ref: `${ref}|value` };
  return withDescription({ ref, kind: 'union', types: [inner, nothing] }, description);
}

export function withDescription(type: GType, description: string | undefined): GType {
  return description === undefined ? type : { ...type, description };
}
