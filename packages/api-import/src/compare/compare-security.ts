import { canonicalJson } from '../gtypes/canonical-gtype.js';
import { asSecurity, type SecurityAlternative } from '../gtypes/security-alternatives.js';
import type { Effect } from './difference.js';

/** Reports how the ways of being allowed in differ. Without any requirement, anybody may call. */
export function compareSecurity(
  before: unknown,
  after: unknown,
  report: (effect: Effect, what: string) => void,
): void {
  const older = alternatives(before);
  const newer = alternatives(after);
  const isNew = difference(newer, older);
  for (const alternative of difference(older, newer)) {
    const stillEnough = newer.some((candidate) => isEnough(alternative, candidate));
    if (!stillEnough) report('narrowed', `${describe(alternative)} is no longer enough`);
  }
  for (const alternative of isNew) report('compatible', `${describe(alternative)} is now enough`);
}

function alternatives(value: unknown): readonly SecurityAlternative[] {
  const found = asSecurity(value);
  return found.length === 0 ? [{}] : found;
}

function difference(
  from: readonly SecurityAlternative[],
  without: readonly SecurityAlternative[],
): SecurityAlternative[] {
  const known = new Set(without.map(canonicalJson));
  return from.filter((alternative) => !known.has(canonicalJson(alternative)));
}

/** Whether who has everything in `offered` has everything in `wanted`. */
function isEnough(offered: SecurityAlternative, wanted: SecurityAlternative): boolean {
  return Object.entries(wanted).every(
    ([scheme, scopes]) =>
      Object.hasOwn(offered, scheme) && scopes.every((scope) => offered[scheme]?.includes(scope)),
  );
}

function describe(alternative: SecurityAlternative): string {
  const parts = Object.entries(alternative).map(([scheme, scopes]) =>
    scopes.length === 0 ? scheme : `${scheme} (${scopes.join(', ')})`,
  );
  return parts.length === 0 ? 'no credential' : parts.join(' with ');
}
