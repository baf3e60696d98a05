// bench/results.json: what was measured last, row by row.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';

const FILE = new URL('../results.json', import.meta.url);
const require = createRequire(import.meta.url);
const PEERS = [
  'better-sqlite3',
  'sql.js',
  'pg',
  'keyv',
  '@keyv/sqlite',
  '@keyv/postgres',
  'unstorage',
  '@langchain/langgraph-checkpoint-sqlite',
  '@langchain/langgraph-checkpoint-postgres',
];

/**
 * @typedef {object} Results
 * @property {Record<string, RowResult>} rows By the name of the row.
 * @typedef {object} RowResult
 * @property {string} date Of the day on which it was measured.
 * @property {string} machine
 * @property {string} node
 * @property {import('../measure/contest.mjs').Figure[]} figures
 */

/** @returns {Results & { versions: Record<string, string> }} */
export function readResults() {
  if (!existsSync(FILE)) return { versions: {}, rows: {} };
  return JSON.parse(readFileSync(FILE, 'utf8'));
}

/** Replaces what was measured; other rows stay as they are. */
export function writeResults(measured) {
  const { rows } = readResults();
  const [{ model }] = cpus();
  const circumstances = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} cores of ${model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}`,
    node: process.versions.node,
  };
  for (const { row, figures } of measured) {
    rows[row.name] = { ...circumstances, figures: figures.map(shortened) };
  }
  const versions = Object.fromEntries(PEERS.map((name) => [name, versionOf(name)]));
  writeFileSync(FILE, `${JSON.stringify({ versions, rows }, null, 2)}\n`);
}

function versionOf(name) {
  try {
    return require(`${name}/package.json`).version;
  } catch {
    // Some do not export their package.json.
    const path = require.resolve.paths(name).map((folder) => `${folder}/${name}/package.json`);
    return JSON.parse(readFileSync(path.find(existsSync), 'utf8')).version;
  }
}

/** Four digits are more than any of this is exact to. */
function shortened(figure) {
  return JSON.parse(
    JSON.stringify(figure, (_, value) =>
      typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value,
    ),
  );
}
