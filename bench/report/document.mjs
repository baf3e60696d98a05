// docs/benchmarks.md, from bench/results.json and what the rows say of themselves.
import { mkdirSync, writeFileSync } from 'node:fs';
import { formatRatio, formatValue } from '../measure/format.mjs';
import { groups } from '../rows/index.mjs';
import { drawPlots } from './plots.mjs';
import { readResults } from './results.mjs';

const DOCS = new URL('../../docs/', import.meta.url);
/** Less than this is noise. */
const CLEARLY = 0.9;

export function writeDocument() {
  for (const [url, content] of drawDocument(readResults())) {
    mkdirSync(new URL('.', url), { recursive: true });
    writeFileSync(url, content);
  }
}

/**
 * The page and its pictures, by where they go.
 *
 * @param {ReturnType<typeof readResults>} results
 * @returns {Map<URL, string>}
 */
export function drawDocument(results) {
  const shown = groups
    .map((group) => ({
      ...group,
      rows: group.rows.filter(({ name }) => results.rows[name]?.figures.length > 0),
    }))
    .filter(({ rows }) => rows.length > 0);
  const plots = drawPlots(shown, results.rows);
  const parts = [head(results, plots), ...shown.map((group) => section(group, results.rows))];
  return new Map([
    [new URL('benchmarks.md', DOCS), parts.join('\n')],
    ...plots.map(({ file, svg }) => [new URL(`benchmarks/${file}`, DOCS), svg]),
  ]);
}

function head({ versions, rows }, plots) {
  const measured = Object.values(rows);
  const days = [...new Set(measured.map(({ date }) => date))].sort();
  const machines = [...new Set(measured.map(({ machine, node }) => `${machine}, Node.js ${node}`))];
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `# Benchmarks

\`npm run bench\` measures all of this in some minutes, \`npm run bench -- sqlite\` the rows whose names begin
so, and \`--full\` every size up to a million records. \`--write\` puts what was measured into
[bench/results.json](../bench/results.json), and this page is made from it.
\`npm run bench -- --check\`, a part of \`npm run check\`, measures some rows briefly and fails
when one has fallen to less than a third of its ratio here.

Measured ${days.length === 1 ? `on ${days[0]}` : `from ${days[0]} to ${days.at(-1)}`}, ${machines.join('; ')}, with ${names.join(', ')}.

All contestants of a row do the same work on the same records, in turn, in rounds of one
process; their answers are verified outside of what is timed. A cell says the median of the rounds, then
p99 of single operations where it was told, then how many times ours that is,
as the median of the rounds' ratios: above 1, ours is better. Machines differ and so do
days: compare ratios, not times. LangGraph's SQLite checkpoints do not sync their commits as they come;
here they are made to, but in the column that says otherwise. keyv for SQLite takes part where
its driver, sqlite3, has a binary: \`npm rebuild sqlite3 --ignore-scripts=false\` compiles one.

${plots.map(({ file, title }) => `![${title}](benchmarks/${file})`).join('\n\n')}
`;
}

function section({ title, about, rows }, results) {
  const inParts = rows.filter(({ name }) => hasParts(results[name].figures));
  const whole = rows.filter((row) => !inParts.includes(row));
  const tables = [
    ...(whole.length === 0 ? [] : [contestTable(whole, results)]),
    ...inParts.map((row) => partsTable(row, results[row.name].figures)),
  ];
  const notes = rows.map((row) => note(row, results[row.name].figures));
  return `## ${title}\n\n${about}\n\n${tables.join('\n')}\n${notes.join('\n')}\n`;
}

/** Whether one row tells several things, or of several sizes. */
function hasParts(figures) {
  return figures.some(({ what, at }) => what !== undefined || at !== undefined);
}

/** A line for each row, a column for each contestant. */
function contestTable(rows, results) {
  const columns = distinct(rows.flatMap(({ name }) => results[name].figures.map(nameOf)));
  const lines = rows.map(({ name, title }) => {
    const of = (column) => results[name].figures.find((figure) => nameOf(figure) === column);
    return [title, ...columns.map((column) => cell(of(column)))];
  });
  return table(['', ...columns], lines);
}

/** A line for each contestant and size, a column for each thing that is told. */
function partsTable({ title }, figures) {
  const whats = distinct(figures.map(({ what }) => what ?? ''));
  const lines = distinct(figures.map((figure) => lineOf(figure)));
  const bodies = lines.map((line) => {
    const of = (what) => figures.find((figure) => lineOf(figure) === line && (figure.what ?? '') === what);
    return [line, ...whats.map((what) => cell(of(what)))];
  });
  return table([title, ...whats], bodies);
}

function lineOf(figure) {
  const size = figure.at === undefined ? '' : `${figure.at.toLocaleString('en')}, `;
  return `${size}${nameOf(figure)}`;
}

function nameOf({ who, note: difference }) {
  return difference === undefined ? who : `${who} (${difference})`;
}

function cell(figure) {
  if (figure === undefined) return '';
  const { median, unit, p99, ratio } = figure;
  const tail = p99 === undefined ? '' : `, p99 ${formatValue(p99, unit)}`;
  const compared = ratio === undefined ? '' : `, ${formatRatio(ratio.median)}`;
  return `${formatValue(median, unit)}${tail}${compared}`;
}

/** What bounds the row, and who is better at it. */
function note({ title, bound }, figures) {
  const times = new Map();
  for (const figure of figures.filter(({ ratio }) => ratio?.median < CLEARLY)) {
    const who = figure.what === undefined ? nameOf(figure) : `${nameOf(figure)} in ${figure.what}`;
    const size = figure.at === undefined ? '' : ` at ${figure.at.toLocaleString('en')}`;
    times.set(who, [...(times.get(who) ?? []), `${formatRatio(1 / figure.ratio.median)}${size}`]);
  }
  const better = Array.from(times, ([who, each]) => `${who} (${each.join(', ')})`);
  return `- ${title}: ${bound}${better.length === 0 ? '' : ` Ahead of ours: ${better.join('; ')}.`}`;
}

function table(head, lines) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return `${[line(head), line(head.map(() => '---')), ...lines.map(line)].join('\n')}\n`;
}

function distinct(values) {
  return [...new Set(values)];
}
