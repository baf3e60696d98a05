import type { HandlerManifest, VersionGraph, VersionNode } from '@gati-framework/manifest-store';

/** The graph with one more version; manifests that were stored without a graph get their nodes now. */
export function extendGraph(
  handlerId: string,
  graph: VersionGraph | undefined,
  versions: readonly HandlerManifest[],
  node: VersionNode,
): VersionGraph {
  const known = graph?.versions ?? [];
  const missing = versions.filter(({ version }) => !known.some((found) => found.version === version));
  const added = missing.map(({ version, hash, createdAt }): VersionNode => {
    return { version, manifestHash: hash, deployedAt: createdAt, active: true, breaking: false };
  });
  const others = known.filter(({ version }) => version !== node.version);
  return {
    handlerId,
    versions: [...others, ...added, node],
    currentVersion: node.version,
    latestVersion: node.version,
  };
}
