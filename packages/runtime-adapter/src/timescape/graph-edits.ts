import type {
  StorageError,
  TimescapeMetadata,
  VersionGraph,
  VersionLabel,
  VersionNode,
} from '@gati-framework/manifest-store';
import { invalidOption } from '@gati-framework/manifest-store/backend';
import type { TSV, VersionInfo } from '@gati-framework/runtime/timescape/types';
import { momentOf, timeOf, tsvOf } from './tsv.js';

/** A version in a graph, with what only the runtime knows of it. */
export interface RegisteredNode extends VersionNode {
  /** The version of a database schema that it needs. */
  dbSchemaVersion?: string;
}

/** A change of what the store says of a handler: made of what is there, whatever that is by then. */
export interface HandlerEdit {
  readonly handlerId: string;
  /** Throws a `StorageError` where there is nothing to be changed. The same object: nothing changes. */
  graph(graph: VersionGraph | undefined): VersionGraph;
  /** How a version is deployed, where that changes, too. */
  readonly status?: { readonly tsv: TSV; readonly active: boolean };
}

export function nodeOf(graph: VersionGraph | undefined, tsv: TSV): RegisteredNode | undefined {
  return graph?.versions.find((node) => tsvOf(graph.handlerId, node) === tsv);
}

/** Adds a version, or gives one that is there what is new about it. The newest is the current and the latest one. */
export function registering(handlerId: string, tsv: TSV, given: Partial<VersionInfo>): HandlerEdit {
  return {
    handlerId,
    graph(graph) {
      const known = nodeOf(graph, tsv);
      const node = withFields(known ?? newNode(graph, tsv), given);
      const registered =
        graph === undefined || known === undefined
          ? added(handlerId, graph, node, tsv)
          : { ...graph, versions: replaced(graph, known, node) };
      const labelled = (given.tags ?? []).reduce(
        (before, label) => withLabel(before, node, label),
        registered,
      );
      const isNew = graph === undefined || node !== known || labelled !== registered;
      return isNew ? labelled : graph;
    },
  };
}

function added(
  handlerId: string,
  graph: VersionGraph | undefined,
  node: VersionNode,
  tsv: TSV,
): VersionGraph {
  const others = graph?.versions ?? [];
  const isNewest = others.every((other) => timeOf(tsvOf(handlerId, other)) <= timeOf(tsv));
  return {
    ...graph,
    handlerId,
    versions: [...others, node],
    currentVersion: isNewest || graph === undefined ? node.version : graph.currentVersion,
    latestVersion: isNewest || graph === undefined ? node.version : graph.latestVersion,
  };
}

function newNode(graph: VersionGraph | undefined, tsv: TSV): RegisteredNode {
  const parent = graph?.latestVersion;
  const node = { version: tsv, manifestHash: '', deployedAt: momentOf(tsv), active: true, breaking: false };
  return parent === undefined ? node : { ...node, parent };
}

/** The same node where nothing is new. */
function withFields(
  node: RegisteredNode,
  { hash, status, dbSchemaVersion }: Partial<VersionInfo>,
): RegisteredNode {
  const given: Partial<RegisteredNode> = {
    ...(hash === undefined ? {} : { manifestHash: hash }),
    ...(status === undefined ? {} : { active: status !== 'cold' }),
    ...(dbSchemaVersion === undefined ? {} : { dbSchemaVersion }),
  };
  const isSame = Object.entries(given).every(([name, value]) => node[name as keyof RegisteredNode] === value);
  return isSame ? node : { ...node, ...given };
}

function replaced(graph: VersionGraph | undefined, known: VersionNode, node: VersionNode): VersionNode[] {
  return (graph?.versions ?? []).map((other) => (other === known ? node : other));
}

/** Puts a label to a version, and takes it from the version that had it. */
export function tagging(handlerId: string, tsv: TSV, label: string, createdBy: string): HandlerEdit {
  const createdAt = Date.now();
  return {
    handlerId,
    graph(graph) {
      const node = nodeOf(graph, tsv);
      if (graph === undefined || node === undefined) throw unknownVersion(tsv);
      return withLabel(graph, node, label, { createdAt, createdBy });
    },
  };
}

function withLabel(
  graph: VersionGraph,
  { version }: VersionNode,
  label: string,
  { createdAt, createdBy }: Pick<VersionLabel, 'createdAt' | 'createdBy'> = {
    createdAt: Date.now(),
    createdBy: 'system',
  },
): VersionGraph {
  const known = graph.tags?.find((tag) => tag.label === label);
  if (known?.version === version) return graph;
  const others = graph.tags?.filter((tag) => tag !== known) ?? [];
  return { ...graph, tags: [...others, { label, version, createdAt, createdBy }] };
}

export function untagging(handlerId: string, label: string): HandlerEdit {
  return {
    handlerId,
    graph(graph) {
      if (graph?.tags === undefined) return graph ?? refuse(handlerId);
      const { tags, ...rest } = graph;
      const others = tags.filter((tag) => tag.label !== label);
      return others.length === 0 ? rest : { ...rest, tags: others };
    },
  };
}

/** A version that is not active is cold, whoever asks for it. */
export function activating(handlerId: string, tsv: TSV, active: boolean): HandlerEdit {
  return {
    handlerId,
    status: { tsv, active },
    graph(graph) {
      const node = nodeOf(graph, tsv);
      if (graph === undefined || node === undefined) throw unknownVersion(tsv);
      if (node.active === active) return graph;
      return { ...graph, versions: replaced(graph, node, { ...node, active }) };
    },
  };
}

export function newMetadata(handlerId: string, version: string, fingerprint: string): TimescapeMetadata {
  return {
    handlerId,
    version,
    fingerprint,
    compatibility: { compatible: [], incompatible: [], transformable: [] },
    deployment: { strategy: 'rolling', status: 'active' },
  };
}

export function unknownVersion(tsv: TSV): StorageError {
  return invalidOption('tsv', `names no version of this registry: ${tsv}; register it first`);
}

function refuse(handlerId: string): never {
  throw invalidOption('handlerPath', `names no handler of this registry: ${handlerId}`);
}
