// `npm run bench`: measures what the documentation claims.
import { parseArgs } from 'node:util';
import { Bench } from './measure/bench.mjs';
import { checkRows } from './measure/check.mjs';
import { formatRatio, formatValue } from './measure/format.mjs';
import { measureRows } from './measure/rows.mjs';
import { writeDocument } from './report/document.mjs';
import { readResults, writeResults } from './report/results.mjs';
import { groups } from './rows/index.mjs';

const HELP = `npm run bench -- [rows] [--full] [--json] [--write] [--draw] [--check]

  rows      only rows whose name begins with one of these
  --full    every size, up to 1,000,000 records
  --json    the figures as JSON; what is shown meanwhile goes to the standard error
  --write   put the figures into bench/results.json, and draw docs/benchmarks.md
  --draw    draw docs/benchmarks.md from what is in bench/results.json; measure nothing
  --check   compare ratios with those in bench/results.json, briefly, and fail where one has fallen

Rows:
${groups.flatMap(({ title, rows }) => [`  ${title}`, ...rows.map((row) => `    ${row.name}: ${row.title}`)]).join('\n')}
`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    full: { type: 'boolean' },
    json: { type: 'boolean' },
    write: { type: 'boolean' },
    draw: { type: 'boolean' },
    check: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}

const print = options.json ? console.error : console.log;
if (options.draw) writeDocument();
else if (options.check) await checkRows(groups, positionals, readResults(), print);
else await measure();

async function measure() {
  const bench = new Bench({ full: options.full });
  const results = [];
  try {
    for await (const result of measureRows(bench, groups, positionals)) {
      results.push(result);
      show(result);
      // One by one, as a long run may be broken off.
      if (options.write) writeResults([result]);
    }
  } finally {
    await bench.close();
  }
  if (options.json)
    console.log(
      JSON.stringify(
        results.map(({ row, figures }) => ({ row: row.name, figures })),
        null,
        2,
      ),
    );
  if (options.write) writeDocument();
}

function show({ row, group, figures }) {
  print(`\n${group}: ${row.title} (${row.name})`);
  for (const { who, note, what, at, unit, median, low, high, p99, worst, ratio } of figures) {
    const cells = [
      `  ${[at?.toLocaleString('en'), what, note === undefined ? who : `${who} (${note})`].filter((part) => part !== undefined).join(', ')}`.padEnd(
        50,
      ),
      formatValue(median, unit).padStart(10),
      `${formatValue(low, unit)} to ${formatValue(high, unit)}`.padStart(24),
      (p99 === undefined ? '' : `p99 ${formatValue(p99, unit)}`).padStart(16),
      (worst === undefined ? '' : `worst ${formatValue(worst, unit)}`).padStart(18),
      ratio === undefined ? '' : formatSpread(ratio).padStart(26),
    ];
    print(cells.join('').trimEnd());
  }
}

/** @param {{ median: number, low?: number, high?: number }} ratio */
function formatSpread({ median, low, high }) {
  const rest = low === undefined ? '' : ` (${formatRatio(low)} to ${formatRatio(high)})`;
  return `${formatRatio(median)}${rest}`;
}
