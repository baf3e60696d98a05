import type { GType, GTypeProperty, Validator } from '@gati-framework/manifest-store';
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

/** A type with each type directly inside it replaced: itself where none is, as most are not, or else a copy. */
export function mapInner(type: GType, map: (inner: GType) => GType): GType {
  const properties = type.properties && mapProperties(type.properties, map);
  const items = type.items && map(type.items);
  const types = type.types && mapList(type.types, map);
  const validators = type.validators && mapList(type.validators, (validator) => mapValidator(validator, map));
  const isSame =
    properties === type.properties &&
    items === type.items &&
    types === type.types &&
    validators === type.validators;
  if (isSame) return type;
  return {
    ...type,
    ...(properties && { properties }),
    ...(items && { items }),
    ...(types && { types }),
    ...(validators && { validators }),
  };
}

function mapProperties(
  properties: Record<string, GTypeProperty>,
  map: (inner: GType) => GType,
): Record<string, GTypeProperty> {
  const changed: Record<string, GTypeProperty> = {};
  for (const name of Object.keys(properties)) {
    const property = properties[name] as GTypeProperty;
    const type = map(property.type);
    if (type !== property.type) changed[name] = { ...property, type };
  }
  return Object.keys(changed).length === 0 ? properties : { ...properties, ...changed };
}

function mapList<T>(list: T[], map: (item: T) => T): T[] {
  const mapped = list.map(map);
  return mapped.some((item, i) => item !== list[i]) ? mapped : list;
}

function mapValidator(validator: Validator, map: (inner: GType) => GType): Validator {
  const assertion = customAssertion(validator);
  if (assertion?.schema === undefined) return validator;
  const schema = map(assertion.schema);
  return schema === assertion.schema ? validator : { ...validator, value: { ...assertion, schema } };
}

/** A type in which every stub has the ref that `refOf` gives it. */
export function renameStubs(type: GType, refOf: (ref: string) => string): GType {
  if (!isStub(type)) return mapInner(type, (inner) => renameStubs(inner, refOf));
  const ref = refOf(type.ref);
  return ref === type.ref ? type : { ...type, ref };
}
