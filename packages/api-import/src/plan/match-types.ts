import { baseRef } from '../gtypes/refs.js';
import type { TypeUniverse } from '../gtypes/type-universe.js';
import type { StoredState } from './stored-state.js';

/**
 * Which stored type each type of a document is, if any: one with the same name
 * that says the same, and refers only to stored types that are, in turn, the
 * types of the document. Types may refer to each other in circles, so every pair
 * that says the same is a match until something that it depends on turns out not to be.
 */
export function matchTypes(
  refs: Iterable<string>,
  universe: TypeUniverse,
  stored: StoredState,
): Map<string, string> {
  const candidates = new Map<string, Set<string>>();
  const dependents = new Map<string, [ref: string, storedRef: string][]>();
  const refuted: [ref: string, storedRef: string][] = [];
  for (const ref of refs) {
    const same = (stored.versionsOfType.get(ref) ?? []).filter(
      (storedRef) => stored.universe.digest(storedRef) === universe.digest(ref),
    );
    candidates.set(ref, new Set(same));
  }
  for (const [ref, matches] of candidates) {
    for (const storedRef of matches) {
      for (const child of stored.universe.children(storedRef)) {
        if (!candidates.get(baseRef(child))?.has(child)) refuted.push([ref, storedRef]);
        const waiting = dependents.get(child) ?? [];
        waiting.push([ref, storedRef]);
        dependents.set(child, waiting);
      }
    }
  }
  for (let pair = refuted.pop(); pair !== undefined; pair = refuted.pop()) {
    const [ref, storedRef] = pair;
    if (candidates.get(ref)?.delete(storedRef)) refuted.push(...(dependents.get(storedRef) ?? []));
  }
  return new Map(
    Array.from(candidates).flatMap(([ref, [first]]) => (first === undefined ? [] : [[ref, first] as const])),
  );
}
