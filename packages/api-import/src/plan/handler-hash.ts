import type { GType } from '@gati-framework/manifest-store';
import type { HandlerDraft } from '../document/importable-document.js';
import { canonicalJson, sha256 } from '../gtypes/canonical-gtype.js';
import { customAssertion } from '../gtypes/gtype-shapes.js';
import { mapInner } from '../gtypes/map-gtype.js';
import { TypeUniverse } from '../gtypes/type-universe.js';

/**
 * Digest of everything that callers of a handler depend on: its method, its
 * path, and every type that it reaches. Descriptions do not count.
 */
export function handlerHash(handler: HandlerDraft, universe: TypeUniverse): string {
  const { method, path, gtypes } = handler;
  const reachable = [...universe.reachable(Object.values(gtypes))].sort();
  const types = reachable.map((ref) => [ref, universe.digest(ref)]);
  return `sha256:${sha256(canonicalJson({ method, path, gtypes, types }))}`;
}

/** Assertions that imports did not store from the beginning. */
const ADDED_LATER: ReadonlySet<string> = new Set(['securitySchemes', 'subtypes']);

/** The types as they were stored before these assertions were: a store of that time still knows its handlers by them. */
export function asStoredBefore(types: ReadonlyMap<string, GType>): TypeUniverse {
  return new TypeUniverse((ref) => {
    const type = types.get(ref);
    return type === undefined ? undefined : withoutLater(type);
  });
}

function withoutLater(type: GType): GType {
  const copy = mapInner(type, withoutLater);
  const validators = copy.validators?.filter(
    (validator) => !ADDED_LATER.has(customAssertion(validator)?.keyword ?? ''),
  );
  if (validators === undefined || validators.length === copy.validators?.length) return copy;
  const { validators: _, ...rest } = copy;
  return validators.length === 0 ? rest : { ...rest, validators };
}
