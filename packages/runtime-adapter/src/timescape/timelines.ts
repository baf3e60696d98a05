import type { VersionGraph } from '@gati-framework/manifest-store';
import { isOfNoHandler, TimeSlice } from '@gati-framework/manifest-store/backend';
import type { VersionClassificationConfig } from '@gati-framework/runtime/timescape/registry';
import type {
  TSV,
  VersionInfo,
  VersionRegistryState,
  VersionTag,
} from '@gati-framework/runtime/timescape/types';
import type { ManifestView } from '../view/manifest-view.js';
import { graphOfManifests } from './edited-records.js';
import type { HandlerEdit, RegisteredNode } from './graph-edits.js';
import { timeOf, tsvOf } from './tsv.js';
import type { UsageCounts } from './usage-counts.js';
import { statusOf } from './version-status.js';

/** A version as the runtime knows it, and where the store has it. */
export interface KnownVersion {
  readonly handlerId: string;
  readonly node: RegisteredNode;
  readonly info: VersionInfo;
}

/** Keeps the state of a registry of the runtime as the store has it, with edits and requests that are not stored yet. */
export class Timelines {
  readonly #state: VersionRegistryState;
  readonly #view: ManifestView;
  readonly #usage: UsageCounts;
  readonly #config: () => VersionClassificationConfig;
  readonly #versions = new Map<TSV, KnownVersion>();
  readonly #graphs = new Map<string, VersionGraph>();
  readonly #pending = new Map<string, HandlerEdit[]>();

  constructor(
    state: VersionRegistryState,
    view: ManifestView,
    usage: UsageCounts,
    config: () => VersionClassificationConfig,
  ) {
    this.#state = state;
    this.#view = view;
    this.#usage = usage;
    this.#config = config;
  }

  get(tsv: TSV): KnownVersion | undefined {
    return this.#versions.get(tsv);
  }

  /** With edits that are not stored yet. */
  graph(handlerId: string): VersionGraph | undefined {
    return this.#graphs.get(handlerId);
  }

  handlerIds(): string[] {
    return [...this.#graphs.keys()];
  }

  tagsOf(handlerId: string): VersionTag[] {
    const graph = this.#graphs.get(handlerId);
    return (graph?.tags ?? []).flatMap(({ version, ...tag }) => {
      const node = graph?.versions.find((one) => one.version === version);
      return node === undefined ? [] : [{ ...tag, tsv: tsvOf(handlerId, node) }];
    });
  }

  /** Shows an edit before it is stored. Throws what the edit throws. */
  foresee(edit: HandlerEdit): void {
    edit.graph(this.#graphs.get(edit.handlerId));
    this.#pending.set(edit.handlerId, [...(this.#pending.get(edit.handlerId) ?? []), edit]);
    this.rebuild(edit.handlerId);
  }

  /** Edits are stored, or will not be. */
  forget(edits: readonly HandlerEdit[]): void {
    for (const { handlerId } of edits) {
      const left = this.#pending.get(handlerId)?.filter((edit) => !edits.includes(edit)) ?? [];
      if (left.length === 0) this.#pending.delete(handlerId);
      else this.#pending.set(handlerId, left);
    }
    for (const handlerId of new Set(edits.map((edit) => edit.handlerId))) this.rebuild(handlerId);
  }

  rebuildAll(): void {
    const ids = new Set([...this.#graphs.keys(), ...this.#view.handlerIds(), ...this.#pending.keys()]);
    for (const handlerId of ids) this.rebuild(handlerId);
  }

  rebuild(handlerId: string): void {
    if (isOfNoHandler(handlerId)) return;
    for (const { tsv } of this.#state.handlers[handlerId]?.versions ?? []) this.#remove(tsv);
    const graph = this.#foreseen(handlerId);
    if (graph === undefined) {
      this.#graphs.delete(handlerId);
      delete this.#state.handlers[handlerId];
      return;
    }
    this.#graphs.set(handlerId, graph);
    const known = graph.versions.map((node) => this.#knownVersion(graph, node));
    known.sort((a, b) => a.info.timestamp - b.info.timestamp);
    for (const version of known) this.#add(version);
    this.#state.handlers[handlerId] = { handlerPath: handlerId, versions: known.map(({ info }) => info) };
  }

  /** After a request, or because time has passed. */
  reclassify({ handlerId, node, info }: KnownVersion, now: number): void {
    const usage = this.#usage.of(info.tsv);
    const stored = this.#view.getTimescapeMetadata(handlerId, node.version)?.metrics;
    info.requestCount = (stored?.requestCount ?? 0) + (usage?.requests ?? 0);
    info.lastAccessed = Math.max(node.deployedAt, stored?.lastUpdated ?? 0, usage?.lastAccessed ?? 0);
    info.status = statusOf({ ...info, active: node.active }, this.#config(), now);
    const [here, there] =
      info.status === 'cold'
        ? [this.#state.coldVersions, this.#state.activeVersions]
        : [this.#state.activeVersions, this.#state.coldVersions];
    here.add(info.tsv);
    there.delete(info.tsv);
  }

  /** Gives way to requests in between. */
  async reclassifyAll(): Promise<void> {
    const slice = new TimeSlice();
    for (const version of this.#versions.values()) {
      if (slice.isOver) await slice.next();
      if (this.#versions.get(version.info.tsv) === version) this.reclassify(version, Date.now());
    }
  }

  #foreseen(handlerId: string): VersionGraph | undefined {
    const stored =
      this.#view.getVersionGraph(handlerId) ??
      graphOfManifests(handlerId, this.#view.getManifestVersions(handlerId));
    return (this.#pending.get(handlerId) ?? []).reduce<VersionGraph | undefined>((graph, edit) => {
      try {
        return edit.graph(graph);
      } catch {
        return graph; // somebody else has deleted what it changes: whoever asked for it is told by its commit
      }
    }, stored);
  }

  #knownVersion(graph: VersionGraph, node: RegisteredNode): KnownVersion {
    const tsv = tsvOf(graph.handlerId, node);
    const { dbSchemaVersion } = node;
    const info: VersionInfo = {
      tsv,
      timestamp: timeOf(tsv),
      hash: node.manifestHash,
      status: 'hot',
      requestCount: 0,
      lastAccessed: node.deployedAt,
      tags: (graph.tags ?? []).flatMap(({ label, version }) => (version === node.version ? [label] : [])),
      ...(dbSchemaVersion === undefined ? {} : { dbSchemaVersion }),
    };
    return { handlerId: graph.handlerId, node, info };
  }

  #add(version: KnownVersion): void {
    this.#versions.set(version.info.tsv, version);
    this.reclassify(version, Date.now());
  }

  #remove(tsv: TSV): void {
    this.#versions.delete(tsv);
    this.#state.activeVersions.delete(tsv);
    this.#state.coldVersions.delete(tsv);
  }
}
