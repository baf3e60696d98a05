import type { Validator } from '@gati-framework/manifest-store';
import { isList } from '../document/json-object.js';
import { canonicalJson } from '../gtypes/canonical-gtype.js';
import { type CustomAssertion, customAssertion } from '../gtypes/gtype-shapes.js';
import type { Effect } from './difference.js';
import { compareLimits } from './limits.js';
import { satisfiesAll } from './satisfies.js';
import { isUnresolved } from './unresolved.js';

type Report = (effect: Effect, what: string) => void;

/** Labels of the members of a request or response, assertions with rules of their own, and those that restrict nothing. */
const COMPARED_ELSEWHERE: ReadonlySet<string> = new Set([
  ...['status', 'mediaType', 'required', 'headers', 'security', 'securitySchemes'],
  ...['exclusiveMinimum', 'exclusiveMaximum'],
]);

/** How a parameter is written into the request: another way is read as something else, or not at all. */
const SERIALISATION: ReadonlySet<string> = new Set(['style', 'explode', 'content']);

/** Admit more values than there are without them. */
const PERMISSIONS: ReadonlySet<string> = new Set(['allowReserved', 'allowEmptyValue']);

/** Reports how limits, patterns, lists of values and custom assertions without a schema differ. */
export function compareValidators(
  before: readonly Validator[],
  after: readonly Validator[],
  report: Report,
): void {
  if (compareListed(before, after, report)) return;
  compareLimits(before, after, report);
  compareValues(before, after, report);
  comparePlain('pattern', 'the pattern', values(before, 'pattern'), values(after, 'pattern'), report);
  const older = assertions(before);
  const newer = assertions(after);
  for (const keyword of new Set([...older.keys(), ...newer.keys()])) {
    compareAssertion(keyword, older.get(keyword) ?? [], newer.get(keyword) ?? [], report);
  }
}

/** A list of values on one side only, all of which the other side admits, differs from it in nothing else. */
function compareListed(before: readonly Validator[], after: readonly Validator[], report: Report): boolean {
  const older = allowedValues(before);
  const newer = allowedValues(after);
  if ((older === undefined) === (newer === undefined)) return false;
  const [listed, others] = older === undefined ? [newer, before] : [older, after];
  const values = Array.from(listed ?? [], (text): unknown => JSON.parse(text));
  if (others.length === 0 || !values.every((value) => satisfiesAll(value, others) === true)) return false;
  compareValues(before, after, report);
  return true;
}

function compareAssertion(
  keyword: string,
  before: readonly unknown[],
  after: readonly unknown[],
  report: Report,
): void {
  if (keyword === 'discriminator') compareDiscriminator(before, after, report);
  else if (PERMISSIONS.has(keyword)) {
    comparePlain(keyword, keyword, after, before, (effect) => {
      const gone = effect === 'narrowed';
      report(gone ? 'narrowed' : 'widened', `${keyword} ${gone ? 'is gone' : 'is new'}`);
    });
  } else if (SERIALISATION.has(keyword)) {
    comparePlain(keyword, keyword, before, after, (_, what) => report('changed', what));
  } else if (keyword === 'encoding' || isUnresolved(keyword)) {
    comparePlain(keyword, keyword, before, after, (_, what) => report('unknown', what));
  } else comparePlain(keyword, keyword, before, after, report);
}

function values(validators: readonly Validator[], type: Validator['type']): unknown[] {
  return validators.filter((validator) => validator.type === type).map(({ value }): unknown => value);
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
  const lists = values(validators, 'enum').filter(isList);
  const [first, ...rest] = lists.map((values) => new Set(values.map(canonicalJson)));
  if (first === undefined) return undefined;
  return new Set([...first].filter((value) => rest.every((other) => other.has(value))));
}

/** Assertions of one keyword, all of which hold. One that took the place of another may admit more, less, or both. */
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
    const what = `${label} changed from ${list(removed)} to ${list(added)}`;
    report(effectOfChange(keyword, before, after), what);
  } else if (added.length > 0) report('narrowed', `${label} ${list(added)} is new`);
  else if (removed.length > 0) report('widened', `${label} ${list(removed)} is gone`);
}

/** Formats whose values are among those of another one. */
const WIDER_FORMAT: ReadonlyMap<unknown, unknown> = new Map([
  ['int32', 'int64'],
  ['float', 'double'],
]);

function effectOfChange(keyword: string, before: readonly unknown[], after: readonly unknown[]): Effect {
  const [older] = before;
  const [newer] = after;
  if (before.length > 1 || after.length > 1) return 'unknown';
  if (keyword === 'format') {
    if (WIDER_FORMAT.get(older) === newer) return 'widened';
    return WIDER_FORMAT.get(newer) === older ? 'narrowed' : 'unknown';
  }
  if (typeof older !== 'number' || typeof newer !== 'number') return 'unknown';
  if (keyword === 'minContains') return newer > older ? 'narrowed' : 'widened';
  if (keyword === 'maxContains') return newer < older ? 'narrowed' : 'widened';
  if (keyword !== 'multipleOf') return 'unknown';
  if (isMultiple(newer, older)) return 'narrowed';
  return isMultiple(older, newer) ? 'widened' : 'changed';
}

/** Within what doubles can tell: 0.01 is a multiple of 0.0001. */
function isMultiple(value: number, of: number): boolean {
  const quotient = value / of;
  return Math.abs(quotient - Math.round(quotient)) < 1e-9 * Math.max(1, quotient);
}

/** It restricts nothing, but tells callers where to look; its subtypes are compared as types. */
function compareDiscriminator(before: readonly unknown[], after: readonly unknown[], report: Report): void {
  const older = propertyName(before);
  const newer = propertyName(after);
  if (older === newer) {
    if (canonicalJson(before) !== canonicalJson(after)) {
      report('compatible', 'the mapping of the discriminator changed');
    }
  } else if (older === undefined) report('compatible', `is now told apart by "${newer}"`);
  else report('unknown', `is no longer told apart by "${older}"`);
}

function propertyName(discriminators: readonly unknown[]): string | undefined {
  const [first] = discriminators;
  const name = (first as { propertyName?: unknown } | null | undefined)?.propertyName;
  return typeof name === 'string' ? name : undefined;
}

function list(items: readonly string[]): string {
  const shown = items.slice(0, 5).map((item) => (item.length > 60 ? `${item.slice(0, 57)}...` : item));
  return items.length > 5 ? `${shown.join(', ')} and ${items.length - 5} more` : shown.join(', ');
}
