import { isObject, type JsonObject, own } from '../document/json-object.js';
import type { References } from './references.js';

/** The `$ref`s of the schemas that a discriminator tells apart, by their name, where no `oneOf` or `anyOf` lists them. */
export type Subtypes = (schema: JsonObject) => ReadonlyMap<string, string>;

const SCHEMAS = '#/components/schemas/';

/**
 * Which schemas are subtypes of which: those that its `mapping` names, and those
 * that name it in their `allOf`. A mapping may lead nowhere: tools write names of classes into it.
 */
export function findSubtypes(document: JsonObject, references: References): Subtypes {
  const children = childrenByParent(document);
  return (schema) => {
    const discriminator = own(schema, 'discriminator');
    if (!isObject(discriminator) || Object.hasOwn(schema, 'oneOf') || Object.hasOwn(schema, 'anyOf')) {
      return new Map();
    }
    const mapping = own(discriminator, 'mapping');
    const mapped = isObject(mapping) ? Object.values(mapping).map(asReference) : [];
    const named = [...(children.get(schema) ?? []), ...mapped].filter((reference) =>
      leadsTo(references, reference),
    );
    return new Map(named.map((reference) => [reference.slice(SCHEMAS.length), reference]));
  };
}

function childrenByParent(document: JsonObject): Map<unknown, string[]> {
  const schemas = schemasOf(document);
  const children = new Map<unknown, string[]>();
  for (const [name, schema] of Object.entries(schemas)) {
    const allOf = isObject(schema) ? own(schema, 'allOf') : undefined;
    for (const member of Array.isArray(allOf) ? (allOf as unknown[]) : []) {
      const reference = isObject(member) ? own(member, '$ref') : undefined;
      if (typeof reference !== 'string' || !reference.startsWith(SCHEMAS)) continue;
      const parent = own(schemas, reference.slice(SCHEMAS.length));
      children.set(parent, [...(children.get(parent) ?? []), `${SCHEMAS}${escapePointer(name)}`]);
    }
  }
  return children;
}

function schemasOf(document: JsonObject): JsonObject {
  const components = own(document, 'components');
  const schemas = isObject(components) ? own(components, 'schemas') : undefined;
  return isObject(schemas) ? schemas : {};
}

function asReference(value: unknown): string {
  const text = String(value);
  return text.includes('/') || text.includes('#') ? text : `${SCHEMAS}${escapePointer(text)}`;
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('%', '%25');
}

function leadsTo(references: References, reference: string): boolean {
  if (!reference.startsWith(SCHEMAS)) return false;
  try {
    return isObject(references.target(reference, '').value);
  } catch {
    return false;
  }
}
