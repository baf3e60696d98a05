import type { GType } from '@gati-framework/manifest-store';
import { copyOf, fieldOf, type Names, OBJECT_BYTES, textBytes } from './names.js';

/** What is known of a stored type. */
export interface TypeFacts {
  readonly ref: string;
  /** The stored types that it names itself. */
  readonly children: readonly string[];
  /** Its fields, also of types inside it, a line each; `undefined` where there was no room for them. */
  readonly fields: string | undefined;
  /** Estimated. */
  readonly bytes: number;
}

/** Characters of the names of fields that are kept of a type. */
const MAX_FIELDS = 65_536;

export function typeFacts(type: GType, names: Names, withFields: boolean): TypeFacts {
  const children = new Set<string>();
  const fields = new Set<string>();
  let left = withFields ? MAX_FIELDS : 0;
  for (const part of partsOf(type)) {
    const ref = fieldOf(part, 'ref');
    if (part !== type && isReference(part) && typeof ref === 'string') children.add(names.keep(ref));
    for (const name of Object.keys(objectOf(fieldOf(part, 'properties')))) {
      if (name.length >= left || fields.has(name)) continue;
      fields.add(name);
      left -= name.length + 1;
    }
  }
  const text = withFields ? copyOf([...fields].join('\n')) : undefined;
  const ref = names.keep(type.ref);
  const bytes = 2 * OBJECT_BYTES + textBytes(ref) + 16 * children.size + textBytes(text ?? '');
  return { ref, children: [...children], fields: text, bytes };
}

/** The same without the names of its fields. */
export function withoutFields(facts: TypeFacts): TypeFacts {
  if (facts.fields === undefined) return facts;
  return { ...facts, fields: undefined, bytes: facts.bytes - 2 * facts.fields.length };
}

/** A type and all that stand inside it. */
function* partsOf(type: unknown): Generator<unknown> {
  const waiting: unknown[] = [type];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    yield part;
    waiting.push(...partsInside(part));
  }
}

/** Types directly inside a type, also those inside what an import wrote down as an assertion of its own. */
function partsInside(part: unknown): unknown[] {
  return [
    ...Object.values(objectOf(fieldOf(part, 'properties'))).map((property) => fieldOf(property, 'type')),
    fieldOf(part, 'items'),
    ...listOf(fieldOf(part, 'types')),
    ...listOf(fieldOf(part, 'validators')).map((one) => fieldOf(fieldOf(one, 'value'), 'schema')),
  ].filter((one) => typeof one === 'object' && one !== null);
}

/** A type that says nothing of itself stands for the one that is stored under its ref. */
function isReference(part: unknown): boolean {
  return ['properties', 'items', 'types', 'primitiveType'].every((name) => fieldOf(part, name) === undefined);
}

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
