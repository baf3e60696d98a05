import type { VersionGraph } from '@gati-framework/manifest-store';
import { type GraphVersion, marksOf, type VersionTree, versionForest } from './version-forest.js';

/**
 * A version graph as lines, like `git log --graph` turned over: oldest first, what was made
 * from a version below it, and to its right where there is more than one.
 *
 *     o 1.0.0  2026-01-05
 *     |-o 1.0.1  2026-02-11
 *     ! 2.0.0  2026-02-01  breaking, current, latest, <- 1.0.0 by orders-1-2
 */
export function graphAsText(graph: VersionGraph): string {
  return [graph.handlerId, ...versionForest(graph).flatMap((tree) => linesOf(graph, tree, ''))].join('\n');
}

/** A line of versions goes straight down, however long; what branches off it is indented. */
function linesOf(graph: VersionGraph, tree: VersionTree, indent: string): string[] {
  const lines: string[] = [];
  let next: VersionTree | undefined = tree;
  while (next !== undefined) {
    lines.push(`${indent}${next.version.breaking ? '!' : 'o'} ${describe(graph, next.version)}`);
    const branches: readonly VersionTree[] = next.children.slice(0, -1);
    for (const branch of branches) {
      for (const [i, line] of linesOf(graph, branch, '').entries()) {
        lines.push(`${indent}${i === 0 ? '|-' : '| '}${line}`);
      }
    }
    next = next.children.at(-1);
  }
  return lines;
}

function describe(graph: VersionGraph, version: GraphVersion): string {
  const transformers = (version.transformers ?? []).map(
    ({ to, transformerId }) => `-> ${to} by ${transformerId}`,
  );
  const notes = [...marksOf(graph, version), ...transformers].join(', ');
  return [version.version, dayOf(version.deployedAt), ...(notes === '' ? [] : [notes])].join('  ');
}

function dayOf(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? 'no date' : date.toISOString().slice(0, 10);
}
