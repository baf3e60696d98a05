/** The kinds of JSON value that a schema tells apart. */
export type Family = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/**
 * What becomes of a schema keyword.
 *
 * - `expressed`: a GType says the same;
 * - `assertion`: it restricts values in a way that a GType cannot: a custom validator holds its value;
 * - `schema`, `schemaMap`, `schemaList`: the same, and its value is one or several schemas;
 * - `annotation`: it restricts nothing, and is counted only.
 */
type Treatment = 'expressed' | 'assertion' | 'schema' | 'schemaMap' | 'schemaList' | 'annotation';

export interface Keyword {
  readonly treatment: Treatment;
  /** The family of values that it speaks of; absent: all values. */
  readonly family?: Family;
}

const KEYWORDS = new Map<string, Keyword>();

function define(treatment: Treatment, family: Family | undefined, names: string): void {
  for (const name of names.split(' ')) {
    KEYWORDS.set(name, family === undefined ? { treatment } : { treatment, family });
  }
}

define(
  'expressed',
  undefined,
  '$ref type enum const nullable allOf anyOf oneOf description $defs definitions',
);
define('expressed', 'object', 'properties required minProperties maxProperties');
define('expressed', 'array', 'items minItems maxItems');
define('expressed', 'string', 'minLength maxLength pattern');
define('expressed', 'number', 'minimum maximum');

define(
  'assertion',
  undefined,
  'format discriminator readOnly writeOnly $dynamicRef $recursiveRef $id $anchor $dynamicAnchor',
);
define('assertion', 'object', 'dependentRequired');
define('assertion', 'array', 'uniqueItems minContains maxContains');
define('assertion', 'string', 'contentEncoding contentMediaType');
define('assertion', 'number', 'exclusiveMinimum exclusiveMaximum multipleOf');

define('schema', undefined, 'not if then else');
define('schema', 'object', 'additionalProperties propertyNames unevaluatedProperties');
define('schema', 'array', 'contains unevaluatedItems additionalItems');
define('schema', 'string', 'contentSchema');
define('schemaMap', 'object', 'patternProperties dependentSchemas');
define('schemaList', 'array', 'prefixItems');

const ANNOTATION: Keyword = { treatment: 'annotation' };

/** A keyword that JSON Schema does not know restricts nothing. */
export function keyword(name: string): Keyword {
  return KEYWORDS.get(name) ?? ANNOTATION;
}

/** Whether a value makes the keyword say nothing, as its absence does. */
export function saysNothing(name: string, value: unknown): boolean {
  if (value === false) return OFF_WHEN_FALSE.has(name);
  return value === true && OPEN_WHEN_TRUE.has(name);
}

const OFF_WHEN_FALSE: ReadonlySet<string> = new Set([
  'readOnly',
  'writeOnly',
  'uniqueItems',
  'exclusiveMinimum',
  'exclusiveMaximum',
]);

/** Keywords that admit everything when their schema does. */
export const OPEN_WHEN_TRUE: ReadonlySet<string> = new Set([
  'additionalProperties',
  'unevaluatedProperties',
  'propertyNames',
  'additionalItems',
  'unevaluatedItems',
  'then',
  'else',
  'contentSchema',
]);
