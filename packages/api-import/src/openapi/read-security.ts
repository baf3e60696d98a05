import type { Validator } from '@gati-framework/manifest-store';
import { expectArray, expectObject, expectString, type JsonObject, own } from '../document/json-object.js';
import { joinPlace } from '../document/place.js';
import { custom } from '../gtypes/gtype-shapes.js';
import type { SecurityAlternative } from '../gtypes/security-alternatives.js';
import type { OpenApiContext } from './openapi-context.js';
import type { SchemeDefinition } from './security-schemes.js';

/**
 * What a caller must prove, as a custom assertion on the headers: a manifest
 * knows roles only. Empty when anybody may call.
 */
export function readSecurity(context: OpenApiContext, operation: JsonObject, place: string): Validator[] {
  const ownSecurity = own(operation, 'security');
  const [value, at] =
    ownSecurity === undefined ? [context.security, 'security'] : [ownSecurity, joinPlace(place, 'security')];
  if (value === undefined) return [];
  const schemes: Record<string, SchemeDefinition> = {};
  const alternatives = expectArray(value, at, 'security').map((item, i) =>
    readAlternative(context, item, joinPlace(at, i), schemes),
  );
  if (alternatives.length === 0) return [];
  alternatives.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  context.findings.add('operation.security', 'assertion', at);
  const security = custom({ keyword: 'security', value: alternatives });
  if (Object.keys(schemes).length === 0) return [security];
  return [security, custom({ keyword: 'securitySchemes', value: schemes })];
}

/** @param schemes Gets the definition of each scheme that is named. */
function readAlternative(
  context: OpenApiContext,
  item: unknown,
  place: string,
  schemes: Record<string, SchemeDefinition>,
): SecurityAlternative {
  const alternative: Record<string, readonly string[]> = {};
  for (const [scheme, scopes] of Object.entries(expectObject(item, place, 'a security requirement'))) {
    const scopesPlace = joinPlace(place, scheme);
    schemes[scheme] = context.schemes.get(scheme, scopesPlace);
    alternative[scheme] = expectArray(scopes, scopesPlace, 'the scopes of a scheme')
      .map((scope, i) => expectString(scope, joinPlace(scopesPlace, i), 'a scope'))
      .sort();
  }
  return alternative;
}
