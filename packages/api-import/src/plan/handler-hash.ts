import type { HandlerDraft } from '../document/importable-document.js';
import { canonicalJson, sha256 } from '../gtypes/canonical-gtype.js';
import type { TypeUniverse } from '../gtypes/type-universe.js';

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
