import type { GType, HandlerManifest } from '@gati-framework/manifest-store';
import { customValue, NONE_REF } from '../gtypes/gtype-shapes.js';
import { baseRef } from '../gtypes/refs.js';
import type { TypeUniverse } from '../gtypes/type-universe.js';
import { compareSecurity } from './compare-security.js';
import { compareTypes, type TypeComparison, type TypePair } from './compare-types.js';
import { compareValidators } from './compare-validators.js';
import { type Difference, type Direction, type Effect, isBreaking } from './difference.js';
import { type LabelledBody, labelledBodies } from './labelled-bodies.js';

/** What of a handler manifest is compared. */
export type ComparableHandler = Pick<HandlerManifest, 'method' | 'path' | 'gtypes'>;

/** Compares versions of handlers; each pair of types that several handlers lead to is compared once. */
export class HandlerComparer {
  readonly #universes: { readonly before: TypeUniverse; readonly after: TypeUniverse };
  readonly #compared = new Map<string, TypeComparison>();

  constructor(before: TypeUniverse, after: TypeUniverse) {
    this.#universes = { before, after };
  }

  /** Every difference that is known, breaking ones first; never empty, as it is asked of versions that differ. */
  compare(before: ComparableHandler, after: ComparableHandler): Difference[] {
    const comparison = new HandlerComparison(this.#universes);
    comparison.compare(before, after);
    const seen = new Set<string>();
    for (let pair = comparison.pairs.shift(); pair !== undefined; pair = comparison.pairs.shift()) {
      const key = `${pair.direction}\n${pair.before}\n${pair.after}`;
      if (seen.has(key)) continue;
      seen.add(key);
      comparison.add(this.#compareNamed(pair, key));
    }
    return inOrder(comparison.differences);
  }

  #compareNamed(pair: TypePair, key: string): TypeComparison {
    let comparison = this.#compared.get(key);
    if (comparison === undefined) {
      const older = this.#universes.before.get(pair.before);
      const newer = this.#universes.after.get(pair.after);
      comparison =
        older === undefined || newer === undefined
          ? { found: [], pairs: [] }
          : compareTypes(older, newer, this.#universes, pair.direction, sideOf(pair));
      this.#compared.set(key, comparison);
    }
    return comparison;
  }
}

const UNKNOWN: Difference = {
  where: 'handler',
  what: 'differs in what its stored types do not tell',
  breaking: true,
};

function inOrder(differences: readonly Difference[]): Difference[] {
  const unique = new Map(
    differences.map((found) => [`${found.where}\n${found.what}\n${found.breaking}`, found]),
  );
  const list = [...unique.values()];
  if (list.length === 0) return [UNKNOWN];
  return [...list.filter(({ breaking }) => breaking), ...list.filter(({ breaking }) => !breaking)];
}

function sideOf({ direction, after }: TypePair): string {
  const name = baseRef(after);
  return direction === 'either' ? name : `${direction} ${name}`;
}

class HandlerComparison {
  readonly differences: Difference[] = [];
  readonly pairs: TypePair[] = [];
  readonly #universes: { readonly before: TypeUniverse; readonly after: TypeUniverse };

  constructor(universes: { readonly before: TypeUniverse; readonly after: TypeUniverse }) {
    this.#universes = universes;
  }

  compare(before: ComparableHandler, after: ComparableHandler): void {
    const method = [before.method].flat().join(', ');
    const newMethod = [after.method].flat().join(', ');
    if (method !== newMethod) this.#report('changed', `changed from ${method} to ${newMethod}`, 'method');
    if (before.path !== after.path) {
      this.#report('changed', `changed from ${before.path} to ${after.path}`, 'path');
    }
    this.#compareFields('params', before, after);
    this.#compareFields('headers', before, after);
    this.#compareSecurity(before, after);
    this.#compareRequests(before, after);
    this.#compareResponses(before, after);
  }

  add({ found, pairs }: TypeComparison): void {
    for (const { where, what, effect, direction } of found) this.#report(effect, what, where, direction);
    this.pairs.push(...pairs);
  }

  /** Parameters and headers; a handler without any has an object type without properties. */
  #compareFields(part: 'params' | 'headers', before: ComparableHandler, after: ComparableHandler): void {
    const empty: GType = { ref: '', kind: 'object', properties: {} };
    const older = this.#typeBefore(before.gtypes[part]) ?? empty;
    const newer = this.#typeAfter(after.gtypes[part]) ?? empty;
    this.#compareTypes(older, newer, 'request', part);
  }

  #compareSecurity(before: ComparableHandler, after: ComparableHandler): void {
    const older = this.#typeBefore(before.gtypes.headers);
    const newer = this.#typeAfter(after.gtypes.headers);
    compareSecurity(
      older === undefined ? undefined : customValue(older, 'security'),
      newer === undefined ? undefined : customValue(newer, 'security'),
      (effect, what) => this.#report(effect, what, 'security'),
    );
  }

  #compareRequests(before: ComparableHandler, after: ComparableHandler): void {
    const older = this.#typeBefore(before.gtypes.request);
    const newer = this.#typeAfter(after.gtypes.request);
    const none = baseRef(before.gtypes.request) === NONE_REF;
    const noneNow = baseRef(after.gtypes.request) === NONE_REF;
    if (none && noneNow) return;
    if (older === undefined || newer === undefined) this.#reportMissing('request body');
    else if (none) {
      const required = customValue(newer, 'required') !== false;
      const what = required ? 'is now required' : 'is now accepted';
      this.#report(required ? 'narrowed' : 'compatible', what, 'request body');
    } else if (noneNow) this.#report('removed', 'is gone', 'request body');
    else this.#compareRequestBodies(older, newer);
  }

  #compareRequestBodies(older: GType, newer: GType): void {
    const oldBodies = labelledBodies(older);
    const newBodies = labelledBodies(newer);
    if (oldBodies === undefined || newBodies === undefined) {
      this.#compareTypes(older, newer, 'request', 'request body');
      return;
    }
    const optional = customValue(older, 'required') === false;
    const optionalNow = customValue(newer, 'required') === false;
    if (optional && !optionalNow) this.#report('narrowed', 'is now required', 'request body');
    if (!optional && optionalNow) this.#report('widened', 'is now optional', 'request body');
    this.#compareBodies(oldBodies, newBodies, 'request', 'request body');
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
      this.#compareTypes(older, newer, 'response', 'response');
      return;
    }
    const oldStatuses = byStatus(oldBodies);
    const newStatuses = byStatus(newBodies);
    for (const [status, bodies] of oldStatuses) {
      const where = `response ${status}`;
      const now = newStatuses.get(status);
      if (now === undefined) this.#report(isSuccess(status) ? 'removed' : 'compatible', 'is gone', where);
      else this.#compareResponse(bodies, now, where);
    }
    for (const status of newStatuses.keys()) {
      if (!oldStatuses.has(status)) this.#report('compatible', 'is new', `response ${status}`);
    }
  }

  #compareResponse(before: readonly LabelledBody[], after: readonly LabelledBody[], where: string): void {
    this.#compareBodies(before, after, 'response', where);
    const none: GType = { ref: '', kind: 'object', properties: {} };
    const older = before[0]?.headers ?? none;
    this.#compareTypes(older, after[0]?.headers ?? none, 'response', `${where} headers`);
  }

  #compareBodies(
    before: readonly LabelledBody[],
    after: readonly LabelledBody[],
    direction: Direction,
    where: string,
  ): void {
    const several = before.length > 1 || after.length > 1;
    for (const older of before) {
      const place = several && older.mediaType !== undefined ? `${where} ${older.mediaType}` : where;
      const newer = after.find(({ mediaType }) => mediaType === older.mediaType);
      if (newer !== undefined) {
        this.#compareTypes(older.type, newer.type, direction, place);
        compareValidators(older.validators, newer.validators, (effect, what) =>
          this.#report(effect, what, place, direction),
        );
      } else if (older.mediaType !== undefined) {
        this.#report('removed', `is no longer ${older.mediaType}`, where);
      }
    }
    for (const { mediaType } of after) {
      if (mediaType === undefined || before.some((older) => older.mediaType === mediaType)) continue;
      this.#report('compatible', `may now be ${mediaType}`, where);
    }
  }

  #compareTypes(older: GType, newer: GType, direction: Direction, where: string): void {
    this.add(compareTypes(older, newer, this.#universes, direction, where));
  }

  /** Manifests of other origin may name types that were never stored. */
  #reportMissing(where: string): void {
    this.#report('changed', 'cannot be compared: its type is not stored', where);
  }

  #typeBefore(ref: string | undefined): GType | undefined {
    return ref === undefined ? undefined : this.#universes.before.get(ref);
  }

  #typeAfter(ref: string | undefined): GType | undefined {
    return ref === undefined ? undefined : this.#universes.after.get(ref);
  }

  #report(effect: Effect, what: string, where: string, direction: Direction = 'request'): void {
    this.differences.push({ where, what, breaking: isBreaking(effect, direction) });
  }
}

/** Errors are not what a caller counts on. */
function isSuccess(status: string): boolean {
  return status.startsWith('2') || status.startsWith('3');
}

function byStatus(bodies: readonly LabelledBody[]): Map<string, LabelledBody[]> {
  const statuses = new Map<string, LabelledBody[]>();
  for (const body of bodies) {
    const status = body.status ?? 'default';
    const known = statuses.get(status);
    if (known === undefined) statuses.set(status, [body]);
    else known.push(body);
  }
  return statuses;
}
