import type { GType } from '@gati-framework/manifest-store';
import type { HandlerDraft } from '../document/importable-document.js';
import { canonicalJson, sha256 } from '../gtypes/canonical-gtype.js';
import { customAssertion } from '../gtypes/gtype-shapes.js';
import { mapInner } from '../gtypes/map-gtype.js';
import { TypeUniverse } from '../gtypes/type-universe.js';

/**
 * Digest of everything that callers of a handler depend on: its method, its
 * path, and every type that it reaches; and of what it declares beside that. Descriptions do not count.
 */
export function handlerHash(handler: HandlerDraft, universe: TypeUniverse): string {
  const { method, path, gtypes, declared } = handler;
  const reachable = [...universe.reachable(Object.values(gtypes))].sort();
  const types = reachable.map((ref) => [ref, universe.digest(ref)]);
  return `sha256:${sha256(canonicalJson({ method, path, gtypes, types, ...(declared && { declared: withoutTime(declared) }) }))}`;
}

/** A version as the framework generates it: the time of that, and the beginning of the digest of the handler's source. */
const GENERATED = /^v\d{13}-([0-9a-f]{8})$/;

/** A bundle that is generated again from the same source says the same. */
function withoutTime({ version, ...duties }: NonNullable<HandlerDraft['declared']>): object {
  return { ...duties, source: GENERATED.exec(version)?.[1] ?? version };
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
