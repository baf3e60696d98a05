import type { Validator } from '@gati-framework/manifest-store';
import { DocumentProblem } from '../document/document-problem.js';
import {
  expectArray,
  expectString,
  isBlank,
  isList,
  type JsonObject,
  nameOfType,
  own,
} from '../document/json-object.js';
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
  const names = isList(declared) ? declared : [declared];
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
  if (isBlank(required)) return [];
  const listPlace = joinPlace(place, 'required');
  const names = expectArray(required, listPlace, 'required').map((name, i) =>
    expectString(name, joinPlace(listPlace, i), 'the name of a required property'),
  );
  return [...new Set(names)];
}

export function readDescription(schema: JsonObject, place: string): string | undefined {
  const description = own(schema, 'description');
  if (isBlank(description)) return undefined;
  return expectString(description, joinPlace(place, 'description'), 'a description');
}
