import type { Findings } from '../document/findings.js';
import { isObject, type JsonObject, own } from '../document/json-object.js';
import { joinPlace } from '../document/place.js';
import type { References } from './references.js';
import type { SecuritySchemes } from './security-schemes.js';
import type { TypeCollector } from './type-collector.js';

/** What reading any part of an OpenAPI document needs. */
export interface OpenApiContext {
  readonly dialect: '3.0' | '3.1';
  readonly references: References;
  readonly types: TypeCollector;
  readonly findings: Findings;
  readonly schemes: SecuritySchemes;
  /** The document's default `security`. */
  readonly security: unknown;
}

/**
 * Counts the fields of a part, other than a schema, that nothing has a place
 * for: `omitted` ones as omissions, and all others that are not `read` as annotations.
 */
export function countFields(
  context: OpenApiContext,
  part: JsonObject,
  place: string,
  name: string,
  read: readonly string[],
  omitted: readonly string[] = [],
): void {
  for (const field of Object.keys(part)) {
    if (read.includes(field) || own(part, field) === false) continue;
    const effect = omitted.includes(field) ? 'omission' : 'annotation';
    context.findings.add(`${name}.${field}`, effect, joinPlace(place, field));
  }
}

/** Examples are not stored, but a reference among them that leads nowhere is a fault of the document. */
export function checkExamples(context: OpenApiContext, part: JsonObject, place: string): void {
  const examples = own(part, 'examples');
  if (!isObject(examples)) return;
  for (const [name, example] of Object.entries(examples)) {
    context.references.follow(example, joinPlace(joinPlace(place, 'examples'), name));
  }
}
