import type { TimescapeMetadata, VersionGraph, VersionNode } from '@gati-framework/manifest-store';
import type { StoredHandler } from '@gati-framework/storage-tools';

export interface VersionSummary {
  readonly version: string;
  /** Milliseconds since the epoch: when the manifest was made, or else when the graph says that it was deployed. */
  readonly stored?: number;
  /** The version that it was made from. */
  readonly parent?: string;
  readonly status?: TimescapeMetadata['deployment']['status'];
  readonly marks: readonly string[];
}

/** Every version of which there is a manifest or a node of the graph, oldest first. */
export function summariseVersions({ manifests, graph, timescape }: StoredHandler): VersionSummary[] {
  const nodes = new Map(graph?.versions.map((node) => [node.version, node]));
  const made = new Map(manifests.map(({ version, createdAt }) => [version, createdAt]));
  const statuses = new Map(timescape.map(({ version, deployment }) => [version, deployment.status]));
  const names = [...new Set([...made.keys(), ...nodes.keys()])];
  return names.map((version) => {
    const node = nodes.get(version);
    const stored = made.get(version) ?? node?.deployedAt;
    const status = statuses.get(version);
    return {
      version,
      ...(stored === undefined ? {} : { stored }),
      ...(node?.parent === undefined ? {} : { parent: node.parent }),
      ...(status === undefined ? {} : { status }),
      marks: marksOf(version, graph, node, made.has(version)),
    };
  });
}

function marksOf(
  version: string,
  graph: VersionGraph | undefined,
  node: VersionNode | undefined,
  hasManifest: boolean,
): string[] {
  return [
    ...(node?.breaking ? ['breaking'] : []),
    ...(version === graph?.currentVersion ? ['current'] : []),
    ...(version === graph?.latestVersion ? ['latest'] : []),
    ...(node !== undefined && !node.active ? ['inactive'] : []),
    ...(hasManifest ? [] : ['no manifest']),
    ...(graph !== undefined && node === undefined ? ['not in the graph'] : []),
  ];
}
