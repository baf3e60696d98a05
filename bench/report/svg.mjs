// Small pictures that follow the reader's choice of light or dark.

// A ground of their own, as a page may be light where its reader's system is dark.
const STYLE = `
    .ground { fill: #ffffff }
    text { font: 12px system-ui, sans-serif; fill: #1f2328 }
    .quiet { fill: #59636e }
    .line { stroke: #d1d9e0; stroke-width: 1 }
    .one { stroke: #59636e; stroke-width: 1.5 }
    .ours { fill: #0969da; stroke: #0969da }
    .floor { fill: #59636e; stroke: #59636e }
    .peer { fill: #bc4c00; stroke: #bc4c00 }
    .curve { fill: none; stroke-width: 2 }
    .heading { font-weight: 600 }
    @media (prefers-color-scheme: dark) {
      .ground { fill: #0d1117 }
      text { fill: #f0f6fc }
      .quiet { fill: #9198a1 }
      .line { stroke: #3d444d }
      .one { stroke: #9198a1 }
      .ours { fill: #4493f8; stroke: #4493f8 }
      .floor { fill: #9198a1; stroke: #9198a1 }
      .peer { fill: #f0883e; stroke: #f0883e }
      .curve { fill: none }
    }`;

export function picture(title, width, height, body) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
  <title>${escaped(title)}</title>
  <style>${STYLE}
  </style>
  <rect width="${width}" height="${height}" class="ground"/>
${body.map((line) => `  ${line}`).join('\n')}
</svg>
`;
}

/** @param {{ anchor?: 'start' | 'middle' | 'end', name?: 'quiet' | 'heading' | '' }} [style] */
export function text(x, y, content, { anchor = 'start', name = '' } = {}) {
  const place = `x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"`;
  return `<text ${place} class="${name}">${escaped(content)}</text>`;
}

export function line(x1, y1, x2, y2, name = 'line') {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" class="${name}"/>`;
}

/** A mark of a shape of its own, so that colour is not all that tells who it is. */
export function mark(x, y, role, title) {
  const shapes = {
    ours: `<circle cx="${round(x)}" cy="${round(y)}" r="4.5" class="ours">`,
    floor: `<rect x="${round(x - 4)}" y="${round(y - 4)}" width="8" height="8" class="floor">`,
    peer: `<path d="M${round(x)} ${round(y - 5)}l5 5l-5 5l-5 -5z" class="peer">`,
  };
  const shape = shapes[role];
  return `${shape}<title>${escaped(title)}</title></${shape.slice(1, shape.indexOf(' '))}>`;
}

export function curve(points, role) {
  const steps = points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`);
  return `<path d="${steps.join('')}" class="curve ${role}"/>`;
}

/** @returns {(value: number) => number} Positions on a logarithmic scale. */
export function logarithmic(from, to, start, end) {
  const span = Math.log10(to) - Math.log10(from);
  return (value) => start + ((Math.log10(value) - Math.log10(from)) / span) * (end - start);
}

/** Powers of ten from the one at or below `least` to the one at or above `most`. */
export function decades(least, most) {
  const first = Math.floor(Math.log10(least));
  const last = Math.max(first + 1, Math.ceil(Math.log10(most)));
  return Array.from({ length: last - first + 1 }, (_, i) => Number(`1e${first + i}`));
}

function round(value) {
  return Number(value.toFixed(1));
}

function escaped(content) {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('`', '');
}
