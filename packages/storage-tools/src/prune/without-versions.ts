import type { Change, Entry, Expectation, VersionGraph } from '@gati-framework/manifest-store';
import type { HandlerEntries } from './stored-versions.js';

/** How a handler loses some of its versions, and what must not have changed meanwhile. */
export function withoutVersions(
  { manifests, metadata, transformers, graph }: HandlerEntries,
  going: ReadonlySet<string>,
): { readonly changes: readonly Change[]; readonly expect: readonly Expectation[] } {
  const gone: Entry[] = [
    ...manifests.filter(({ value }) => going.has(value.version)),
    ...[...metadata.values()].filter(({ value }) => going.has(value.version)),
    ...transformers.filter(({ value }) => going.has(value.fromVersion) || going.has(value.toVersion)),
  ];
  const deletions = gone.map(({ kind, key }) => ({ delete: kind, key }) as Change);
  if (graph === undefined) return { changes: deletions, expect: gone };
  const rest: Change = {
    put: 'versionGraph',
    value: graphWithout(graph.value, going, new Set(gone.map(idOf))),
  };
  return { changes: [...deletions, rest], expect: [...gone, graph] };
}

function idOf({ kind, value }: Entry): string | undefined {
  return kind === 'transformer' ? value.id : undefined;
}

function graphWithout(
  graph: VersionGraph,
  going: ReadonlySet<string>,
  transformers: ReadonlySet<string | undefined>,
): VersionGraph {
  const nodes = new Map(graph.versions.map((node) => [node.version, node]));
  const versions = graph.versions
    .filter(({ version }) => !going.has(version))
    .map((node) => {
      const { parent, ...rest } = node;
      const ancestry = remainingParent(node, nodes, going);
      return {
        ...rest,
        ...(ancestry.parent === undefined ? {} : { parent: ancestry.parent }),
        breaking: ancestry.breaking,
        ...(node.transformers && {
          transformers: node.transformers.filter(({ transformerId }) => !transformers.has(transformerId)),
        }),
      };
    });
  return {
    ...graph,
    versions,
    ...(graph.tags && { tags: graph.tags.filter(({ version }) => !going.has(version)) }),
  };
}

type Node = VersionGraph['versions'][number];

/** The nearest ancestor that stays: callers of that one can break if any step on the way broke callers. */
function remainingParent(
  node: Node,
  nodes: ReadonlyMap<string, Node>,
  going: ReadonlySet<string>,
): Pick<Node, 'parent' | 'breaking'> {
  const passed = new Set<string>();
  let { parent, breaking } = node;
  while (parent !== undefined && going.has(parent) && !passed.has(parent)) {
    passed.add(parent);
    const step = nodes.get(parent);
    breaking ||= step?.breaking === true;
    parent = step?.parent;
  }
  return parent === undefined || passed.has(parent) ? { breaking: node.breaking } : { parent, breaking };
}
