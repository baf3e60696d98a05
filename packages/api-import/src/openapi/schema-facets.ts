import type { Validator } from '@gati-framework/manifest-store';
import { DocumentProblem } from '../document/document-problem.js';
import { expectArray, expectString, type JsonObject, nameOfType, own } from '../document/json-object.js';
import { joinPlace } from '../document/place.js';
import type { Family } from './schema-keywords.js';

const FAMILIES: readonly string[] = ['object', 'array', 'string', 'number', 'boolean', 'null'];

/** The families that `type` admits, and whether numbers must be integers; `undefined` without `type`. */
export function readTypes(
  schema: JsonObject,
  place: string,
): { families: Set<Family>; integer: boolean } | undefined {
  const declared = own(schema, 'type');
  if (declared === undefined) return undefined;
  const typePlace = joinPlace(place, 'type');
  const names = Array.isArray(declared) ? (declared as unknown[]) : [declared];
  if (names.length === 0) throw new DocumentProblem(typePlace, 'the list of types is empty', 'Name a type.');
  const families = new Set<Family>();
  let integer = false;
  for (const name of names) {
    if (name === 'integer') integer = true;
    else if (typeof name === 'string' && FAMILIES.includes(name)) families.add(name as Family);
    else throw unknownType(name, typePlace);
  }
  const onlyIntegers = integer && !families.has('number');
  if (integer) families.add('number');
  return { families, integer: onlyIntegers };
}

function unknownType(name: unknown, place: string): DocumentProblem {
  const shown =
    typeof name === 'string' ? `"${name}" is not a type` : `a type must be text, not ${nameOfType(name)}`;
  return new DocumentProblem(place, shown, `Types are ${FAMILIES.join(', ')} and integer.`);
}

export function familyOf(value: unknown): Family {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value as 'object' | 'string' | 'number' | 'boolean';
}

/** A text for a number or boolean, or the other way round, if that is what the type admits; otherwise the value itself. */
export function asDeclared(value: unknown, families: ReadonlySet<Family>): unknown {
  if (value === null || typeof value === 'object') return value;
  if (families.has('string')) return String(value);
  if (families.has('number') && typeof value === 'string' && value.trim() !== '') {
    return Number.isFinite(Number(value)) ? Number(value) : value;
  }
  if (families.has('boolean') && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}

/** The values that `enum` and `const` leave; `undefined` when neither is there. */
export function readValues(schema: JsonObject, place: string): readonly unknown[] | undefined {
  const listed = own(schema, 'enum');
  const values = listed === undefined ? undefined : expectArray(listed, joinPlace(place, 'enum'), 'enum');
  if (values?.length === 0)
    throw new DocumentProblem(joinPlace(place, 'enum'), 'enum is empty', 'List a value.');
  if (!Object.hasOwn(schema, 'const')) return values;
  const only = own(schema, 'const');
  if (values === undefined) return [only];
  return values.filter((value) => JSON.stringify(value) === JSON.stringify(only));
}

/** What `min` and `max` count: the value of a number, the length of everything else. */
const LIMITS: Partial<Record<Family, readonly [min: string, max: string]>> = {
  number: ['minimum', 'maximum'],
  string: ['minLength', 'maxLength'],
  array: ['minItems', 'maxItems'],
  object: ['minProperties', 'maxProperties'],
};

/** The limits of a schema for values of one family, as validators. */
export function readLimits(schema: JsonObject, place: string, family: Family): Validator[] {
  const validators: Validator[] = [];
  (LIMITS[family] ?? []).forEach((name, i) => {
    const limit = own(schema, name);
    if (limit === undefined) return;
    const valid =
      family === 'number' ? Number.isFinite(limit) : Number.isSafeInteger(limit) && (limit as number) >= 0;
    if (!valid) {
      const wanted = family === 'number' ? 'a number' : 'a non-negative integer';
      throw new DocumentProblem(joinPlace(place, name), `${name} must be ${wanted}`, 'Correct it.');
    }
    // At least nothing is no limit.
    if (limit === 0 && i === 0 && family !== 'number') return;
    validators.push({ type: i === 0 ? 'min' : 'max', value: limit });
  });
  return validators;
}

export function readPattern(schema: JsonObject, place: string): Validator[] {
  const pattern = own(schema, 'pattern');
  if (pattern === undefined) return [];
  const text = expectString(pattern, joinPlace(place, 'pattern'), 'pattern');
  return [{ type: 'pattern', value: text }];
}

export function readRequired(schema: JsonObject, place: string): string[] {
  const required = own(schema, 'required');
  if (required === undefined) return [];
  const listPlace = joinPlace(place, 'required');
  const names = expectArray(required, listPlace, 'required').map((name, i) =>
    expectString(name, joinPlace(listPlace, i), 'the name of a required property'),
  );
  return [...new Set(names)];
}
