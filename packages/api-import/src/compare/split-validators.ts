import type { GType, Validator } from '@gati-framework/manifest-store';
import { custom, customAssertion } from '../gtypes/gtype-shapes.js';
import type { Family } from './alternative.js';

/** Say nothing about which values are valid; who may send a property is asked where properties are compared. */
const SILENT: ReadonlySet<string> = new Set([
  ...['readOnly', 'writeOnly', '$id', '$anchor', '$dynamicAnchor'],
]);

interface SplitValidators {
  readonly fields: ReadonlyMap<string, readonly GType[]>;
  readonly rest: readonly GType[];
  readonly validators: readonly Validator[];
}

/** The validators of a type, those apart that speak of its properties or items. */
export function splitValidators(
  validators: readonly Validator[],
  family: Family | undefined,
): SplitValidators {
  const fields = new Map<string, readonly GType[]>();
  const rest: GType[] = [];
  const others: Validator[] = [];
  for (const validator of exclusiveAsNumbers(validators)) {
    const { keyword = '', schema } = customAssertion(validator) ?? {};
    if (SILENT.has(keyword)) continue;
    if (keyword === 'additionalProperties' && schema !== undefined && family === 'object') rest.push(schema);
    else if (keyword === 'prefixItems' && schema !== undefined && family === 'array') {
      for (const [i, { type }] of Object.entries(schema.properties ?? {})) fields.set(i, [type]);
    } else others.push(validator);
  }
  return { fields, rest, validators: others };
}

/** OpenAPI 3.0 says `minimum: 1` and `exclusiveMinimum: true` where 3.1 says `exclusiveMinimum: 1`. */
function exclusiveAsNumbers(validators: readonly Validator[]): readonly Validator[] {
  let result = validators;
  for (const [keyword, type] of [
    ['exclusiveMinimum', 'min'],
    ['exclusiveMaximum', 'max'],
  ] as const) {
    const flag = result.find((validator) => {
      const assertion = customAssertion(validator);
      return assertion?.keyword === keyword && assertion.value === true;
    });
    const limit = result.find((validator) => validator.type === type);
    if (flag === undefined) continue;
    const others = result.filter((validator) => validator !== flag && validator !== limit);
    result = limit === undefined ? others : [...others, custom({ keyword, value: limit.value })];
  }
  return result;
}
