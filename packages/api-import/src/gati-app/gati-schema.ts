import { DocumentProblem } from '../document/document-problem.js';
import type { Findings } from '../document/findings.js';
import { expectArray, expectObject, expectString, type JsonObject, own } from '../document/json-object.js';
import { joinPlace } from '../document/place.js';
import { schemaValidators } from './gati-validators.js';

/** A type of the framework's own runtime schemas, which are not those that a manifest store holds, as JSON Schema. */
export type JsonSchema = JsonObject | boolean;

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  primitive: ['primitiveType'],
  literal: ['value'],
  object: ['properties', 'required', 'additionalProperties'],
  array: ['items', 'minItems', 'maxItems'],
  tuple: ['items'],
  union: ['types'],
  intersection: ['types'],
  enum: ['values'],
};

const COMMON_FIELDS: readonly string[] = ['kind', 'description', 'optional', 'nullable', 'validators'];

const PRIMITIVES: readonly string[] = ['string', 'number', 'boolean', 'null', 'undefined'];

/**
 * What the framework's validator accepts of a JSON value, as JSON Schema. There, `required` alone
 * decides which properties must be present: `optional` is about `undefined`, which JSON does not have.
 *
 * @param place Where the type stands in its document.
 */
export function gatiSchema(value: unknown, place: string, findings: Findings): JsonSchema {
  const type = expectObject(value, place, 'a schema');
  const kind = expectString(own(type, 'kind'), joinPlace(place, 'kind'), 'the kind of a schema');
  const fields = Object.hasOwn(FIELDS, kind) ? FIELDS[kind] : undefined;
  if (fields === undefined) throw unknownChoice(joinPlace(place, 'kind'), kind, Object.keys(FIELDS));
  for (const name of Object.keys(type)) {
    if (fields.includes(name) || COMMON_FIELDS.includes(name)) continue;
    findings.add(`schema.${name}`, 'annotation', joinPlace(place, name));
  }
  const schema = withValidators(ofKind(kind, type, place, findings), type, place, findings);
  const described = withDescription(schema, type, place);
  return own(type, 'nullable') === true ? { anyOf: [described, { type: 'null' }] } : described;
}

function ofKind(kind: string, type: JsonObject, place: string, findings: Findings): JsonSchema {
  switch (kind) {
    case 'primitive':
      return ofPrimitive(type, place);
    case 'literal':
      return { const: expectScalar(own(type, 'value'), joinPlace(place, 'value')) };
    case 'enum':
      return { enum: listOf(type, 'values', place, expectScalar) };
    case 'object':
      return ofObject(type, place, findings);
    case 'array':
      return {
        type: 'array',
        items: gatiSchema(own(type, 'items'), joinPlace(place, 'items'), findings),
        ...limits(type, place),
      };
    case 'tuple': {
      const items = schemas(type, 'items', place, findings);
      return { type: 'array', prefixItems: items, minItems: items.length, maxItems: items.length };
    }
    case 'union': {
      const anyOf = schemas(type, 'types', place, findings);
      return anyOf.length > 0 && { anyOf };
    }
    default: {
      const allOf = schemas(type, 'types', place, findings);
      return allOf.length === 0 || { allOf };
    }
  }
}

function ofPrimitive(type: JsonObject, place: string): JsonSchema {
  const at = joinPlace(place, 'primitiveType');
  const name = expectString(own(type, 'primitiveType'), at, 'a primitive type');
  if (!PRIMITIVES.includes(name)) throw unknownChoice(at, name, PRIMITIVES);
  return name !== 'undefined' && { type: name };
}

function ofObject(type: JsonObject, place: string, findings: Findings): JsonSchema {
  const at = joinPlace(place, 'properties');
  const declared = expectObject(own(type, 'properties'), at, 'the properties of an object');
  const properties = Object.entries(declared).map(([name, inner]) => [
    name,
    gatiSchema(inner, joinPlace(at, name), findings),
  ]);
  const required = own(type, 'required') === undefined ? [] : listOf(type, 'required', place, expectName);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length === 0 ? {} : { required }),
    ...additionalProperties(type, place, findings),
  };
}

function additionalProperties(type: JsonObject, place: string, findings: Findings): JsonObject {
  const value = own(type, 'additionalProperties');
  if (value === undefined) return {};
  if (typeof value === 'boolean') return { additionalProperties: value };
  return { additionalProperties: gatiSchema(value, joinPlace(place, 'additionalProperties'), findings) };
}

function limits(type: JsonObject, place: string): JsonObject {
  const found = ['minItems', 'maxItems'].flatMap((name) => {
    const limit = own(type, name);
    if (limit === undefined) return [];
    if (typeof limit === 'number' && Number.isSafeInteger(limit) && limit >= 0) return [[name, limit]];
    throw new DocumentProblem(
      joinPlace(place, name),
      `${name} must be a non-negative integer`,
      'Correct it, and generate the bundle again.',
    );
  });
  return Object.fromEntries(found);
}

function withValidators(schema: JsonSchema, type: JsonObject, place: string, findings: Findings): JsonSchema {
  const list = own(type, 'validators');
  if (list === undefined) return schema;
  const at = joinPlace(place, 'validators');
  const family = typeof schema === 'boolean' ? undefined : schema.type;
  const more = schemaValidators(expectArray(list, at, 'validators'), family, at, findings);
  return typeof schema === 'boolean' ? schema : { ...schema, ...more };
}

function withDescription(schema: JsonSchema, type: JsonObject, place: string): JsonSchema {
  const description = own(type, 'description');
  if (description === undefined || typeof schema === 'boolean') return schema;
  return {
    ...schema,
    description: expectString(description, joinPlace(place, 'description'), 'a description'),
  };
}

function schemas(type: JsonObject, name: string, place: string, findings: Findings): JsonSchema[] {
  return listOf(type, name, place, (item, at) => gatiSchema(item, at, findings));
}

function listOf<T>(
  type: JsonObject,
  name: string,
  place: string,
  read: (item: unknown, place: string) => T,
): T[] {
  const at = joinPlace(place, name);
  return expectArray(own(type, name), at, name).map((item, i) => read(item, joinPlace(at, i)));
}

function expectName(value: unknown, place: string): string {
  return expectString(value, place, 'the name of a required property');
}

function expectScalar(value: unknown, place: string): string | number | boolean | null {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string' || typeof value === 'number') return value;
  throw new DocumentProblem(
    place,
    'a value must be text, a number, true, false or null',
    'Correct it, and generate the bundle again.',
  );
}

function unknownChoice(place: string, name: string, choices: readonly string[]): DocumentProblem {
  return new DocumentProblem(
    place,
    `${JSON.stringify(name)} is not known`,
    `Use one of ${choices.join(', ')}.`,
  );
}
