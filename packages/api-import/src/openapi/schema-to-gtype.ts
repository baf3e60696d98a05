import type { GType, GTypeProperty, Validator } from '@gati-framework/manifest-store';
import { DocumentProblem } from '../document/document-problem.js';
import type { Findings } from '../document/findings.js';
import { expectArray, expectObject, isBlank, type JsonObject, own } from '../document/json-object.js';
import { joinPlace } from '../document/place.js';
import {
  anyType,
  custom,
  isAny,
  noneType,
  orNull,
  property,
  withDescription,
  withValidators,
} from '../gtypes/gtype-shapes.js';
import { assertShallow, MAX_SCHEMA_DEPTH } from './assert-shallow.js';
import {
  familyOf,
  readDescription,
  readLimits,
  readPattern,
  readRequired,
  readTypes,
} from './schema-facets.js';
import { type Family, keyword, OPEN_WHEN_TRUE, saysNothing } from './schema-keywords.js';
import { readDeclaredValues } from './schema-values.js';
import type { Subtypes } from './subtypes.js';

export interface SchemaContext {
  /** `3.0` has `nullable` and ignores what stands beside a `$ref`. */
  readonly dialect: '3.0' | '3.1';
  readonly findings: Findings;
  readonly subtypes: Subtypes;
  /** A stub for the schema that a `$ref` points at. */
  stubFor(reference: unknown, place: string): GType;
}

/**
 * A schema as a GType.
 *
 * @param ref What the GType is called; types inside are called `ref.property`, `ref[]`, ...
 */
export function schemaToGType(context: SchemaContext, schema: unknown, place: string, ref: string): GType {
  return new SchemaReader(context).read(schema, place, ref, 0);
}

class SchemaReader {
  readonly #context: SchemaContext;

  constructor(context: SchemaContext) {
    this.#context = context;
  }

  read(schema: unknown, place: string, ref: string, depth: number): GType {
    if (schema === true) return anyType(ref);
    if (schema === false) return noneType(ref);
    const object = expectObject(schema, place, 'a schema');
    if (depth > MAX_SCHEMA_DEPTH) {
      throw new DocumentProblem(
        place,
        `schemas are nested more than ${MAX_SCHEMA_DEPTH} levels deep`,
        'Give inner schemas a name under components.schemas.',
      );
    }
    if (Object.hasOwn(object, '$ref')) return this.#readReference(object, place, ref, depth);
    return this.#readSchema(object, place, ref, depth);
  }

  #readReference(schema: JsonObject, place: string, ref: string, depth: number): GType {
    const { $ref, ...rest } = schema;
    const stub = this.#context.stubFor($ref, joinPlace(place, '$ref'));
    if (this.#context.dialect === '3.0') {
      for (const name of Object.keys(rest)) {
        if (name === 'description') continue;
        this.#context.findings.add(`${name} beside $ref`, 'annotation', joinPlace(place, name));
      }
      return withDescription(stub, readDescription(schema, place));
    }
    const beside = this.#readSchema(rest, place, ref, depth);
    if (isAny(beside)) return withDescription(stub, beside.description);
    return withDescription({ ref, kind: 'intersection', types: [stub, beside] }, beside.description);
  }

  #readSchema(schema: JsonObject, place: string, ref: string, depth: number): GType {
    const { findings } = this.#context;
    for (const name of Object.keys(schema)) {
      if (keyword(name).treatment === 'annotation') findings.add(name, 'annotation', joinPlace(place, name));
    }
    const base = this.#readOwnValues(schema, place, ref, depth);
    const parts = [
      ...(base === undefined ? [] : [base.type]),
      ...this.#readList(schema, 'allOf', place, ref, depth),
      ...this.#readAlternatives(schema, 'anyOf', place, ref, depth),
      ...this.#readAlternatives(schema, 'oneOf', place, ref, depth),
    ].filter((part) => !isAny(part));
    const [first] = parts;
    let type: GType;
    if (first === undefined) type = anyType(ref);
    else if (parts.length === 1) type = first;
    else type = { ref, kind: 'intersection', types: parts };
    if (this.#isNullable(schema, place) && base?.families.has('null') !== true) type = orNull(type, ref);
    const assertions = this.#readAssertions(schema, undefined, place, ref, depth);
    type = withValidators(type, [...assertions, ...this.#readSubtypes(schema, place, ref)], ref);
    return withDescription(type, readDescription(schema, place) ?? type.description);
  }

  /** What the schema says of its values apart from `allOf`, `anyOf` and `oneOf`; `undefined` if nothing. */
  #readOwnValues(
    schema: JsonObject,
    place: string,
    ref: string,
    depth: number,
  ): { type: GType; families: Set<Family> } | undefined {
    const { findings } = this.#context;
    const types = readTypes(schema, place);
    const values = readDeclaredValues(schema, place, types?.families, findings);
    const families = types?.families ?? this.#impliedFamilies(schema, values, place);
    if (families.size === 0) return undefined;
    this.#countMisplaced(schema, families, place);
    const alternatives: GType[] = [];
    for (const family of families) {
      const allowed = values?.filter((value) => familyOf(value) === family);
      if (allowed?.length === 0) continue;
      const innerRef = families.size === 1 ? ref : `${ref}|${family}`;
      const validators: Validator[] = [
        ...readLimits(schema, place, family),
        ...(family === 'string' ? readPattern(schema, place) : []),
        ...(allowed === undefined || family === 'null'
          ? []
          : [{ type: 'enum' as const, value: assertShallow(allowed, place) }]),
        ...(family === 'number' && types?.integer ? [this.#integer(place)] : []),
        ...this.#readAssertions(schema, family, place, innerRef, depth),
      ];
      const type = this.#readFamily(schema, family, place, innerRef, depth);
      alternatives.push(withValidators(type, validators, innerRef));
    }
    const [only] = alternatives;
    if (only !== undefined && alternatives.length === 1) return { type: { ...only, ref }, families };
    return { type: { ref, kind: 'union', types: alternatives }, families };
  }

  #readFamily(schema: JsonObject, family: Family, place: string, ref: string, depth: number): GType {
    if (family === 'object') return this.#readObject(schema, place, ref, depth);
    if (family !== 'array') return { ref, kind: 'primitive', primitiveType: family };
    const items = own(schema, 'items') ?? true;
    return { ref, kind: 'array', items: this.read(items, joinPlace(place, 'items'), `${ref}[]`, depth + 1) };
  }

  #readObject(schema: JsonObject, place: string, ref: string, depth: number): GType {
    const required = readRequired(schema, place);
    const properties: Record<string, GTypeProperty> = {};
    const declared = own(schema, 'properties');
    if (!isBlank(declared)) {
      const propertiesPlace = joinPlace(place, 'properties');
      for (const [name, inner] of Object.entries(expectObject(declared, propertiesPlace, 'properties'))) {
        const type = this.read(inner, joinPlace(propertiesPlace, name), `${ref}.${name}`, depth + 1);
        properties[name] = property(type, !required.includes(name));
      }
    }
    return required.length === 0
      ? { ref, kind: 'object', properties }
      : { ref, kind: 'object', properties, required };
  }

  #readList(schema: JsonObject, name: string, place: string, ref: string, depth: number): GType[] {
    const list = own(schema, name);
    if (list === undefined) return [];
    const listPlace = joinPlace(place, name);
    const members = expectArray(list, listPlace, name);
    if (members.length === 0) this.#context.findings.add(`${name} (empty)`, 'interpreted', listPlace);
    return members.map((member, i) =>
      this.read(member, joinPlace(listPlace, i), `${ref}.${name}[${i}]`, depth + 1),
    );
  }

  #readAlternatives(
    schema: JsonObject,
    name: 'anyOf' | 'oneOf',
    place: string,
    ref: string,
    depth: number,
  ): GType[] {
    const types = this.#readList(schema, name, place, ref, depth);
    const [only] = types;
    if (only === undefined || types.length === 1) return types;
    const union: GType = { ref, kind: 'union', types };
    if (name === 'anyOf') return [union];
    this.#context.findings.add('oneOf (exactly one)', 'assertion', joinPlace(place, name));
    return [withValidators(union, [custom({ keyword: 'oneOf', value: 'exactly one' })], ref)];
  }

  /** Assertions of one family of values, or those that speak of every value, as custom validators. */
  #readAssertions(
    schema: JsonObject,
    family: Family | undefined,
    place: string,
    ref: string,
    depth: number,
  ): Validator[] {
    const validators: Validator[] = [];
    for (const [name, value] of Object.entries(schema)) {
      const { treatment, family: wanted } = keyword(name);
      if (treatment === 'expressed' || treatment === 'annotation' || wanted !== family) continue;
      if (saysNothing(name, value)) continue;
      const inner = joinPlace(place, name);
      if (treatment === 'assertion') {
        this.#context.findings.add(name, 'assertion', inner);
        validators.push(custom({ keyword: name, value: assertShallow(value, inner) }));
        continue;
      }
      const type = this.#readInner(name, treatment, value, inner, `${ref}.${name}`, depth);
      if (OPEN_WHEN_TRUE.has(name) && isAny(type)) continue;
      this.#context.findings.add(name, 'assertion', inner);
      validators.push(custom({ keyword: name, schema: type }));
    }
    return validators;
  }

  /** Callers receive them wherever the schema is said, although nothing refers to them. */
  #readSubtypes(schema: JsonObject, place: string, ref: string): Validator[] {
    const properties: Record<string, GTypeProperty> = {};
    for (const [name, subtype] of this.#context.subtypes(schema, place)) {
      properties[name] = property(this.#context.stubFor(subtype.reference, subtype.place), true);
    }
    if (Object.keys(properties).length === 0) return [];
    return [custom({ keyword: 'subtypes', schema: { ref: `${ref}.subtypes`, kind: 'object', properties } })];
  }

  #readInner(
    name: string,
    treatment: 'schema' | 'schemaMap' | 'schemaList',
    value: unknown,
    place: string,
    ref: string,
    depth: number,
  ): GType {
    if (treatment === 'schema') return this.read(value, place, ref, depth + 1);
    const members =
      treatment === 'schemaMap'
        ? Object.entries(expectObject(value, place, name)).map(([key, member]) => ({ key, member, at: key }))
        : expectArray(value, place, name).map((member, i) => ({ key: String(i), member, at: i }));
    const properties: Record<string, GTypeProperty> = {};
    for (const { key, member, at } of members) {
      properties[key] = property(this.read(member, joinPlace(place, at), `${ref}.${key}`, depth + 2), true);
    }
    return { ref, kind: 'object', properties };
  }

  #integer(place: string): Validator {
    this.#context.findings.add('type: integer', 'assertion', joinPlace(place, 'type'));
    return custom({ keyword: 'type', value: 'integer' });
  }

  /** Without `type`, the values listed or the keywords used tell what is meant. */
  #impliedFamilies(schema: JsonObject, values: readonly unknown[] | undefined, place: string): Set<Family> {
    if (values !== undefined) return new Set(values.map(familyOf));
    const families = new Set<Family>();
    for (const [name, value] of Object.entries(schema)) {
      const { family } = keyword(name);
      if (family === undefined || saysNothing(name, value)) continue;
      families.add(family);
      this.#context.findings.add('type (implied)', 'interpreted', place);
    }
    return families;
  }

  #countMisplaced(schema: JsonObject, families: ReadonlySet<Family>, place: string): void {
    for (const name of Object.keys(schema)) {
      const { family } = keyword(name);
      if (family === undefined || families.has(family)) continue;
      this.#context.findings.add(`${name} (of another type)`, 'annotation', joinPlace(place, name));
    }
  }

  #isNullable(schema: JsonObject, place: string): boolean {
    if (own(schema, 'nullable') !== true) return false;
    if (this.#context.dialect === '3.0') return true;
    this.#context.findings.add('nullable (not in 3.1)', 'annotation', joinPlace(place, 'nullable'));
    return false;
  }
}
