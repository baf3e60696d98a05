// `npm run bench`: measures what the documentation claims.
import { parseArgs } from 'node:util';
import { Bench } from './measure/bench.mjs';
import { formatRatio, formatValue } from './measure/format.mjs';
import { measureRows } from './measure/rows.mjs';
import { groups } from './rows/index.mjs';

const HELP = `npm run bench -- [rows] [--full] [--json]

  rows     only rows whose name begins with one of these
  --full   every size, up to 1,000,000 records
  --json   the figures as JSON; what is shown meanwhile goes to the standard error

Rows:
${groups.flatMap(({ title, rows }) => [`  ${title}`, ...rows.map((row) => `    ${row.name}: ${row.title}`)]).join('\n')}
`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    full: { type: 'boolean' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}

const print = options.json ? console.error : console.log;
const bench = new Bench({ full: options.full });
try {
  const results = [];
  for await (const result of measureRows(bench, groups, positionals)) {
    results.push(result);
    show(result);
  }
  if (options.json) console.log(JSON.stringify(results, null, 2));
} finally {
  await bench.close();
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
      ratio === undefined
        ? ''
        : `${formatRatio(ratio.median)} (${formatRatio(ratio.low)} to ${formatRatio(ratio.high)})`.padStart(
            26,
          ),
    ];
    print(cells.join('').trimEnd());
  }
}
