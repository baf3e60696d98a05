import type { Validator } from '@gati-framework/manifest-store';
import { canonicalJson } from '../gtypes/canonical-gtype.js';
import { type CustomAssertion, customAssertion } from '../gtypes/gtype-shapes.js';
import type { Effect } from './difference.js';

type Report = (effect: Effect, what: string) => void;

/** Labels of the members of a request or response, and assertions that have rules of their own. */
const COMPARED_ELSEWHERE: ReadonlySet<string> = new Set([
  ...['status', 'mediaType', 'required', 'headers', 'security'],
  'additionalProperties',
]);

/** Reports how limits, patterns, lists of values and custom assertions without a schema differ. */
export function compareValidators(
  before: readonly Validator[],
  after: readonly Validator[],
  report: Report,
): void {
  compareLimit('min', before, after, report);
  compareLimit('max', before, after, report);
  compareValues(before, after, report);
  comparePlain('pattern', 'the pattern', values(before, 'pattern'), values(after, 'pattern'), report);
  const older = assertions(before);
  const newer = assertions(after);
  for (const keyword of new Set([...older.keys(), ...newer.keys()])) {
    if (keyword === 'discriminator') {
      compareDiscriminator(older.get(keyword), newer.get(keyword), report);
    } else comparePlain(keyword, keyword, older.get(keyword) ?? [], newer.get(keyword) ?? [], report);
  }
}

function values(validators: readonly Validator[], type: Validator['type']): unknown[] {
  return validators.filter((validator) => validator.type === type).map(({ value }) => value as unknown);
}

function assertions(validators: readonly Validator[]): Map<string, unknown[]> {
  const found = new Map<string, unknown[]>();
  for (const validator of validators) {
    const assertion: CustomAssertion | undefined = customAssertion(validator);
    if (assertion === undefined || assertion.schema !== undefined) continue;
    if (COMPARED_ELSEWHERE.has(assertion.keyword)) continue;
    found.set(assertion.keyword, [...(found.get(assertion.keyword) ?? []), assertion.value]);
  }
  return found;
}

function compareLimit(
  type: 'min' | 'max',
  before: readonly Validator[],
  after: readonly Validator[],
  report: Report,
): void {
  const older = strictest(type, before);
  const newer = strictest(type, after);
  if (older === newer) return;
  const stricter =
    newer !== undefined && (older === undefined || (type === 'min' ? newer > older : newer < older));
  const word = type === 'min' ? 'minimum' : 'maximum';
  report(stricter ? 'narrowed' : 'widened', describeChange(`the ${word}`, older, newer));
}

function strictest(type: 'min' | 'max', validators: readonly Validator[]): number | undefined {
  const limits = values(validators, type).filter((value) => typeof value === 'number');
  if (limits.length === 0) return undefined;
  return type === 'min' ? Math.max(...limits) : Math.min(...limits);
}

function compareValues(before: readonly Validator[], after: readonly Validator[], report: Report): void {
  const older = allowedValues(before);
  const newer = allowedValues(after);
  if (older === undefined && newer === undefined) return;
  if (older === undefined) {
    report('narrowed', `is now limited to ${list([...(newer as Set<string>)])}`);
  } else if (newer === undefined) {
    report('widened', `is no longer limited to ${list([...older])}`);
  } else {
    const removed = [...older].filter((value) => !newer.has(value));
    const added = [...newer].filter((value) => !older.has(value));
    if (removed.length > 0) report('narrowed', `may no longer be ${list(removed)}`);
    if (added.length > 0) report('widened', `may now be ${list(added)}`);
  }
}

/** What all the lists of values together leave. */
function allowedValues(validators: readonly Validator[]): Set<string> | undefined {
  const lists = values(validators, 'enum').filter((value) => Array.isArray(value)) as unknown[][];
  const [first, ...rest] = lists.map((values) => new Set(values.map(canonicalJson)));
  if (first === undefined) return undefined;
  return new Set([...first].filter((value) => rest.every((other) => other.has(value))));
}

function comparePlain(
  keyword: string,
  label: string,
  before: readonly unknown[],
  after: readonly unknown[],
  report: Report,
): void {
  const older = new Set(before.map(canonicalJson));
  const newer = new Set(after.map(canonicalJson));
  const removed = [...older].filter((value) => !newer.has(value));
  const added = [...newer].filter((value) => !older.has(value));
  if (removed.length > 0 && added.length > 0) {
    report('changed', `${label} changed from ${list(removed)} to ${list(added)}`);
  } else if (added.length > 0) report('narrowed', `${describeAssertion(keyword, label, added)} is new`);
  else if (removed.length > 0) report('widened', `${describeAssertion(keyword, label, removed)} is gone`);
}

function describeAssertion(keyword: string, label: string, found: readonly string[]): string {
  return keyword === 'oneOf' ? 'that exactly one type matches' : `${label} ${list(found)}`;
}

/** Its mapping names alternatives that are compared as such; only where to look for the name matters. */
function compareDiscriminator(
  before: readonly unknown[] | undefined,
  after: readonly unknown[] | undefined,
  report: Report,
): void {
  const older = propertyName(before);
  const newer = propertyName(after);
  if (older === newer) {
    if (canonicalJson(before) !== canonicalJson(after)) {
      report('compatible', 'the mapping of the discriminator changed');
    }
  } else if (older === undefined) report('compatible', `is now told apart by "${newer}"`);
  else report('changed', `is no longer told apart by "${older}"`);
}

function propertyName(discriminators: readonly unknown[] | undefined): string | undefined {
  const [first] = discriminators ?? [];
  const name = (first as { propertyName?: unknown } | null | undefined)?.propertyName;
  return typeof name === 'string' ? name : undefined;
}

function describeChange(label: string, older: unknown, newer: unknown): string {
  if (older === undefined) return `${label} is now ${String(newer)}`;
  if (newer === undefined) return `${label} of ${String(older)} is gone`;
  return `${label} changed from ${String(older)} to ${String(newer)}`;
}

function list(items: readonly string[]): string {
  const shown = items.slice(0, 5).map((item) => (item.length > 60 ? `${item.slice(0, 57)}...` : item));
  return items.length > 5 ? `${shown.join(', ')} and ${items.length - 5} more` : shown.join(', ');
}
