import { isApiRef } from '@gati-framework/api-import';
import { versionTest } from '@gati-framework/storage-tools/filter';
import type { FoundIn, HandlerSort, HandlersQuery } from '../api/index.js';
import type { Catalog } from './catalog.js';
import { sortedHandlers } from './dependents.js';
import type { HandlerEntry } from './handler-entry.js';
import { waysTo } from './type-users.js';
import type { VersionFacts } from './version-facts.js';

/** A handler that was asked for, and those of its versions that were. */
export interface HandlerMatch {
  readonly handler: HandlerEntry;
  /** Oldest first; at least one, unless the handler has none. */
  readonly versions: readonly string[];
}

/** The handlers that a query asks for, and why. */
export interface HandlerSearch {
  /** In the order of the query. */
  readonly matches: readonly HandlerMatch[];
  /** Where the first word is that was searched, if not in the id. */
  placeOf(handler: HandlerEntry): FoundIn | undefined;
}

/** @throws StorageError `INVALID_OPTIONS` when a filter cannot be understood. */
export function searchHandlers(catalog: Catalog, query: HandlersQuery): HandlerSearch {
  const isWanted = versionFilter(query);
  const words = new WordSearch(catalog, wordsOf(query.q));
  const matches = sortedHandlers(catalog).flatMap((handler): HandlerMatch[] => {
    const versions = handler.versionNames();
    const wanted = isWanted === undefined ? versions : versions.filter((name) => isWanted(handler, name));
    if (isWanted !== undefined && wanted.length === 0) return [];
    return words.matches(handler) ? [{ handler, versions: wanted }] : [];
  });
  return { matches: sorted(matches, query.sort ?? 'id'), placeOf: (handler) => words.placeOf(handler) };
}

function wordsOf(q = ''): string[] {
  return q.toLowerCase().split(/\s+/u).filter(Boolean);
}

function versionFilter({
  path,
  method,
  role,
  dependency,
  status,
  breaking,
}: HandlersQuery): ((handler: HandlerEntry, version: string) => boolean) | undefined {
  const filter = Object.fromEntries(
    Object.entries({ path, method, role, dependency, status }).filter(([, value]) => value !== undefined),
  );
  if (Object.keys(filter).length === 0 && breaking === undefined) return undefined;
  const test = versionTest(filter);
  return (handler, version) =>
    (breaking === undefined || handler.isBreaking(version) === breaking) &&
    test(handler.versions.get(version), handler.statuses.get(version));
}

const ORDERS: Readonly<Record<string, (a: HandlerMatch, b: HandlerMatch) => number>> = {
  id: () => 0,
  path: (a, b) => compareTexts(pathOf(a), pathOf(b)),
  deployed: (a, b) => a.handler.revision - b.handler.revision,
  versions: (a, b) => a.versions.length - b.versions.length,
};

/** By id where nothing else tells; turned round, too, as the whole list is. */
function sorted(matches: HandlerMatch[], sort: HandlerSort): HandlerMatch[] {
  const isReversed = sort.startsWith('-');
  const order = ORDERS[isReversed ? sort.slice(1) : sort];
  if (order !== undefined && !sort.endsWith('id')) matches.sort(order);
  return isReversed ? matches.reverse() : matches;
}

function pathOf({ handler, versions }: HandlerMatch): string {
  return handler.versions.get(versions.at(-1) ?? '')?.path ?? '';
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

interface SearchedWord {
  readonly word: string;
  /** The types from which one is reached that holds the word in its name or in that of a field. */
  readonly types: ReadonlyMap<string, string | undefined>;
}

/** Words of which a handler must hold each. */
class WordSearch {
  readonly #catalog: Catalog;
  readonly #words: readonly SearchedWord[];

  constructor(catalog: Catalog, words: readonly string[]) {
    this.#catalog = catalog;
    this.#words = words.map((word) => ({ word, types: waysTo(catalog, typesWith(catalog, word)) }));
  }

  matches(handler: HandlerEntry): boolean {
    return this.#words.every(
      ({ word, types }) => holds(handler.handlerId, word) || isInVersions(handler, word, types),
    );
  }

  /** Of the first word. */
  placeOf(handler: HandlerEntry): FoundIn | undefined {
    const [first] = this.#words;
    if (first === undefined || holds(handler.handlerId, first.word)) return undefined;
    const { word, types } = first;
    for (const version of [...handler.versions.values()].reverse()) {
      const named = namedPlaces(version).find(([, text]) => holds(text, word));
      if (named !== undefined) return { in: named[0], text: named[1] };
      const use = version.types.find(({ name }) => types.has(name));
      if (use !== undefined) return this.#placeInType(use.name, first);
    }
    return undefined;
  }

  #placeInType(named: string, { word, types }: SearchedWord): FoundIn {
    let ref = named;
    for (let next = types.get(ref); next !== undefined; next = types.get(ref)) ref = next;
    if (holds(ref, word)) return { in: 'type', text: ref };
    const fields = this.#catalog.types.get(ref)?.fields?.split('\n') ?? [];
    return { in: 'field', text: `${ref}.${fields.find((name) => holds(name, word)) ?? ''}` };
  }
}

function* typesWith({ types }: Catalog, word: string): Generator<string> {
  for (const { ref, fields = '' } of types.values())
    if (!isApiRef(ref) && (holds(ref, word) || holds(fields, word))) yield ref;
}

function isInVersions(
  { versions }: HandlerEntry,
  word: string,
  types: ReadonlyMap<string, string | undefined>,
): boolean {
  for (const version of versions.values()) {
    if (version.types.some(({ name }) => types.has(name))) return true;
    if (namedPlaces(version).some(([, text]) => holds(text, word))) return true;
  }
  return false;
}

function namedPlaces(version: VersionFacts): (readonly [FoundIn['in'], string])[] {
  const { modules, plugins = [] } = version.dependencies;
  return [
    ['path', version.path],
    ...(version.policies.roles ?? []).map((role) => ['role', role] as const),
    ...[...modules, ...plugins].map((name) => ['dependency', name] as const),
  ];
}

function holds(text: string, word: string): boolean {
  return text.toLowerCase().includes(word);
}
