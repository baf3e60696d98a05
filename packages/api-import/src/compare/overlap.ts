import type { GType, Validator } from '@gati-framework/manifest-store';
import { canonicalJson } from '../gtypes/canonical-gtype.js';
import type { Alternative } from './alternative.js';

/** Whether a value may be of several of the alternatives; false only if that is certain to be impossible. */
export function mayOverlap(alternatives: readonly Alternative[]): boolean {
  return alternatives.some((a, i) => alternatives.slice(i + 1).some((b) => !areDisjoint(a, b)));
}

/** Whether no value can be of both, by the values that they list for themselves or for a property that both require. */
export function areDisjoint(a: Alternative, b: Alternative): boolean {
  if (a.family !== b.family) return a.family !== undefined && b.family !== undefined;
  if (haveDisjointValues(valuesOf(a.validators), valuesOf(b.validators))) return true;
  return [...a.required].some(
    (name) =>
      b.required.has(name) &&
      haveDisjointValues(valuesOfField(a.fields.get(name)), valuesOfField(b.fields.get(name))),
  );
}

function valuesOfField(types: readonly GType[] = []): readonly string[] | undefined {
  return types.map((type) => valuesOf(type.validators ?? [])).find((values) => values !== undefined);
}

function valuesOf(validators: readonly Validator[]): readonly string[] | undefined {
  const values: unknown = validators.find(({ type }) => type === 'enum')?.value;
  return Array.isArray(values) ? values.map(canonicalJson) : undefined;
}

function haveDisjointValues(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  return a !== undefined && b !== undefined && !a.some((value) => b.includes(value));
}
