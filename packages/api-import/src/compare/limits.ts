import type { Validator } from '@gati-framework/manifest-store';
import { customAssertion } from '../gtypes/gtype-shapes.js';
import type { Effect } from './difference.js';

/** The least or the greatest value, length or number of properties, and whether it is excluded itself. */
interface Limit {
  readonly value: number;
  readonly exclusive: boolean;
}

type Side = 'min' | 'max';
type Report = (effect: Effect, what: string) => void;

export function compareLimits(
  before: readonly Validator[],
  after: readonly Validator[],
  report: Report,
): void {
  for (const side of ['min', 'max'] as const) {
    const older = strictest(side, before);
    const newer = strictest(side, after);
    if (older?.value === newer?.value && older?.exclusive === newer?.exclusive) continue;
    const stricter = newer !== undefined && (older === undefined || isStricter(side, newer, older));
    report(stricter ? 'narrowed' : 'widened', describe(side, older, newer));
  }
}

/** `minimum` and `exclusiveMinimum` are one limit: whichever leaves less. */
function strictest(side: Side, validators: readonly Validator[]): Limit | undefined {
  let found: Limit | undefined;
  const integers = validators.some((validator) => customAssertion(validator)?.value === 'integer');
  for (const limit of validators.flatMap((validator) => limitOf(side, validator, integers) ?? [])) {
    if (found === undefined || isStricter(side, limit, found)) found = limit;
  }
  return found;
}

function limitOf(side: Side, validator: Validator, integers: boolean): Limit | undefined {
  const value: unknown = validator.value;
  if (validator.type === side && typeof value === 'number') return { value, exclusive: false };
  const { keyword, value: asserted } = customAssertion(validator) ?? {};
  if (keyword !== (side === 'min' ? 'exclusiveMinimum' : 'exclusiveMaximum')) return undefined;
  if (typeof asserted !== 'number') return undefined;
  if (!integers || !Number.isInteger(asserted)) return { value: asserted, exclusive: true };
  return { value: side === 'min' ? asserted + 1 : asserted - 1, exclusive: false };
}

function isStricter(side: Side, a: Limit, b: Limit): boolean {
  if (a.value === b.value) return a.exclusive && !b.exclusive;
  return side === 'min' ? a.value > b.value : a.value < b.value;
}

function describe(side: Side, older: Limit | undefined, newer: Limit | undefined): string {
  const label = side === 'min' ? 'the minimum' : 'the maximum';
  if (older === undefined) return `${label} is now ${inWords(side, newer as Limit)}`;
  if (newer === undefined) return `${label} of ${inWords(side, older)} is gone`;
  return `${label} changed from ${inWords(side, older)} to ${inWords(side, newer)}`;
}

function inWords(side: Side, { value, exclusive }: Limit): string {
  if (!exclusive) return String(value);
  return side === 'min' ? `more than ${value}` : `less than ${value}`;
}
