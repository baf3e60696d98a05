import { Graph, layout } from '@dagrejs/dagre';
import type { HandlerView } from '../../api/handler.js';
import { type DrawnGraph, edgesBetween, NODE, shownVersions } from './graph-shape.js';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Places the versions of a graph from left to right, as far as edges connect them. */
export function layoutGraph(handler: HandlerView): DrawnGraph {
  const shown = shownVersions(handler);
  const edges = edgesBetween(shown);
  const drawing = new Graph({ multigraph: true });
  drawing.setGraph({ rankdir: 'LR', nodesep: 28, edgesep: 20, ranksep: 48, marginx: 12, marginy: 16 });
  for (const { version } of shown) drawing.setNode(version, { ...NODE });
  // An edge of its own name each, as a transformer may lead where another edge leads.
  edges.forEach(({ from, to, kind }, i) => {
    const label = kind === 'parent' ? { width: 0, height: 0 } : { width: 76, height: 18 };
    drawing.setEdge(from, to, { ...label, labelpos: 'c' }, String(i));
  });
  layout(drawing);
  const { width = 0, height = 0 } = drawing.graph() as { width?: number; height?: number };
  return {
    width,
    height,
    nodes: shown.map((version) => ({ version, ...pointOf(drawing.node(version.version)) })),
    edges: edges.map((edge, i) => {
      const placed = drawing.edge(edge.from, edge.to, String(i)) as { points: Point[] } & Partial<Point>;
      const middle = placed.points[Math.floor(placed.points.length / 2)] ?? { x: 0, y: 0 };
      return {
        ...edge,
        path: curve(placed.points),
        middle: { x: placed.x ?? middle.x, y: placed.y ?? middle.y },
      };
    }),
    hidden: handler.versionCount - shown.length,
  };
}

function pointOf(node: unknown): Point {
  const { x, y } = node as Point;
  return { x, y };
}

/** Through the middle of each piece, so that there are no corners. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.pop();
  if (first === undefined || last === undefined) return '';
  if (rest.length === 0) return `M${text(first)} L${text(last)}`;
  const pieces = rest.map((point, i) => {
    const next = rest[i + 1];
    const end = next === undefined ? last : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${text(point)} ${text(end)}`;
  });
  return [`M${text(first)}`, ...pieces].join(' ');
}

function text({ x, y }: Point): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}
