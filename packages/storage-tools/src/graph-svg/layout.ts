import { Graph, layout } from '@dagrejs/dagre';
import { labelWidth } from './label.js';

/** Pixels. */
export const LINE_HEIGHT = 17;
const PADDING = { x: 14, y: 10 };
const EDGE_LABEL_PADDING = 8;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The middle of something, and how large it is. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface NodeToPlace {
  readonly lines: readonly string[];
}

export interface EdgeToPlace {
  /** Places in the list of nodes. */
  readonly from: number;
  readonly to: number;
  /** Empty for an edge without a label. */
  readonly label: string;
}

/** The way of an edge from its beginning to its end, and the middle of its label. */
export interface Way {
  readonly points: readonly Point[];
  readonly label: Point;
}

export interface Placed<N, E> {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly (N & { readonly box: Box })[];
  readonly edges: readonly (E & { readonly way: Way })[];
}

/** Places nodes so that those behind in the list are below, as far as edges connect them. */
export function place<N extends NodeToPlace, E extends EdgeToPlace>(
  nodes: readonly N[],
  edges: readonly E[],
): Placed<N, E> {
  // Named by their numbers, as names of a store may be what the layout takes for names of its own.
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 36, ranksep: 46, marginx: 16, marginy: 16 });
  nodes.forEach(({ lines }, i) => {
    graph.setNode(`${i}`, sizeOf(lines));
  });
  edges.forEach(({ from, to, label }, i) => {
    const size = label === '' ? {} : { width: labelWidth(label) + EDGE_LABEL_PADDING, height: LINE_HEIGHT };
    graph.setEdge(`${Math.min(from, to)}`, `${Math.max(from, to)}`, { ...size, labelpos: 'c' }, `${i}`);
  });
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width,
    height,
    nodes: nodes.map((node, i) => ({ ...node, box: graph.node(`${i}`) })),
    edges: edges.map((edge, i) => {
      const { from, to } = edge;
      const { points, x = 0, y = 0 } = graph.edge(`${Math.min(from, to)}`, `${Math.max(from, to)}`, `${i}`);
      return { ...edge, way: { points: from > to ? [...points].reverse() : points, label: { x, y } } };
    }),
  };
}

function sizeOf(lines: readonly string[]): { width: number; height: number } {
  return {
    width: Math.max(...lines.map(labelWidth)) + 2 * PADDING.x,
    height: lines.length * LINE_HEIGHT + 2 * PADDING.y,
  };
}
