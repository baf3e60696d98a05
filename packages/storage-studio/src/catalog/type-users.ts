import type { Catalog } from './catalog.js';

/**
 * Every type from which one of these is reached, itself included, with the next type on the shortest way
 * there; a target has none.
 */
export function waysTo(catalog: Catalog, targets: Iterable<string>): Map<string, string | undefined> {
  const parents = catalog.parents();
  const next = new Map<string, string | undefined>();
  for (const target of targets) next.set(target, undefined);
  // A map visits what is added to it while it is walked: those nearest to a target first.
  for (const ref of next.keys()) {
    for (const parent of parents.get(ref) ?? []) if (!next.has(parent)) next.set(parent, ref);
  }
  return next;
}

/** The types on the way from one to a target, both included. */
export function wayFrom(ref: string, ways: ReadonlyMap<string, string | undefined>): string[] {
  const way: string[] = [];
  for (let at: string | undefined = ref; at !== undefined; at = ways.get(at)) way.push(at);
  return way;
}
