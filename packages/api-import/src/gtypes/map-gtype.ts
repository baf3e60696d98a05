import type { GType, Validator } from '@gati-framework/manifest-store';
import { customAssertion, isStub } from './gtype-shapes.js';

/** The types directly inside a type, also those inside its custom assertions. */
export function* innerTypes(type: GType): IterableIterator<GType> {
  for (const { type: inner } of Object.values(type.properties ?? {})) yield inner;
  if (type.items !== undefined) yield type.items;
  yield* type.types ?? [];
  for (const validator of type.validators ?? []) {
    const schema = customAssertion(validator)?.schema;
    if (schema !== undefined) yield schema;
  }
}

/** The refs of the stubs anywhere inside a type. */
export function stubRefs(type: GType, found: Set<string> = new Set()): Set<string> {
  if (isStub(type)) found.add(type.ref);
  for (const inner of innerTypes(type)) stubRefs(inner, found);
  return found;
}

/** A copy of a type with each type directly inside it replaced. */
export function mapInner(type: GType, map: (inner: GType) => GType): GType {
  const copy: GType = { ...type };
  if (type.properties !== undefined) {
    copy.properties = {};
    for (const [name, property] of Object.entries(type.properties)) {
      copy.properties[name] = { ...property, type: map(property.type) };
    }
  }
  if (type.items !== undefined) copy.items = map(type.items);
  if (type.types !== undefined) copy.types = type.types.map(map);
  if (type.validators !== undefined) {
    copy.validators = type.validators.map((validator) => mapValidator(validator, map));
  }
  return copy;
}

function mapValidator(validator: Validator, map: (inner: GType) => GType): Validator {
  const assertion = customAssertion(validator);
  if (assertion?.schema === undefined) return validator;
  return { ...validator, value: { ...assertion, schema: map(assertion.schema) } };
}

/** A copy of a type in which every stub has the ref that `refOf` gives it. */
export function renameStubs(type: GType, refOf: (ref: string) => string): GType {
  if (isStub(type)) return { ...type, ref: refOf(type.ref) };
  return mapInner(type, (inner) => renameStubs(inner, refOf));
}
