import type { HandlerComparer } from '../compare/compare-handlers.js';
import { worst } from '../compare/difference.js';
import { routeShape } from '../compare/route-shape.js';
import type { HandlerDraft } from '../document/importable-document.js';
import type { RenamedHandler } from './import-report.js';
import type { StoredState } from './stored-state.js';

/**
 * Handlers that are new by their id only: the document before had an operation of
 * the same method and path under another one. Callers do not see ids.
 *
 * @param removed Ids that the document before had and this one has not.
 * @param added Ids that the store does not have.
 */
export function findRenamed(
  handlers: readonly HandlerDraft[],
  added: ReadonlySet<string>,
  removed: readonly string[],
  stored: StoredState,
  comparer: HandlerComparer,
): RenamedHandler[] {
  const older = removed.flatMap((handlerId) => stored.latestOfOthers.get(handlerId) ?? []);
  const byRoute = new Map(older.map((manifest) => [routeOf(manifest), manifest]));
  return handlers.flatMap((handler) => {
    const before = added.has(handler.handlerId) ? byRoute.get(routeOf(handler)) : undefined;
    if (before === undefined) return [];
    const differences = comparer.compare(before, handler);
    const verdict = worst(differences.map((difference) => difference.verdict));
    const { handlerId, version } = before;
    return [{ handlerId: handler.handlerId, was: handlerId, parent: version, verdict, differences }];
  });
}

function routeOf({ method, path }: { method: string | string[]; path: string }): string {
  return `${[method].flat().join()} ${routeShape(path)}`;
}
