import type { GType, Validator } from '@gati-framework/manifest-store';
import { canonicalGType } from '../gtypes/canonical-gtype.js';
import { isStub } from '../gtypes/gtype-shapes.js';
import { baseRef } from '../gtypes/refs.js';

export function alternatives(type: GType): GType[] {
  return type.kind === 'union' && !isStub(type) ? (type.types ?? []) : [type];
}

export function unionValidators(type: GType): readonly Validator[] {
  return type.kind === 'union' && !isStub(type) ? (type.validators ?? []) : [];
}

export function members(type: GType): GType[] {
  return type.kind === 'intersection' && !isStub(type) ? (type.types ?? []) : [type];
}

export function memberValidators(type: GType): readonly Validator[] {
  return type.kind === 'intersection' && !isStub(type) ? (type.validators ?? []) : [];
}

/** A reference that became one of several alternatives, or one of several demands, or the other way round. */
export function sharesStub(before: readonly GType[], after: readonly GType[]): boolean {
  return before.some((older) => isStub(older) && after.some((newer) => identity(newer) === identity(older)));
}

export function sameMembers(before: GType, after: GType): boolean {
  const older = before.types ?? [];
  const newer = after.types ?? [];
  return older.length === newer.length && older.every((type, i) => identity(type) === identity(newer[i]));
}

/** What makes two alternatives versions of the same one. */
function identity(type: GType | undefined): string {
  if (type === undefined) return '';
  if (isStub(type)) return `>${baseRef(type.ref)}`;
  return `${type.kind} ${type.primitiveType ?? ''}`;
}

export interface Matching {
  readonly matched: readonly [before: GType, after: GType][];
  readonly removed: readonly GType[];
  readonly added: readonly GType[];
}

/** Pairs what is equal, then what has the same identity, then a single rest on both sides. */
export function matchAlternatives(before: readonly GType[], after: readonly GType[]): Matching {
  const matched: [GType, GType][] = [];
  let removed = [...before];
  let added = [...after];
  for (const same of [canonicalGType, identity]) {
    const unmatched: GType[] = [];
    for (const older of removed) {
      const i = added.findIndex((newer) => same(newer) === same(older));
      if (i === -1) unmatched.push(older);
      else matched.push([older, ...added.splice(i, 1)] as [GType, GType]);
    }
    removed = unmatched;
  }
  const [older] = removed;
  const [newer] = added;
  if (older !== undefined && newer !== undefined && removed.length === 1 && added.length === 1) {
    matched.push([older, newer]);
    removed = [];
    added = [];
  }
  return { matched, removed, added };
}
