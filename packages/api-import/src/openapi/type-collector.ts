import type { GType } from '@gati-framework/manifest-store';
import { DocumentProblem } from '../document/document-problem.js';
import { isObject, nameOfType } from '../document/json-object.js';
import { ANY_REF, anyType, isStub, NONE_REF, noneType } from '../gtypes/gtype-shapes.js';
import { mapInner } from '../gtypes/map-gtype.js';
import { escapeRefName } from '../gtypes/refs.js';
import type { References } from './references.js';
import type { SchemaNames } from './schema-names.js';
import { type SchemaContext, schemaToGType } from './schema-to-gtype.js';

/** Gathers the GTypes of a document, each read once, however often and however circularly it is referred to. */
export class TypeCollector {
  readonly #references: References;
  readonly #names: SchemaNames;
  readonly #context: SchemaContext;
  readonly #types = new Map<string, GType>();
  /** Where the schema behind each ref stands. */
  readonly #places = new Map<string, string>();
  readonly #unread: { ref: string; schema: unknown; place: string }[] = [];

  constructor(references: References, names: SchemaNames, context: Omit<SchemaContext, 'stubFor'>) {
    this.#references = references;
    this.#names = names;
    this.#context = { ...context, stubFor: (reference, place) => this.#stubFor(reference, place) };
  }

  /** Registers a schema that has a name. */
  addSchema(name: string, schema: unknown, place: string): void {
    const behind = this.#names.behind({ value: schema, place });
    this.#enqueue(escapeRefName(name), behind.value, behind.place);
    this.#readQueued();
  }

  /** A schema as a GType that is not stored by itself. */
  convert(schema: unknown, place: string, ref: string): GType {
    const type = schemaToGType(this.#context, schema, place, ref);
    this.#readQueued();
    return type;
  }

  /** Adds a type to be stored, and gives its ref. */
  add(type: GType): string {
    this.#types.set(type.ref, type);
    return type.ref;
  }

  any(): string {
    return this.add(anyType(ANY_REF));
  }

  none(): string {
    return this.add(noneType(NONE_REF));
  }

  /** Every type, with the kind of the type that it stands for in each stub. */
  finish(): Map<string, GType> {
    const complete = (type: GType): GType => {
      if (!isStub(type)) return mapInner(type, complete);
      const { kind } = this.#types.get(type.ref) as GType;
      return kind === type.kind ? type : { ...type, kind };
    };
    return new Map(Array.from(this.#types, ([ref, type]) => [ref, complete(type)]));
  }

  #stubFor(reference: unknown, place: string): GType {
    const target = this.#names.behind(this.#references.target(reference, place));
    if (!isObject(target.value) && typeof target.value !== 'boolean') {
      throw new DocumentProblem(
        place,
        `"${String(reference)}" refers to ${nameOfType(target.value)} where a schema is needed`,
        'Correct the reference.',
      );
    }
    const [root, section] = target.path;
    if (target.path.length === 3 && root === 'components' && section !== 'schemas') {
      throw new DocumentProblem(
        place,
        `"${String(reference)}" refers to one of the ${section} where a schema is needed`,
        'Refer to a schema, such as one under components.schemas.',
      );
    }
    const ref = escapeRefName(this.#names.nameOf(target));
    this.#enqueue(ref, target.value, target.place);
    return { ref, kind: 'object' };
  }

  #enqueue(ref: string, schema: unknown, place: string): void {
    const known = this.#places.get(ref);
    if (known === place) return;
    if (known !== undefined) {
      throw new DocumentProblem(place, `it would be stored under the same name as ${known}`, 'Rename it.');
    }
    this.#places.set(ref, place);
    this.#unread.push({ ref, schema, place });
  }

  /** Schemas found on the way wait in a queue, so that a long chain of references does not exhaust the stack. */
  #readQueued(): void {
    for (let next = this.#unread.pop(); next !== undefined; next = this.#unread.pop()) {
      const { ref, schema, place } = next;
      const type = schemaToGType(this.#context, schema, place, ref);
      if (isStub(type)) this.#assertNotCircular(schema, place);
      this.#types.set(ref, asNamed(type, ref));
    }
  }

  /** A schema that is nothing but a `$ref` to itself, perhaps through others, describes no value. */
  #assertNotCircular(schema: unknown, place: string): void {
    this.#references.follow(schema, place);
  }
}

/** A type that is to be stored under `ref`: what would be taken for a stub is wrapped. */
function asNamed(type: GType, ref: string): GType {
  if (!isStub(type)) return { ...type, ref };
  const { description, ...stub } = type;
  const alias: GType = { ref, kind: 'intersection', types: [stub] };
  return description === undefined ? alias : { ...alias, description };
}
