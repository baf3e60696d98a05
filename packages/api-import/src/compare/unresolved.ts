import { canonicalJson } from '../gtypes/canonical-gtype.js';
import { customAssertion } from '../gtypes/gtype-shapes.js';
import type { NormalForm } from './normal-form.js';

/** References whose targets depend on which schemas led to them: what they accept is not known here. */
export function isUnresolved(keyword: string): boolean {
  return keyword === '$dynamicRef' || keyword === '$recursiveRef';
}

/** Whether one form leaves to such references what the other one says, or leaves to others. */
export function differInUnresolved(before: NormalForm, after: NormalForm): boolean {
  return unresolvedIn(before) !== unresolvedIn(after);
}

function unresolvedIn({ alternatives }: NormalForm): string {
  const found = new Set<string>();
  for (const { validators } of alternatives) {
    for (const validator of validators) {
      const { keyword, value } = customAssertion(validator) ?? {};
      if (keyword !== undefined && isUnresolved(keyword)) found.add(canonicalJson([keyword, value]));
    }
  }
  return [...found].sort().join();
}
