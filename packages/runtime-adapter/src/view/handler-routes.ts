import type { HandlerManifest, VersionGraph } from '@gati-framework/manifest-store';
import type { Route } from '../routes/route-index.js';
import { parsePattern } from '../routes/route-pattern.js';
import type { Placed } from './handler-entry.js';

/**
 * What a handler answers to: the methods and path of the version that its graph calls current (without a graph, of
 * the latest), and those of other active versions where nothing newer of the handler answers to the same.
 */
export function routesOf(
  manifests: ReadonlyMap<string, Placed<HandlerManifest>>,
  versions: readonly HandlerManifest[],
  graph: VersionGraph | undefined,
): readonly Route[] {
  const routes: Route[] = [];
  const taken = new Set<string>();
  const place = placeOf(manifests);
  for (const manifest of routedVersions(manifests, versions, graph)) {
    for (const method of methodsOf(manifest)) {
      const name = `${method} ${manifest.path}`;
      if (taken.has(name)) continue;
      taken.add(name);
      const pattern = parsePattern(manifest.path);
      if (pattern !== undefined) routes.push({ method, pattern, place, manifest });
    }
  }
  return routes;
}

/** The one in force first, then from the newest to the oldest. */
function routedVersions(
  manifests: ReadonlyMap<string, Placed<HandlerManifest>>,
  versions: readonly HandlerManifest[],
  graph: VersionGraph | undefined,
): HandlerManifest[] {
  const latest = versions.at(-1);
  if (latest === undefined) return [];
  if (graph === undefined) return [latest];
  const current = manifests.get(graph.currentVersion)?.value ?? latest;
  const active = new Set(graph.versions.flatMap(({ version, active }) => (active ? [version] : [])));
  const others = versions.filter((manifest) => manifest !== current && active.has(manifest.version));
  return [current, ...others.reverse()];
}

function methodsOf({ method }: HandlerManifest): string[] {
  return (Array.isArray(method) ? method : [method]).map((one) => one.toUpperCase());
}

/** A handler stands where the first of its manifests does. */
function placeOf(manifests: ReadonlyMap<string, Placed<HandlerManifest>>): number {
  let first = Number.POSITIVE_INFINITY;
  for (const { place } of manifests.values()) first = Math.min(first, place);
  return first;
}
