// `npm run bench`: measures everything that the documentation claims.
//
// `npm run bench -- --write` also writes docs/benchmarks.md.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from '../test/support/postgres-server.mjs';
import { betterSqlite3Benchmarks } from './better-sqlite3.mjs';
import { inMemoryBenchmarks } from './in-memory.mjs';
import { formatTime } from './measure.mjs';
import { postgresBenchmarks } from './postgres.mjs';
import { postgresFigures } from './postgres-figures.mjs';
import { scaleBenchmarks } from './scale.mjs';
import { sqlJsBenchmarks } from './sqljs.mjs';

const { values: options } = parseArgs({
  options: {
    write: { type: 'boolean' },
    only: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (options.help) {
  console.log(
    'npm run bench -- [--write] [--only <part of a title>]\n\n' +
      'Measures each backend against its peer. --write puts what was measured into docs/benchmarks.md.',
  );
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), 'gati-bench-'));
const document = [];
try {
  await section(
    'In memory, against `@gati-framework/runtime@2.0.8`',
    'Both through `createManifestStore()`, one call after the other.',
    inMemoryBenchmarks(),
  );
  await section(
    'better-sqlite3, against the same written by hand',
    'By hand: a table with a JSON column, a prepared `get` and `JSON.parse`, and one FULL autocommit upsert a write.',
    betterSqlite3Benchmarks(folder),
  );
  await section(
    'sql.js, against the same written by hand',
    'By hand: a table with a JSON column, a prepared `get` and `JSON.parse`; made durable by writing the exported database. Where the peer is ours it is named.',
    sqlJsBenchmarks(folder),
  );
  await postgres();
  showScale(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (options.write) writeDocument();

async function postgres() {
  if (!isWanted('PostgreSQL')) return;
  const server = await startPostgres({ settings: { shared_buffers: '256MB' } });
  try {
    await section(
      'PostgreSQL, against the same written by hand',
      'By hand, with `pg`: a table with a JSON column, a prepared `get` and `JSON.parse`, and one prepared upsert a write. ' +
        'All on one server with its default durability, ten connections each.',
      postgresBenchmarks(server.url),
    );
    print('| PostgreSQL | measured | aim |\n| --- | --- | --- |');
    for await (const { name, value, aim } of postgresFigures(server.url)) {
      print(`| ${name} | ${value} | ${aim} |`);
    }
    print('');
  } finally {
    await server.destroy();
  }
}

function isWanted(title) {
  return title.includes(options.only ?? '');
}

async function section(title, explanation, benchmarks) {
  if (!isWanted(title)) return;
  print(`## ${title}\n\n${explanation}\n`);
  print('| operation | ours | peer | ratio | aim |\n| --- | --- | --- | --- | --- |');
  for await (const { name, ours, peer, ratio, target } of benchmarks) {
    print(
      `| ${name} | ${formatTime(ours)} | ${formatTime(peer)} | ${ratio.toFixed(2)}x | ${+target.toFixed(2)}x |`,
    );
  }
  print('');
}

function showScale(directory) {
  if (!isWanted('A thousand times more')) return;
  print('## A thousand times more\n');
  print(
    'Ten versions a handler. "Anywhere" reads records all over the store, "hot" a thousand of them again and again. ' +
      'Memory is what the process grew by.\n',
  );
  print(
    '| backend | manifests | opening | read anywhere | read hot | memory |\n| --- | --- | --- | --- | --- | --- |',
  );
  for (const { backend, small, large } of scaleBenchmarks(directory)) {
    for (const [count, { opened, readAnywhere, readHot, memory }] of [
      ['1,000', small],
      ['1,000,000', large],
    ]) {
      const cells = [
        `${opened.toFixed(1)} ms`,
        formatTime(readAnywhere),
        formatTime(readHot),
        `${(memory / 2 ** 20).toFixed(0)} MiB`,
      ];
      print(`| ${backend} | ${count} | ${cells.join(' | ')} |`);
    }
    const ratio = (field) => `${(large[field] / small[field]).toFixed(2)}x`;
    print(`| ${backend} | ratio | | ${ratio('readAnywhere')} | ${ratio('readHot')} | |`);
  }
}

function print(line) {
  console.log(line);
  document.push(line);
}

/** Replaces the sections that were measured; the others stay as they are. */
function writeDocument() {
  const file = new URL('../docs/benchmarks.md', import.meta.url);
  const head = `# Benchmarks

Made by \`npm run bench -- --write\` on ${cpus().length} cores of ${cpus()[0].model}, Node.js ${process.versions.node}.
Each figure is the median of interleaved rounds; a ratio is the median of the
rounds' ratios, and above 1 we are faster. Machines differ and so do days:
compare ratios, not times.
`;
  const sections = new Map([...sectionsOf(readFileSync(file, 'utf8')), ...sectionsOf(document.join('\n'))]);
  const order = ['In memory', 'better-sqlite3', 'sql.js', 'PostgreSQL', 'A thousand'];
  const rank = ([title]) => order.findIndex((start) => title.startsWith(start));
  const texts = [...sections].sort((a, b) => rank(a) - rank(b)).map(([, text]) => text);
  writeFileSync(file, `${head}\n${texts.join('\n')}`);
}

/** By title. */
function sectionsOf(text) {
  return text
    .split(/^(?=## )/m)
    .filter((part) => part.startsWith('## '))
    .map((part) => [part.slice(3, part.indexOf('\n')), `${part.trimEnd()}\n`]);
}
