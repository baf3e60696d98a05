import type { VersionGraph } from '@gati-framework/manifest-store';

export type GraphVersion = VersionGraph['versions'][number];

export interface VersionTree {
  readonly version: GraphVersion;
  /** What was made from it, oldest first. */
  readonly children: readonly VersionTree[];
}

interface Node extends VersionTree {
  readonly children: Node[];
}

/**
 * The versions of a graph under those that they were made from, oldest first.
 * A version whose parent is not in the graph begins a tree; so does one of a
 * circle, which should not be there and must not hang who looks at it.
 */
export function versionForest(graph: VersionGraph): readonly VersionTree[] {
  const nodes = [...graph.versions]
    .sort((a, b) => a.deployedAt - b.deployedAt)
    .map((version): Node => ({ version, children: [] }));
  const named = new Map(nodes.map((node) => [node.version.version, node]));
  const parentOf = ({ version: { parent } }: Node): Node | undefined =>
    parent === undefined ? undefined : named.get(parent);
  for (const node of nodes) parentOf(node)?.children.push(node);

  const reached = new Set<Node>();
  const forest = nodes.filter((node) => parentOf(node) === undefined);
  for (const root of forest) reach(root, reached);
  for (const node of nodes) {
    if (reached.has(node)) continue;
    const siblings = parentOf(node)?.children ?? [];
    siblings.splice(siblings.indexOf(node), 1);
    forest.push(node);
    reach(node, reached);
  }
  return forest;
}

/** Without recursion: a handler may have more versions in a row than the stack has room for. */
function reach(root: Node, reached: Set<Node>): void {
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (reached.has(node)) continue;
    reached.add(node);
    waiting.push(...node.children);
  }
}

/** What is worth knowing of a version beside its name. */
export function marksOf({ currentVersion, latestVersion }: VersionGraph, version: GraphVersion): string[] {
  return [
    ...(version.breaking ? ['breaking'] : []),
    ...(version.version === currentVersion ? ['current'] : []),
    ...(version.version === latestVersion ? ['latest'] : []),
    ...(version.active ? [] : ['inactive']),
  ];
}
