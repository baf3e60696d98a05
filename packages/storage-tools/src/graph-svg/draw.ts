import { asXmlText, labelWidth } from './label.js';
import { type Box, type EdgeToPlace, LINE_HEIGHT, type NodeToPlace, type Point, type Way } from './layout.js';

export interface DrawnVersion extends NodeToPlace {
  /** What is told when a pointer rests on it. */
  readonly title: string;
  readonly classes: readonly string[];
  /** The name of the version, and what is to be said of it. */
  readonly lines: readonly [string, ...string[]];
}

export interface DrawnEdge extends EdgeToPlace {
  readonly title: string;
  readonly kind: 'parent' | 'breaking' | 'transformer';
}

export function drawVersion({ title, classes, lines, box }: DrawnVersion & { readonly box: Box }): string[] {
  const { x, y, width, height } = box;
  const top = y - ((lines.length - 1) * LINE_HEIGHT) / 2;
  return [
    `<g class="${['node', ...classes].join(' ')}"><title>${asXmlText(title)}</title>`,
    `<rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" height="${round(height)}" rx="6"/>`,
    ...lines.map((line, i) => drawText(line, i === 0 ? 'version' : 'note', x, top + i * LINE_HEIGHT)),
    '</g>',
  ];
}

export function drawEdge({ kind, label, title, way }: DrawnEdge & { readonly way: Way }): string[] {
  const { x, y } = way.label;
  const marker = kind === 'breaking' ? 'gati-arrow-breaking' : 'gati-arrow';
  const width = labelWidth(label);
  const behind = `<rect x="${round(x - width / 2)}" y="${round(y - LINE_HEIGHT / 2)}" width="${width}" height="${LINE_HEIGHT}"/>`;
  return [
    `<g class="edge ${kind}"><title>${asXmlText(title)}</title>`,
    `<path d="${curve(way.points)}" marker-end="url(#${marker})"/>`,
    ...(label === '' ? [] : [behind, drawText(label, 'note', x, y)]),
    '</g>',
  ];
}

/** One line, whose middle is at `x` and `y`. */
export function drawText(text: string, kind: 'version' | 'note', x: number, y: number): string {
  return `<text class="${kind}" x="${round(x)}" y="${round(y)}">${asXmlText(text)}</text>`;
}

/** Through the middle of each piece, so that there are no corners. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.pop();
  if (first === undefined || last === undefined) return '';
  if (rest.length === 0) return `M${at(first)} L${at(last)}`;
  const pieces = rest.map((point, i) => {
    const next = rest[i + 1];
    const end = next === undefined ? last : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${at(point)} ${at(end)}`;
  });
  return [`M${at(first)}`, ...pieces].join(' ');
}

function at({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

/** A tenth of a pixel is more than anybody sees. */
export function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
