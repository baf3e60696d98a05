import type { HandlerManifest, VersionGraph, VersionNode } from '@gati-framework/manifest-store';

/** The graph with one more version; manifests that were stored without a graph get their nodes now. */
export function extendGraph(
  handlerId: string,
  graph: VersionGraph | undefined,
  versions: readonly HandlerManifest[],
  node: VersionNode,
): VersionGraph {
  const others = nodesOf(graph, versions).filter(({ version }) => version !== node.version);
  return {
    ...graph,
    handlerId,
    versions: [...others, node],
    currentVersion: node.version,
    latestVersion: node.version,
  };
}

/**
 * The graph with one more version before another one, which then follows it.
 * The current and the latest version stay what they are.
 *
 * @param isNextBreaking Whether the next version breaks callers of the new one.
 */
export function insertIntoGraph(
  graph: VersionGraph | undefined,
  versions: readonly HandlerManifest[],
  node: VersionNode,
  next: HandlerManifest,
  isNextBreaking: boolean,
): VersionGraph {
  const nodes = nodesOf(graph, versions).flatMap((other) =>
    other.version === next.version
      ? [node, { ...other, parent: node.version, breaking: isNextBreaking }]
      : [other],
  );
  const latest = (versions[versions.length - 1] ?? next).version;
  return {
    ...graph,
    handlerId: next.handlerId,
    versions: nodes,
    currentVersion: graph?.currentVersion ?? latest,
    latestVersion: graph?.latestVersion ?? latest,
  };
}

function nodesOf(graph: VersionGraph | undefined, versions: readonly HandlerManifest[]): VersionNode[] {
  const known = graph?.versions ?? [];
  const missing = versions.filter(({ version }) => !known.some((found) => found.version === version));
  const added = missing.map(({ version, hash, createdAt }): VersionNode => {
    return { version, manifestHash: hash, deployedAt: createdAt, active: true, breaking: false };
  });
  return [...known, ...added];
}
