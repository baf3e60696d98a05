import type { Findings } from '../document/findings.js';
import { expectArray, type JsonObject, own } from '../document/json-object.js';
import { joinPlace } from '../document/place.js';
import { familyOf } from './schema-facets.js';
import type { Family } from './schema-keywords.js';

/**
 * The values that `enum` and `const` leave; `undefined` when neither is there.
 * An empty `enum` lists nothing, and values of another type than the declared one
 * are read as what they surely stand for: `enum: [0, 1]` of a string.
 */
export function readDeclaredValues(
  schema: JsonObject,
  place: string,
  families: ReadonlySet<Family> | undefined,
  findings: Findings,
): readonly unknown[] | undefined {
  const values = readValues(schema, place);
  if (values?.length === 0 && !Object.hasOwn(schema, 'const')) {
    findings.add('enum (empty)', 'interpreted', joinPlace(place, 'enum'));
    return undefined;
  }
  if (values === undefined || families === undefined) return values;
  return values.map((value) => {
    const nullable = value === null && own(schema, 'nullable') === true;
    if (nullable || families.has(familyOf(value))) return value;
    findings.add('enum (value of another type)', 'interpreted', joinPlace(place, 'enum'));
    return asDeclared(value, families);
  });
}

/** The values that `enum` and `const` leave; `undefined` when neither is there, none when `enum` is empty. */
function readValues(schema: JsonObject, place: string): readonly unknown[] | undefined {
  const listed = own(schema, 'enum');
  const values = listed === undefined ? undefined : expectArray(listed, joinPlace(place, 'enum'), 'enum');
  if (!Object.hasOwn(schema, 'const')) return values;
  const only = own(schema, 'const');
  if (values === undefined || values.length === 0) return [only];
  return values.filter((value) => JSON.stringify(value) === JSON.stringify(only));
}

/** A text for a number or boolean, or the other way round, if that is what the type admits; otherwise the value itself. */
function asDeclared(value: unknown, families: ReadonlySet<Family>): unknown {
  if (value === null || typeof value === 'object') return value;
  if (families.has('string')) return String(value);
  if (families.has('number') && typeof value === 'string' && value.trim() !== '') {
    return Number.isFinite(Number(value)) ? Number(value) : value;
  }
  if (families.has('boolean') && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}
