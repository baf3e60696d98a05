import type {
  Change,
  Entry,
  Expectation,
  HandlerManifest,
  VersionNode,
} from '@gati-framework/manifest-store';
import { type ComparableHandler, HandlerComparer } from '../compare/compare-handlers.js';
import { type Difference, worst } from '../compare/difference.js';
import type { HandlerDraft, ImportableDocument } from '../document/importable-document.js';
import type { TypeUniverse } from '../gtypes/type-universe.js';
import { chooseVersion } from './choose-version.js';
import { extendGraph, insertIntoGraph } from './extend-graph.js';
import { findRenamed } from './find-renamed.js';
import { asStoredBefore, handlerHash } from './handler-hash.js';
import type {
  ChangedHandler,
  HandlerSummary,
  InsertedHandler,
  RenamedHandler,
  Weighed,
} from './import-report.js';
import { newManifest } from './new-manifest.js';
import { chooseNeighbours, type InsertSite, timeBetween } from './place-in-history.js';
import type { ApiPlan } from './plan-api.js';
import type { TypesPlan } from './plan-types.js';
import type { StoredState } from './stored-state.js';
import { isOlder } from './version-order.js';

export interface HandlersPlanOptions {
  readonly versionName: string | undefined;
  /** Whether a version that is older than others takes its place before them. */
  readonly insert: boolean;
  readonly strictErrors: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export class HandlersPlan {
  readonly changes: Change[] = [];
  readonly expect: Expectation[] = [];
  readonly added: HandlerSummary[] = [];
  readonly changed: ChangedHandler[] = [];
  readonly inserted: InsertedHandler[] = [];
  readonly unchanged: string[] = [];
  readonly outdated: { handlerId: string; version: string; latest: string }[] = [];
  readonly #document: ImportableDocument;
  readonly #stored: StoredState;
  readonly #options: HandlersPlanOptions;
  readonly #types: TypesPlan;
  readonly #api: ApiPlan;
  readonly #comparer: HandlerComparer;
  readonly #backwards: () => HandlerComparer;
  readonly #before: TypeUniverse;

  constructor(
    document: ImportableDocument,
    stored: StoredState,
    options: HandlersPlanOptions,
    universe: TypeUniverse,
    types: TypesPlan,
    api: ApiPlan,
  ) {
    this.#document = document;
    this.#stored = stored;
    this.#options = options;
    this.#types = types;
    this.#api = api;
    this.#before = asStoredBefore(document.types);
    const { strictErrors } = options;
    this.#comparer = new HandlerComparer(stored.universe, universe, { strictErrors });
    this.#backwards = once(() => new HandlerComparer(universe, stored.universe, { strictErrors }));
  }

  add(handler: HandlerDraft, hash: string): void {
    const { handlerId } = handler;
    const graph = this.#stored.graphs.get(handlerId);
    const entries = this.#stored.manifests.get(handlerId) ?? [];
    const versions = entries.map(({ value }) => value);
    const latest = versions[versions.length - 1];
    this.expect.push(...entries, graph ?? { kind: 'versionGraph', key: { handlerId }, revision: null });
    const older = once(() => handlerHash(handler, this.#before));
    const isSame = (version: HandlerManifest): boolean => version.hash === hash || version.hash === older();
    const olderName = this.#nameToInsert(latest);
    if (olderName !== undefined && !this.#api.isSuperseded) {
      this.#insert({ handler, hash, name: olderName, versions, graph: graph?.value, isSame });
      return;
    }
    if (latest !== undefined && isSame(latest)) {
      this.unchanged.push(handlerId);
      return;
    }
    if (this.#api.isSuperseded) {
      const version = versions.findLast(isSame)?.version ?? this.#document.version?.name ?? '';
      this.outdated.push({ handlerId, version, latest: latest?.version ?? version });
      return;
    }
    const differences = once(() =>
      latest === undefined ? [] : this.#comparer.compare(latest, comparable(handler)),
    );
    const breaking = (): boolean => isBreaking(differences());
    const rules = {
      document: this.#document,
      versionName: this.#options.versionName,
      documentVersions: this.#api.versions,
    };
    const choice = chooseVersion(rules, handler, isSame, versions, breaking);
    if ('stored' in choice) {
      this.outdated.push({ handlerId, version: choice.stored, latest: latest?.version ?? choice.stored });
      return;
    }
    this.#addVersion(handler, hash, choice.name, versions, graph, differences(), breaking());
  }

  /** To be asked when all handlers are added. */
  findRenamed(): RenamedHandler[] {
    const added = new Set(this.added.map(({ handlerId }) => handlerId));
    return findRenamed(this.#document.handlers, added, this.#api.removed, this.#stored, this.#comparer);
  }

  /** The name of a version that is to be inserted before the latest one; `undefined` where it comes behind it. */
  #nameToInsert(latest: HandlerManifest | undefined): string | undefined {
    const name = this.#options.versionName ?? this.#document.version?.name;
    if (!this.#options.insert || latest === undefined || name === undefined) return undefined;
    return this.#api.isOlder || isOlder(name, latest.version) ? name : undefined;
  }

  #insert(site: Omit<InsertSite, 'place' | 'documentVersions'>): void {
    const { handler, hash, name } = site;
    const { handlerId, path } = handler;
    const method = methodsOf(handler);
    const place = this.#document.version?.place ?? handler.place;
    const choice = chooseNeighbours({ ...site, place, documentVersions: this.#api.versions });
    if ('stored' in choice) {
      const latest = (site.versions[site.versions.length - 1] as HandlerManifest).version;
      if (choice.stored === latest) this.unchanged.push(handlerId);
      else this.outdated.push({ handlerId, version: choice.stored, latest });
      return;
    }
    const { previous, next } = choice;
    const before = previous === undefined ? [] : this.#comparer.compare(previous, comparable(handler));
    const after = this.#backwards().compare(comparable(handler), next);
    const createdAt = timeBetween(choice, place);
    const node: VersionNode = {
      version: name,
      manifestHash: hash,
      deployedAt: createdAt,
      active: true,
      breaking: isBreaking(before),
      ...(previous === undefined ? {} : { parent: previous.version }),
    };
    const graph = insertIntoGraph(site.graph, site.versions, node, next, isBreaking(after));
    this.expect.push({ kind: 'manifest', key: { handlerId, version: name }, revision: null });
    this.changes.push(
      { put: 'manifest', value: newManifest(handler, hash, name, createdAt, this.#types.refOf) },
      { put: 'versionGraph', value: graph },
    );
    this.inserted.push({
      ...{ handlerId, version: name, method, path },
      ...(previous === undefined ? {} : { parent: previous.version }),
      ...weigh(before),
      next: { version: next.version, ...weigh(after) },
    });
  }

  #addVersion(
    handler: HandlerDraft,
    hash: string,
    version: string,
    versions: readonly HandlerManifest[],
    graph: Entry<'versionGraph'> | undefined,
    differences: readonly Difference[],
    breaking: boolean,
  ): void {
    const { handlerId, path } = handler;
    const method = methodsOf(handler);
    const latest = versions[versions.length - 1];
    const createdAt = this.#createdAt(latest);
    const node: VersionNode = {
      version,
      manifestHash: hash,
      deployedAt: createdAt,
      active: true,
      breaking,
      ...(latest === undefined ? {} : { parent: latest.version }),
    };
    this.expect.push({ kind: 'manifest', key: { handlerId, version }, revision: null });
    this.changes.push(
      { put: 'manifest', value: newManifest(handler, hash, version, createdAt, this.#types.refOf) },
      { put: 'versionGraph', value: extendGraph(handlerId, graph?.value, versions, node) },
    );
    const summary: HandlerSummary = { handlerId, version, method, path };
    if (latest === undefined) this.added.push(summary);
    else this.changed.push({ ...summary, parent: latest.version, ...weigh(differences) });
  }

  /** Later than the version it follows, also when the clock is not: the order of versions is the order of imports. */
  #createdAt(latest: HandlerManifest | undefined): number {
    const { now } = this.#options;
    const wanted = Math.min(this.#document.writtenAt ?? now, now);
    return latest === undefined ? wanted : Math.max(wanted, latest.createdAt + 1);
  }
}

function comparable(handler: HandlerDraft): ComparableHandler {
  return { ...handler, policies: handler.declared?.policies };
}

function methodsOf({ method }: HandlerDraft): string {
  return [method].flat().join(', ');
}

function isBreaking(differences: readonly Difference[]): boolean {
  return differences.some(({ breaking }) => breaking);
}

function weigh(differences: readonly Difference[]): Weighed {
  const verdict = worst(differences.map((difference) => difference.verdict));
  return { breaking: isBreaking(differences), verdict, differences };
}

function once<T>(compute: () => T): () => T {
  let result: { value: T } | undefined;
  return () => {
    result ??= { value: compute() };
    return result.value;
  };
}
