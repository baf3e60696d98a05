import type { GType } from '@gati-framework/manifest-store';
import { customValue, isStub } from '../gtypes/gtype-shapes.js';
import type { Alternative } from './alternative.js';
import type { Site, TypeComparer } from './compare-types.js';
import { type Lookup, normalForm } from './normal-form.js';

/** The properties of objects, as far as they travel in the direction: callers do not send what is read-only. */
export function compareFields(
  comparer: TypeComparer,
  before: Alternative,
  after: Alternative,
  site: Site,
): void {
  const marker = site.side === 'request' ? 'readOnly' : 'writeOnly';
  const lookups = lookupsOf(comparer);
  const older = visible(before, marker, lookups.before);
  const newer = visible(after, marker, lookups.after);
  for (const [name, types] of older) {
    const place = inside(site, `.${name}`);
    const now = newer.get(name);
    if (now !== undefined) {
      compareRequired(comparer, before.required.has(name), after.required.has(name), place);
      comparer.compare(types, now, place);
    } else if (after.fields.has(name)) {
      comparer.report('removed', `is now ${marker === 'readOnly' ? 'read-only' : 'write-only'}`, place);
    } else if (normalForm(types, lookups.before).alternatives.length > 0) {
      comparer.report('removed', 'is gone', place);
    }
  }
  for (const [name, types] of newer) {
    if (older.has(name)) continue;
    const place = inside(site, `.${name}`);
    const wasRequired = before.required.has(name) && !before.fields.has(name);
    const required = after.required.has(name) && !wasRequired;
    comparer.report(required ? 'narrowed' : 'compatible', `is new${required ? ' and required' : ''}`, place);
    if (before.rest.length > 0) compareWithRest(comparer, before.rest, types, place);
  }
  compareUndescribed(comparer, before, after, site);
  if (before.rest.length + after.rest.length > 0) {
    comparer.compare(before.rest, after.rest, inside(site, '.*'));
  }
}

/** Items of arrays: those that have a place of their own, and the others. */
export function compareItems(
  comparer: TypeComparer,
  before: Alternative,
  after: Alternative,
  site: Site,
): void {
  for (const i of new Set([...before.fields.keys(), ...after.fields.keys()])) {
    const older = before.fields.get(i) ?? before.rest;
    comparer.compare(older, after.fields.get(i) ?? after.rest, inside(site, `[${i}]`));
  }
  comparer.compare(before.rest, after.rest, inside(site, '[]'));
}

export function inside(site: Site, path: string): Site {
  return { ...site, where: `${site.where}${path}` };
}

export function lookupsOf({ universes }: TypeComparer): { before: Lookup; after: Lookup } {
  return { before: (ref) => universes.before.get(ref), after: (ref) => universes.after.get(ref) };
}

function compareRequired(comparer: TypeComparer, before: boolean, after: boolean, site: Site): void {
  if (!before && after) comparer.report('narrowed', 'is now required', site);
  if (before && !after) comparer.report('widened', 'is now optional', site);
}

/** Names that are required without being described on either side. */
function compareUndescribed(
  comparer: TypeComparer,
  before: Alternative,
  after: Alternative,
  site: Site,
): void {
  for (const name of new Set([...before.required, ...after.required])) {
    if (before.fields.has(name) || after.fields.has(name)) continue;
    const place = inside(site, `.${name}`);
    compareRequired(comparer, before.required.has(name), after.required.has(name), place);
  }
}

/** A property that is described for the first time was one of the additional ones; where these were refused, it is new. */
function compareWithRest(
  comparer: TypeComparer,
  rest: readonly GType[],
  types: readonly GType[],
  site: Site,
): void {
  if (normalForm(rest, lookupsOf(comparer).before).alternatives.length > 0) {
    comparer.compare(rest, types, site);
  }
}

function visible(
  alternative: Alternative,
  marker: string,
  lookup: Lookup,
): ReadonlyMap<string, readonly GType[]> {
  const hidden = [...alternative.fields].filter(([, types]) =>
    types.some((type) => isMarked(type, marker, lookup)),
  );
  if (hidden.length === 0) return alternative.fields;
  const fields = new Map(alternative.fields);
  for (const [name] of hidden) fields.delete(name);
  return fields;
}

/** Whether a type, or a type that it is or demands, carries the marker. */
function isMarked(
  type: GType,
  marker: string,
  lookup: Lookup,
  visited: ReadonlySet<string> = new Set(),
): boolean {
  if (isStub(type)) {
    const target = visited.has(type.ref) ? undefined : lookup(type.ref);
    return target !== undefined && isMarked(target, marker, lookup, new Set([...visited, type.ref]));
  }
  if (customValue(type, marker) === true) return true;
  return (
    type.kind === 'intersection' &&
    (type.types ?? []).some((member) => isMarked(member, marker, lookup, visited))
  );
}
