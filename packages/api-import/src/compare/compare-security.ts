import type { GType } from '@gati-framework/manifest-store';
import { canonicalJson } from '../gtypes/canonical-gtype.js';
import { customValue } from '../gtypes/gtype-shapes.js';
import { asSecurity, type SecurityAlternative } from '../gtypes/security-alternatives.js';
import type { Effect } from './difference.js';

/**
 * Reports how the ways of being allowed in differ, given the types of the
 * headers. Without any requirement, anybody may call. A scheme is what its
 * definition says; its name counts only where no definition is stored.
 */
export function compareSecurity(
  before: GType | undefined,
  after: GType | undefined,
  report: (effect: Effect, what: string) => void,
): void {
  const comparable = definitionsOf(before) !== undefined && definitionsOf(after) !== undefined;
  const older = waysIn(before, comparable);
  const newer = waysIn(after, comparable);
  const known = new Set(older.map(({ text }) => text));
  for (const way of older) {
    if (!newer.some((other) => isEnough(way, other))) report('narrowed', `${way.text} is no longer enough`);
  }
  for (const way of newer) if (!known.has(way.text)) report('compatible', `${way.text} is now enough`);
}

/** One way of being allowed in: scopes by what identifies their scheme. */
interface WayIn {
  readonly scopes: ReadonlyMap<string, readonly string[]>;
  readonly text: string;
}

function waysIn(headers: GType | undefined, comparable: boolean): readonly WayIn[] {
  const found = headers === undefined ? [] : asSecurity(customValue(headers, 'security'));
  const definitions = (comparable ? definitionsOf(headers) : undefined) ?? {};
  const identify = (scheme: string): string =>
    Object.hasOwn(definitions, scheme) ? canonicalJson(definitions[scheme]) : scheme;
  const alternatives: readonly SecurityAlternative[] = found.length === 0 ? [{}] : found;
  return alternatives.map((alternative) => ({
    scopes: new Map(Object.entries(alternative).map(([scheme, scopes]) => [identify(scheme), scopes])),
    text: describe(alternative, definitions),
  }));
}

type Definitions = Readonly<Record<string, unknown>>;

/** What the schemes are; `undefined` where requirements were stored without that. */
function definitionsOf(headers: GType | undefined): Definitions | undefined {
  if (headers === undefined || customValue(headers, 'security') === undefined) return {};
  const value = customValue(headers, 'securitySchemes');
  return typeof value === 'object' && value !== null ? (value as Definitions) : undefined;
}

/** Whether who has everything in `offered` has everything in `wanted`. */
function isEnough(offered: WayIn, wanted: WayIn): boolean {
  return Array.from(wanted.scopes).every(([scheme, scopes]) => {
    const held = offered.scopes.get(scheme);
    return held !== undefined && scopes.every((scope) => held.includes(scope));
  });
}

function describe(alternative: SecurityAlternative, definitions: Definitions): string {
  const parts = Object.entries(alternative).map(([scheme, scopes]) => {
    const text = describeScheme(scheme, definitions[scheme]);
    return scopes.length === 0 ? text : `${text} (${scopes.join(', ')})`;
  });
  return parts.length === 0 ? 'no credential' : parts.join(' with ');
}

/** `Key in header X-Key`, so that a scheme that kept its name can be told from what it was. */
function describeScheme(name: string, definition: unknown): string {
  const { type, in: location, name: field } = (definition ?? {}) as Readonly<Record<string, unknown>>;
  return type === 'apiKey' ? `${name} in ${String(location)} ${String(field)}` : name;
}
