import { DocumentProblem } from '../document/document-problem.js';
import { isObject } from '../document/json-object.js';

/** A GType nests three levels or more for each level of a schema, and a record may nest 200. */
export const MAX_SCHEMA_DEPTH = 32;

/** Values are stored as they are, inside a type that may be nested itself. */
export function assertShallow(value: unknown, place: string, depth = 0): unknown {
  if (depth > MAX_SCHEMA_DEPTH) {
    throw new DocumentProblem(place, `it is nested more than ${MAX_SCHEMA_DEPTH} levels deep`, 'Flatten it.');
  }
  if (Array.isArray(value)) for (const item of value) assertShallow(item, place, depth + 1);
  else if (isObject(value)) for (const item of Object.values(value)) assertShallow(item, place, depth + 1);
  return value;
}
