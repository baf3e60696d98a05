import type { VersionGraph } from '@gati-framework/manifest-store';
import { marksOf } from './version-forest.js';

/** A version graph as a Mermaid flowchart, which Markdown pages draw: thick arrows break callers, dotted ones transform. */
export function graphAsMermaid(graph: VersionGraph): string {
  const ids = new Map(graph.versions.map(({ version }, i) => [version, `v${i}`]));
  const known = new Set(ids.keys());
  const nodes = graph.versions.map((version) => {
    const label = [version.version, ...marksOf(graph, version)].map(escapeText).join('<br/>');
    return `  ${ids.get(version.version)}["${label}"]`;
  });
  const edges = graph.versions.flatMap(({ version, parent, breaking, transformers = [] }) => [
    ...(parent !== undefined && known.has(parent)
      ? [`  ${ids.get(parent)} ${breaking ? '==>' : '-->'} ${ids.get(version)}`]
      : []),
    ...transformers
      .filter(({ to }) => known.has(to))
      .map(
        ({ to, transformerId }) =>
          `  ${ids.get(version)} -. "${escapeText(transformerId)}" .-> ${ids.get(to)}`,
      ),
  ]);
  return ['flowchart TD', ...nodes, ...edges].join('\n');
}

/** Mermaid reads quotes, brackets and `#` in a label; entities stand for what is not plain. */
function escapeText(text: string): string {
  return text.replace(/[^\p{L}\p{N} ._:/@+-]/gu, (char) => `#${char.codePointAt(0)};`);
}
