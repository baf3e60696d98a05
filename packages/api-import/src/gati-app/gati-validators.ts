import { DocumentProblem } from '../document/document-problem.js';
import type { Findings } from '../document/findings.js';
import { expectObject, expectString, type JsonObject, nameOfType, own } from '../document/json-object.js';
import { joinPlace } from '../document/place.js';

interface ValidatorRule {
  /** The only values that the framework checks by it. */
  readonly family: 'number' | 'string';
  readonly keyword: string;
  /** What the keyword says, where that is not the validator's value. */
  readonly says?: string;
  readonly value?: 'number' | 'string';
}

const RULES: Readonly<Record<string, ValidatorRule>> = {
  min: { family: 'number', keyword: 'minimum', value: 'number' },
  max: { family: 'number', keyword: 'maximum', value: 'number' },
  minLength: { family: 'string', keyword: 'minLength', value: 'number' },
  maxLength: { family: 'string', keyword: 'maxLength', value: 'number' },
  pattern: { family: 'string', keyword: 'pattern', value: 'string' },
  email: { family: 'string', keyword: 'format', says: 'email' },
  url: { family: 'string', keyword: 'format', says: 'uri' },
  uuid: { family: 'string', keyword: 'format', says: 'uuid' },
};

/**
 * The validators of a type as keywords of its JSON Schema. What has no place there is a finding: a function
 * does not survive JSON, and a validator of values that the type does not have checks nothing.
 *
 * @param family The `type` of the schema; undefined where it has none.
 */
export function schemaValidators(
  list: readonly unknown[],
  family: unknown,
  place: string,
  findings: Findings,
): JsonObject {
  const found = list.flatMap((item, i) => {
    const at = joinPlace(place, i);
    const validator = expectObject(item, at, 'a validator');
    const type = expectString(own(validator, 'type'), joinPlace(at, 'type'), 'the type of a validator');
    if (own(validator, 'message') !== undefined)
      findings.add('validator.message', 'annotation', joinPlace(at, 'message'));
    const rule = Object.hasOwn(RULES, type) ? RULES[type] : undefined;
    if (rule?.family === family && rule !== undefined)
      return [[rule.keyword, rule.says ?? checkedValue(validator, rule, at)]];
    findings.add(`validator ${type}`, 'omission', at);
    return [];
  });
  return Object.fromEntries(found);
}

function checkedValue(
  validator: JsonObject,
  { value: wanted, keyword }: ValidatorRule,
  place: string,
): unknown {
  const value = own(validator, 'value');
  const isLength = keyword.endsWith('Length');
  const fits = isLength ? Number.isSafeInteger(value) && Number(value) >= 0 : typeof value === wanted;
  if (fits) return value;
  throw new DocumentProblem(
    joinPlace(place, 'value'),
    `it must be ${isLength ? 'a non-negative integer' : `a ${wanted}`}, not ${nameOfType(value)}`,
    'Correct it, and generate the bundle again; a regular expression is written as text.',
  );
}
