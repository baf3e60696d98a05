import { TypeUniverse } from '@gati-framework/api-import';
import type { GType } from '@gati-framework/manifest-store';
import type { State } from '../diff/state.js';

/**
 * The types that these refs lead to, directly or not. The types of the state are read once for each step that the
 * longest way takes; memory is that of the types that are reached.
 */
export async function typesReached(state: State, refs: Iterable<string>): Promise<TypeUniverse> {
  const types = new Map<string, GType>();
  const universe = new TypeUniverse((ref) => types.get(ref));
  const asked = new Set<string>();
  let wanted = new Set(refs);
  while (wanted.size > 0) {
    for await (const { kind, value } of state.entries({ kinds: ['gtype'] }))
      if (kind === 'gtype' && wanted.has(value.ref)) types.set(value.ref, value);
    for (const ref of wanted) asked.add(ref);
    const found = [...wanted].filter((ref) => types.has(ref));
    wanted = new Set(found.flatMap((ref) => [...universe.children(ref)]).filter((ref) => !asked.has(ref)));
  }
  return universe;
}
