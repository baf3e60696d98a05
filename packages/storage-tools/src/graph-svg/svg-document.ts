import { drawText, round } from './draw.js';
import { asXmlText, cutLabel, labelWidth } from './label.js';
import { LINE_HEIGHT } from './layout.js';
import { STYLE } from './style.js';

export interface Picture {
  readonly title: string;
  /** For those who cannot see it. */
  readonly description: string;
  /** Lines above it. */
  readonly heading: readonly [string, ...string[]];
  readonly width: number;
  readonly height: number;
  readonly body: readonly string[];
}

/** Pixels above the heading, and on both sides of it. */
const MARGIN = 20;

export function svgDocument({ title, description, heading, body, ...inner }: Picture): string {
  const lines = heading.map(cutLabel);
  const width = Math.ceil(Math.max(inner.width, ...lines.map((line) => labelWidth(line) + 2 * MARGIN)));
  const top = MARGIN + lines.length * LINE_HEIGHT;
  const height = Math.ceil(inner.height + top);
  const size = `width="${width}" height="${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="gati" role="img" aria-labelledby="gati-title gati-desc" ${size} viewBox="0 0 ${width} ${height}">`,
    `<title id="gati-title">${asXmlText(title)}</title>`,
    `<desc id="gati-desc">${asXmlText(description)}</desc>`,
    `<style>${STYLE}</style>`,
    `<defs>${marker('gati-arrow', 7)}${marker('gati-arrow-breaking', 4)}</defs>`,
    `<rect class="page" ${size}/>`,
    ...lines.map((line, i) =>
      drawText(line, i === 0 ? 'version' : 'note', width / 2, MARGIN + i * LINE_HEIGHT),
    ),
    `<g transform="translate(${round((width - inner.width) / 2)} ${top})">`,
    ...body,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** An arrowhead, as many times as large as the line that it ends is thick. */
function marker(id: string, size: number): string {
  return (
    `<marker id="${id}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="${size}" markerHeight="${size}" ` +
    'orient="auto-start-reverse"><path d="M0 0L10 5L0 10z"/></marker>'
  );
}
