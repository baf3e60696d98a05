import type { GType } from '@gati-framework/manifest-store';
import { customValue, NONE_REF } from '../gtypes/gtype-shapes.js';
import { baseRef } from '../gtypes/refs.js';
import type { ComparableHandler } from './compare-handlers.js';
import { comparePolicies } from './compare-policies.js';
import { compareSecurity } from './compare-security.js';
import type { TypePair, Universes } from './compare-types.js';
import { compareValidators } from './compare-validators.js';
import { type Difference, type Direction, type Effect, type Verdict, verdictOf } from './difference.js';
import { type LabelledBody, labelledBodies } from './labelled-bodies.js';
import { matchMediaTypes } from './match-media-types.js';
import { matchStatuses } from './match-statuses.js';
import { renamedParameters, routeShape } from './route-shape.js';
import type { TypeJudge } from './type-judge.js';

/** Where something of a handler stands. */
interface Part {
  readonly where: string;
  readonly direction: Direction;
  /** Whether nothing there counts as breaking. */
  readonly lenient?: boolean;
}

/** One comparison of two versions of a handler, without the named types that it leads to. */
export class HandlerComparison {
  readonly differences: Difference[] = [];
  readonly pairs: TypePair[] = [];
  /** What only the bodies of errors lead to. */
  readonly errorPairs: TypePair[] = [];
  readonly #universes: Universes;
  readonly #judge: TypeJudge;
  readonly #strictErrors: boolean;

  constructor(universes: Universes, judge: TypeJudge, strictErrors: boolean) {
    this.#universes = universes;
    this.#judge = judge;
    this.#strictErrors = strictErrors;
  }

  compare(before: ComparableHandler, after: ComparableHandler): void {
    const method = [before.method].flat().join(', ');
    const newMethod = [after.method].flat().join(', ');
    if (method !== newMethod) this.#report('changed', `changed from ${method} to ${newMethod}`, at('method'));
    if (before.path !== after.path) {
      const effect = routeShape(before.path) === routeShape(after.path) ? 'compatible' : 'changed';
      this.#report(effect, `changed from ${before.path} to ${after.path}`, at('path'));
    }
    const names = renamedParameters(before.path, after.path);
    this.#compareFields('params', before, after, (older) => renameProperties(older, names));
    this.#compareFields('headers', before, after, (older) => older);
    this.#compareSecurity(before, after);
    this.#comparePolicies(before, after);
    this.#compareRequests(before, after);
    this.#compareResponses(before, after);
  }

  /** Parameters and headers; a handler without any has an object type without properties. */
  #compareFields(
    part: 'params' | 'headers',
    before: ComparableHandler,
    after: ComparableHandler,
    rename: (older: GType) => GType,
  ): void {
    const older = this.#typeBefore(before.gtypes[part]);
    const newer = this.#typeAfter(after.gtypes[part]);
    const missing =
      (older === undefined && before.gtypes[part] !== undefined) ||
      (newer === undefined && after.gtypes[part] !== undefined);
    if (missing) this.#reportMissing(part);
    else this.#compareTypes(rename(older ?? NO_FIELDS), newer ?? NO_FIELDS, at(part));
  }

  #compareSecurity(before: ComparableHandler, after: ComparableHandler): void {
    const older = this.#typeBefore(before.gtypes.headers);
    const newer = this.#typeAfter(after.gtypes.headers);
    compareSecurity(older, newer, (effect, what) => this.#report(effect, what, at('security')));
  }

  /** Documents of most formats do not speak of them. */
  #comparePolicies({ policies: before }: ComparableHandler, { policies: after }: ComparableHandler): void {
    if (before === undefined || after === undefined) return;
    comparePolicies(before, after, (effect, what) => this.#report(effect, what, at('policies')));
  }

  #compareRequests(before: ComparableHandler, after: ComparableHandler): void {
    const older = this.#typeBefore(before.gtypes.request);
    const newer = this.#typeAfter(after.gtypes.request);
    const none = baseRef(before.gtypes.request) === NONE_REF;
    const noneNow = baseRef(after.gtypes.request) === NONE_REF;
    const part = at('request body');
    if (none && noneNow) return;
    if (older === undefined || newer === undefined) this.#reportMissing('request body');
    else if (none) {
      const required = customValue(newer, 'required') !== false;
      const what = required ? 'is now required' : 'is now accepted';
      this.#report(required ? 'narrowed' : 'compatible', what, part);
    } else if (noneNow) this.#report('removed', 'is gone', part);
    else this.#compareRequestBodies(older, newer, part);
  }

  #compareRequestBodies(older: GType, newer: GType, part: Part): void {
    const oldBodies = labelledBodies(older);
    const newBodies = labelledBodies(newer);
    if (oldBodies === undefined || newBodies === undefined) {
      this.#compareTypes(older, newer, part);
      return;
    }
    const optional = customValue(older, 'required') === false;
    const optionalNow = customValue(newer, 'required') === false;
    if (optional && !optionalNow) this.#report('narrowed', 'is now required', part);
    if (!optional && optionalNow) this.#report('widened', 'is now optional', part);
    this.#compareBodies(oldBodies, newBodies, part);
  }

  #compareResponses(before: ComparableHandler, after: ComparableHandler): void {
    const older = this.#typeBefore(before.gtypes.response);
    const newer = this.#typeAfter(after.gtypes.response);
    if (older === undefined || newer === undefined) {
      this.#reportMissing('response');
      return;
    }
    const oldBodies = labelledBodies(older);
    const newBodies = labelledBodies(newer);
    if (oldBodies === undefined || newBodies === undefined) {
      this.#compareTypes(older, newer, { where: 'response', direction: 'response' });
      return;
    }
    const { matched, removed, added } = matchStatuses(oldBodies, newBodies);
    for (const { status, before: bodies, after: now, isError } of matched) {
      const lenient = isError && !this.#strictErrors;
      this.#compareResponse(bodies, now, { where: `response ${status}`, direction: 'response', lenient });
    }
    for (const { status, isError } of removed) {
      this.#report(isError ? 'compatible' : 'removed', 'is gone', at(`response ${status}`));
    }
    for (const status of added) this.#report('compatible', 'is new', at(`response ${status}`));
  }

  #compareResponse(before: readonly LabelledBody[], after: readonly LabelledBody[], part: Part): void {
    this.#compareBodies(before, after, part);
    const older = before[0]?.headers ?? NO_FIELDS;
    this.#compareTypes(older, after[0]?.headers ?? NO_FIELDS, { ...part, where: `${part.where} headers` });
  }

  #compareBodies(before: readonly LabelledBody[], after: readonly LabelledBody[], part: Part): void {
    const { matched, removed, added } = matchMediaTypes(before, after);
    const several = before.length > 1 || after.length > 1;
    for (const [older, newer] of matched) {
      const named = several && older.mediaType !== undefined;
      const place = named ? { ...part, where: `${part.where} ${older.mediaType}` } : part;
      this.#compareTypes(older.type, newer.type, place);
      compareValidators(older.validators, newer.validators, (effect, what) =>
        this.#report(effect, what, place),
      );
    }
    for (const mediaType of removed) this.#report('removed', `is no longer ${mediaType}`, part);
    for (const mediaType of added) this.#report('compatible', `may now be ${mediaType}`, part);
  }

  #compareTypes(older: GType, newer: GType, { where, direction, lenient = false }: Part): void {
    const comparer = this.#judge.comparer();
    comparer.compare([older], [newer], { direction, side: direction, where });
    for (const found of comparer.found) {
      this.#report(found.effect, found.what, { where: found.where, direction: found.direction, lenient });
    }
    (lenient ? this.errorPairs : this.pairs).push(...comparer.pairs);
  }

  /** Manifests of other origin may name types that were never stored. */
  #reportMissing(where: string): void {
    this.#report('unknown', 'cannot be compared: its type is not stored', at(where));
  }

  #typeBefore(ref: string | undefined): GType | undefined {
    return ref === undefined ? undefined : this.#universes.before.get(ref);
  }

  #typeAfter(ref: string | undefined): GType | undefined {
    return ref === undefined ? undefined : this.#universes.after.get(ref);
  }

  #report(effect: Effect, what: string, { where, direction, lenient = false }: Part): void {
    const verdict: Verdict = lenient ? 'compatible' : verdictOf(effect, direction);
    this.differences.push({ where, what, breaking: verdict === 'breaking', verdict });
  }
}

const NO_FIELDS: GType = { ref: '', kind: 'object', properties: {} };

function at(where: string): Part {
  return { where, direction: 'request' };
}

function renameProperties(type: GType, names: ReadonlyMap<string, string>): GType {
  if (names.size === 0 || type.properties === undefined) return type;
  const rename = (name: string): string => names.get(name) ?? name;
  const properties = Object.fromEntries(
    Object.entries(type.properties).map(([name, property]) => [rename(name), property]),
  );
  return {
    ...type,
    properties,
    ...(type.required === undefined ? {} : { required: type.required.map(rename) }),
  };
}
