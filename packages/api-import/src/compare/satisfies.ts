import type { Validator } from '@gati-framework/manifest-store';
import { customAssertion } from '../gtypes/gtype-shapes.js';

/** Whether a number or text passes all validators; `undefined` where one of them cannot be tried. */
export function satisfiesAll(value: unknown, validators: readonly Validator[]): boolean | undefined {
  let all: boolean | undefined = true;
  for (const validator of validators) {
    const passes = satisfies(value, validator);
    if (passes === false) return false;
    if (passes === undefined) all = undefined;
  }
  return all;
}

function satisfies(value: unknown, { type, value: limit, ...rest }: Validator): boolean | undefined {
  const size = typeof value === 'string' ? [...value].length : value;
  if (typeof size !== 'number') return undefined;
  if (typeof limit === 'number' && type === 'min') return size >= limit;
  if (typeof limit === 'number' && type === 'max') return size <= limit;
  const { keyword, value: asserted } = customAssertion({ ...rest, type, value: limit }) ?? {};
  if (keyword === 'type' && asserted === 'integer') return Number.isInteger(value);
  if (typeof asserted !== 'number') return undefined;
  if (keyword === 'exclusiveMinimum') return size > asserted;
  return keyword === 'exclusiveMaximum' ? size < asserted : undefined;
}
