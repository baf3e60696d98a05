import { isApiRef } from '@gati-framework/api-import';
import type { ImpactOf } from '../api/index.js';
import type { Catalog } from './catalog.js';
import type { HandlerEntry } from './handler-entry.js';
import { wayFrom, waysTo } from './type-users.js';
import type { VersionFacts } from './version-facts.js';

/** A version of a handler that depends on something. */
export interface Dependent {
  readonly handler: HandlerEntry;
  readonly version: string;
  readonly places: readonly string[];
  /** The shortest way through types, from the one that the manifest names; empty where no types are concerned. */
  readonly via: readonly string[];
}

/** Every version that depends on it, by handler, oldest first. */
export function dependentsOf(catalog: Catalog, of: ImpactOf, name: string): Dependent[] {
  const find = finderOf(catalog, of, name);
  return sortedHandlers(catalog).flatMap((handler) =>
    handler.versionNames().flatMap((version) => {
      const found = find(handler, version, handler.versions.get(version));
      return found === undefined ? [] : [{ handler, version, ...found }];
    }),
  );
}

/** Handlers by id. */
export function sortedHandlers({ handlers }: Catalog): HandlerEntry[] {
  const found = [...handlers.values()].filter(({ isHandler }) => isHandler);
  return found.sort((a, b) => (a.handlerId < b.handlerId ? -1 : 1));
}

type Find = (
  handler: HandlerEntry,
  version: string,
  facts: VersionFacts | undefined,
) => Pick<Dependent, 'places' | 'via'> | undefined;

function finderOf(catalog: Catalog, of: ImpactOf, name: string): Find {
  switch (of) {
    case 'gtype': {
      const ways = waysTo(catalog, [name]);
      return (_handler, _version, facts) => throughTypes(facts, ways);
    }
    case 'hook':
      return (_handler, _version, facts) =>
        found(facts?.hooks.filter((use) => use.name === name).map(({ place }) => place));
    case 'transformer': {
      const transformer = catalog.transformers.get(name);
      return ({ handlerId }, version) => {
        if (transformer?.handlerId !== handlerId) return undefined;
        const { from, to } = transformer;
        return found([
          ...(from === version ? ['fromVersion'] : []),
          ...(to === version ? ['toVersion'] : []),
        ]);
      };
    }
    case 'dependency':
      return (_handler, _version, facts) => found(dependencyPlaces(facts, name));
  }
}

function throughTypes(
  facts: VersionFacts | undefined,
  ways: ReadonlyMap<string, string | undefined>,
): ReturnType<Find> {
  const reaching = facts?.types.filter((use) => ways.has(use.name)) ?? [];
  const routes = reaching.map((use) => wayFrom(use.name, ways));
  const [first, ...others] = routes;
  if (first === undefined) return undefined;
  const via = others.reduce((shortest, one) => (one.length < shortest.length ? one : shortest), first);
  return { places: reaching.map(({ place }) => place), via };
}

function dependencyPlaces(facts: VersionFacts | undefined, name: string): string[] {
  if (facts === undefined) return [];
  const { modules, plugins = [] } = facts.dependencies;
  return [
    ...(modules.includes(name) ? ['dependencies.modules'] : []),
    ...(plugins.includes(name) ? ['dependencies.plugins'] : []),
  ];
}

function found(places: readonly string[] = []): ReturnType<Find> {
  return places.length === 0 ? undefined : { places, via: [] };
}

/** What there is of a kind, by name. */
export function namesOf(catalog: Catalog, of: ImpactOf): string[] {
  return [...allNames(catalog, of)].sort();
}

/** Whether there is a record of it. A dependency has none, and is stored nowhere but in manifests. */
export function isStored(catalog: Catalog, of: ImpactOf, name: string): boolean {
  if (of === 'gtype') return catalog.types.has(name);
  if (of === 'transformer') return catalog.transformers.has(name);
  if (of === 'dependency') return false;
  for (const { hooks } of catalog.handlers.values()) if (hooks?.includes(name)) return true;
  return false;
}

function allNames(catalog: Catalog, of: ImpactOf): Set<string> {
  if (of === 'gtype') return new Set([...catalog.types.keys()].filter((ref) => !isApiRef(ref)));
  if (of === 'transformer') return new Set(catalog.transformers.keys());
  const names = new Set<string>();
  for (const { versions, hooks } of catalog.handlers.values()) {
    if (of === 'hook') for (const id of hooks ?? []) names.add(id);
    for (const { hooks: used, dependencies } of versions.values()) {
      if (of === 'hook') for (const { name } of used) names.add(name);
      else for (const name of [...dependencies.modules, ...(dependencies.plugins ?? [])]) names.add(name);
    }
  }
  return names;
}
