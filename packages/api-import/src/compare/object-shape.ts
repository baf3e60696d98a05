import type { GType, GTypeProperty, Validator } from '@gati-framework/manifest-store';
import { isStub } from '../gtypes/gtype-shapes.js';

/** An object type with all that its intersections contribute. */
export interface ObjectShape {
  readonly properties: ReadonlyMap<string, GTypeProperty>;
  readonly required: ReadonlySet<string>;
  readonly validators: readonly Validator[];
}

/** An object type, or an intersection of nothing but object types, as one; otherwise `undefined`. */
export function objectShape(
  type: GType,
  lookup: (ref: string) => GType | undefined,
  visited: ReadonlySet<string> = new Set(),
): ObjectShape | undefined {
  if (isStub(type)) {
    const target = lookup(type.ref);
    if (target === undefined || isStub(target) || visited.has(type.ref)) return undefined;
    return objectShape(target, lookup, new Set([...visited, type.ref]));
  }
  if (type.kind === 'object') {
    const properties = new Map(Object.entries(type.properties ?? {}));
    return { properties, required: new Set(type.required), validators: type.validators ?? [] };
  }
  if (type.kind !== 'intersection' || !type.types?.length) return undefined;
  const shapes: ObjectShape[] = [];
  for (const member of type.types) {
    const shape = objectShape(member, lookup, visited);
    if (shape === undefined) return undefined;
    shapes.push(shape);
  }
  return merge(shapes, type);
}

function merge(shapes: readonly ObjectShape[], type: GType): ObjectShape {
  const properties = new Map<string, GTypeProperty>();
  for (const shape of shapes) {
    for (const [name, property] of shape.properties) {
      const known = properties.get(name);
      properties.set(name, known === undefined ? property : mergeProperty(known, property));
    }
  }
  const required = new Set(shapes.flatMap((shape) => [...shape.required]));
  const validators = [...shapes.flatMap((shape) => shape.validators), ...(type.validators ?? [])];
  return { properties, required, validators };
}

function mergeProperty(a: GTypeProperty, b: GTypeProperty): GTypeProperty {
  return {
    type: { ref: a.type.ref, kind: 'intersection', types: [a.type, b.type] },
    optional: a.optional && b.optional,
  };
}
