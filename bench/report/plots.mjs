// The pictures in docs/benchmarks.md: who is how many times slower, how long others wait, and growth.
import { formatRatio, formatValue } from '../measure/format.mjs';
import { curve, decades, line, logarithmic, mark, picture, text } from './svg.mjs';

const WIDTH = 760;
const LABELS = 330;
const STEP = 20;
const TOP = 60;

/** @returns {{ file: string, title: string, svg: string }[]} */
export function drawPlots(groups, results) {
  const withFigures = groups.map(({ title, rows }) => ({
    heading: title,
    rows: rows.map((row) => ({ ...row, figures: results[row.name].figures })),
  }));
  const rows = withFigures.flatMap((group) => group.rows);
  return [
    ratios(withFigures),
    stalls(rows.filter(({ name }) => name.startsWith('stall-'))),
    growth(rows.filter(({ name }) => name.startsWith('growth-'))),
  ].filter((plot) => plot !== undefined);
}

/** A line for each row that tells one thing; ours is at 1. */
function ratios(groups) {
  const title = 'How many times as long as ours the others take: right of the line ours is faster';
  const parts = groups.map(({ heading, rows }) => ({
    heading,
    lines: rows
      .filter(({ figures }) => figures.every(({ what, at }) => what === undefined && at === undefined))
      .map(({ title: label, figures }) => ({
        label,
        marks: figures
          .filter(({ role, ratio }) => role === 'ours' || ratio !== undefined)
          .map(({ who, role, ratio }) => ({ who, role, value: ratio?.median ?? 1 }))
          .map((each) => ({ ...each, tip: `${each.who}: ${formatRatio(each.value)}` })),
      })),
  }));
  return dots('ratios.svg', title, parts, (value) => `${value}x`, 1);
}

function stalls(rows) {
  const title = 'Longest stall of the event loop while 6,000 or 30,000 records are committed';
  const parts = rows.map(({ title: heading, figures }) => {
    const told = figures.filter(({ what }) => what === 'longest stall');
    const lines = [...new Set(told.map(({ at }) => at))].map((size) => ({
      label: `${size.toLocaleString('en')} records`,
      marks: told
        .filter(({ at }) => at === size)
        .map(({ who, role, median, unit }) => ({
          role,
          value: median,
          tip: `${who}: ${formatValue(median, unit)}`,
        })),
    }));
    return { heading, lines };
  });
  return dots('stalls.svg', title, parts, (value) => formatValue(value, 'ms').replace('.0', ''));
}

/** Marks on a logarithmic scale, line by line, under headings. @param {number} [one] Where a stronger line goes. */
function dots(file, title, parts, formatTick, one) {
  const shown = parts.filter(({ lines }) => lines.length > 0);
  if (shown.length === 0) return undefined;
  const values = shown.flatMap(({ lines }) => lines.flatMap(({ marks }) => marks.map(({ value }) => value)));
  const ticks = decades(Math.min(...values, one ?? Infinity), Math.max(...values));
  const rows = shown.flatMap(({ heading, lines }) => [{ heading }, ...lines]);
  const bottom = TOP + rows.length * STEP;
  const x = logarithmic(ticks[0], ticks.at(-1), LABELS, WIDTH - 30);
  const body = [text(10, 20, title, { name: 'heading' }), ...legend(40)];
  for (const tick of ticks) {
    body.push(line(x(tick), TOP - 8, x(tick), bottom, tick === one ? 'one' : 'line'));
    body.push(text(x(tick), bottom + 16, formatTick(tick), { anchor: 'middle', name: 'quiet' }));
  }
  for (const [i, { heading, label, marks = [] }] of rows.entries()) {
    const y = TOP + 6 + i * STEP;
    body.push(
      heading === undefined ? text(24, y + 4, label) : text(10, y + 4, heading, { name: 'heading' }),
      ...marks.map(({ role, value, tip }) => mark(x(value), y, role, tip)),
    );
  }
  return { file, title, svg: picture(title, WIDTH, bottom + 28, body) };
}

function legend(y) {
  const entries = [
    ['ours', 'ours'],
    ['floor', 'by hand'],
    ['peer', 'other libraries'],
  ];
  return entries.flatMap(([role, label], i) => [
    mark(LABELS + i * 110, y - 4, role, label),
    text(LABELS + 10 + i * 110, y, label, { name: 'quiet' }),
  ]);
}

/** A small plot for each backend and measure, both axes logarithmic. */
function growth(rows) {
  const panels = rows.flatMap(({ title: backend, figures }) =>
    ['read anywhere', 'durable write'].map((what) => ({
      label: `${backend}: ${what}`,
      figures: figures.filter((figure) => figure.what === what),
    })),
  );
  const shown = panels.filter(({ figures }) => figures.length > 0);
  if (shown.length === 0) return undefined;
  const title = 'Time of one operation by the number of records';
  const width = WIDTH / 3;
  const height = 170;
  const all = shown.flatMap(({ figures }) => figures);
  const sizes = decades(Math.min(...all.map(({ at }) => at)), Math.max(...all.map(({ at }) => at)));
  const times = decades(
    Math.min(...all.map(({ median }) => median)),
    Math.max(...all.map(({ median }) => median)),
  );
  const body = [text(10, 20, title, { name: 'heading' }), ...legend(40)];
  for (const [i, panel] of shown.entries()) {
    const place = {
      left: (i % 3) * width + 60,
      top: 60 + Math.floor(i / 3) * height,
      width: width - 80,
      height: height - 60,
    };
    body.push(...panelOf(panel, place, sizes, times));
  }
  const bottom = 60 + Math.ceil(shown.length / 3) * height;
  return { file: 'growth.svg', title, svg: picture(title, WIDTH, bottom, body) };
}

function panelOf({ label, figures }, { left, top, width, height }, sizes, times) {
  const x = logarithmic(sizes[0], sizes.at(-1), left, left + width);
  const y = logarithmic(times[0], times.at(-1), top + 16 + height, top + 16);
  const body = [text(left, top + 6, label)];
  for (const time of times) {
    body.push(line(left, y(time), left + width, y(time)));
    body.push(
      text(left - 6, y(time) + 4, formatValue(time, 'ns').replace('.0', ''), {
        anchor: 'end',
        name: 'quiet',
      }),
    );
  }
  for (const size of [sizes[0], sizes.at(-1)]) {
    const words = size.toLocaleString('en');
    body.push(
      text(x(size), top + height + 32, words, { anchor: size === sizes[0] ? 'start' : 'end', name: 'quiet' }),
    );
  }
  for (const role of ['floor', 'peer', 'ours']) {
    const of = figures.filter((figure) => figure.role === role).sort((a, b) => a.at - b.at);
    if (of.length === 0) continue;
    body.push(
      curve(
        of.map(({ at, median }) => [x(at), y(median)]),
        role,
      ),
    );
    body.push(
      ...of.map(({ who, at, median, unit }) =>
        mark(x(at), y(median), role, `${who}: ${formatValue(median, unit)}`),
      ),
    );
  }
  return body;
}
