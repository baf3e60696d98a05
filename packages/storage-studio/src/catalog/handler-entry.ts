import type { Revision } from '@gati-framework/manifest-store';
import type { VersionStatus } from '../api/index.js';
import type { GraphFacts, VersionFacts } from './version-facts.js';

/**
 * A handler as a catalog knows it. Several catalogs may share one: only the one whose `owner` it has
 * changes it, the others take a copy first.
 */
export class HandlerEntry {
  readonly handlerId: string;
  readonly owner: object;
  /** In first-stored order. */
  readonly versions: Map<string, VersionFacts>;
  readonly statuses: Map<string, VersionStatus | undefined>;
  graph: GraphFacts | undefined;
  /** Ids of the hooks that its hook manifest holds; `undefined` where there is none. */
  hooks: readonly string[] | undefined;
  #sorted: readonly VersionFacts[] | undefined;

  constructor(handlerId: string, owner: object, from?: HandlerEntry) {
    this.handlerId = handlerId;
    this.owner = owner;
    this.versions = new Map(from?.versions);
    this.statuses = new Map(from?.statuses);
    this.graph = from?.graph;
    this.hooks = from?.hooks;
  }

  /** Whether anything of it is stored that makes it a handler: a manifest or a graph. */
  get isHandler(): boolean {
    return this.versions.size > 0 || this.graph !== undefined;
  }

  get isEmpty(): boolean {
    return !this.isHandler && this.statuses.size === 0 && this.hooks === undefined;
  }

  putVersion(facts: VersionFacts): void {
    this.versions.set(facts.version, facts);
    this.#sorted = undefined;
  }

  deleteVersion(version: string): void {
    this.versions.delete(version);
    this.#sorted = undefined;
  }

  /** Versions that have a manifest, oldest first. */
  sortedVersions(): readonly VersionFacts[] {
    this.#sorted ??= [...this.versions.values()].sort((a, b) => a.createdAt - b.createdAt);
    return this.#sorted;
  }

  /** The names of its versions, oldest first; where there are no manifests, those of its graph. */
  versionNames(): readonly string[] {
    if (this.versions.size > 0) return this.sortedVersions().map(({ version }) => version);
    return [...(this.graph?.nodes.keys() ?? [])];
  }

  isBreaking(version: string): boolean {
    return this.graph?.nodes.get(version)?.breaking === true;
  }

  /** When a version was deployed, by its graph, or made. */
  deployedAt(version: string): number | undefined {
    return this.graph?.nodes.get(version)?.deployedAt ?? this.versions.get(version)?.createdAt;
  }

  /** The commit that last stored a manifest or the graph. */
  get revision(): Revision {
    let found = this.graph?.revision ?? 0;
    for (const { revision } of this.versions.values()) found = Math.max(found, revision);
    return found;
  }
}
