import { isList, isObject, type JsonObject, own } from '../document/json-object.js';
import { fileOfPlace, joinPlace, rootOfFile } from '../document/place.js';
import type { Located, References, Target } from './references.js';
import type { SchemaNames } from './schema-names.js';

/** A `$ref`, and the place that it is relative to. */
export interface SubtypeReference {
  readonly reference: string;
  readonly place: string;
}

/** The schemas that a discriminator tells apart, by their name, where no `oneOf` or `anyOf` lists them. */
export type Subtypes = (schema: JsonObject, place: string) => ReadonlyMap<string, SubtypeReference>;

const SCHEMAS = '#/components/schemas/';

/**
 * Which schemas are subtypes of which: those that its `mapping` names, and those
 * of the document, and of the file of the schema, that name it in their `allOf`. A
 * mapping may lead nowhere: tools write names of classes into it.
 */
export function findSubtypes(
  contentOf: (file: string) => unknown,
  references: References,
  names: SchemaNames,
): Subtypes {
  const children = new Map<string, Children>();
  const childrenIn = (file: string): Children => {
    const known = children.get(file) ?? childrenByParent(contentOf(file), rootOfFile(file), references);
    children.set(file, known);
    return known;
  };
  return (schema, place) => {
    const discriminator = own(schema, 'discriminator');
    if (!isObject(discriminator) || Object.hasOwn(schema, 'oneOf') || Object.hasOwn(schema, 'anyOf')) {
      return new Map();
    }
    const mapping = own(discriminator, 'mapping');
    const mapped = isObject(mapping) ? Object.values(mapping).map((value) => asReference(value, place)) : [];
    const files = new Set(['', fileOfPlace(place)]);
    const named = [...files].flatMap((file) => childrenIn(file).get(schema) ?? []);
    return byName([...named, ...mapped], references, names);
  };
}

type Children = ReadonlyMap<unknown, readonly SubtypeReference[]>;

function childrenByParent(document: unknown, root: string, references: References): Children {
  const children = new Map<unknown, SubtypeReference[]>();
  for (const [name, value] of Object.entries(schemasOf(document))) {
    const child = { reference: `${SCHEMAS}${escapePointer(name)}`, place: root };
    const schema = tryFollow(references, value, joinPlace(joinPlace(root, 'components.schemas'), name));
    const allOf = isObject(schema.value) ? own(schema.value, 'allOf') : undefined;
    for (const member of isList(allOf) ? allOf : []) {
      const reference = isObject(member) ? own(member, '$ref') : undefined;
      const parent = tryTarget(references, { reference: String(reference), place: schema.place });
      if (parent !== undefined) children.set(parent.value, [...(children.get(parent.value) ?? []), child]);
    }
  }
  return children;
}

function schemasOf(document: unknown): JsonObject {
  const components = isObject(document) ? own(document, 'components') : undefined;
  const schemas = isObject(components) ? own(components, 'schemas') : undefined;
  return isObject(schemas) ? schemas : {};
}

function asReference(value: unknown, place: string): SubtypeReference {
  const text = String(value);
  const reference = /[/#]|\.(?:ya?ml|json)$/i.test(text) ? text : `${SCHEMAS}${escapePointer(text)}`;
  return { reference, place };
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('%', '%25');
}

function byName(
  found: readonly SubtypeReference[],
  references: References,
  names: SchemaNames,
): Map<string, SubtypeReference> {
  const subtypes = new Map<string, SubtypeReference>();
  for (const subtype of found) {
    const target = tryTarget(references, subtype);
    if (target === undefined || !isObject(target.value)) continue;
    const isSchema = target.path[0] === 'components' && target.path[1] === 'schemas';
    if (isSchema || target.file !== '') subtypes.set(names.nameOf(names.behind(target)), subtype);
  }
  return subtypes;
}

function tryTarget(references: References, { reference, place }: SubtypeReference): Target | undefined {
  try {
    return references.target(reference, place);
  } catch {
    return undefined;
  }
}

function tryFollow(references: References, value: unknown, place: string): Located {
  try {
    return references.follow(value, place);
  } catch {
    return { value: undefined, place };
  }
}
