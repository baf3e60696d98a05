// torture/results.json: what the long forms have shown, by experiment and backend; the last run of each.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { BACKENDS } from '../backends.mjs';

const FILE = new URL('../../results.json', import.meta.url);
/** Not every package lets others import what says its version. */
const INSTALLED = new URL('../../../node_modules/', import.meta.url);
const DRIVERS = { 'better-sqlite3': ['better-sqlite3'], sqljs: ['sql.js'], postgres: ['pg'] };

/**
 * @typedef {object} Result
 * @property {string} name Of the experiment.
 * @property {string} backend
 * @property {string} date
 * @property {string} versions Of Node.js and the driver.
 * @property {string} machine
 * @property {number} seed
 * @property {Record<string, number>} form
 * @property {number} seconds
 * @property {Record<string, number | object>} figures
 */

/** @returns {Result[]} */
export function readResults() {
  return existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : [];
}

/** In place of what the experiment has shown with this backend before. */
export function keepResult(result) {
  const [{ model }] = cpus();
  const kept = {
    name: result.name,
    backend: result.backend,
    date: new Date().toISOString().slice(0, 10),
    versions: versionsOf(result.backend),
    machine: `${cpus().length} cores of ${model.trim()}, ${process.platform}`,
    ...result,
  };
  replaceResults([kept]);
}

/** It is not so any more: the experiment has found something broken since. */
export function withdrawResult(result) {
  writeResults(readResults().filter((one) => keyOf(one) !== keyOf(result)));
}

/** Those of some experiments from another file, each in place of what the experiment has shown with its backend before. */
export function takeResults(file, names) {
  replaceResults(JSON.parse(readFileSync(file, 'utf8')).filter(({ name }) => names.includes(name)));
}

function replaceResults(results) {
  const keys = new Set(results.map(keyOf));
  const others = readResults().filter((result) => !keys.has(keyOf(result)));
  writeResults([...others, ...results].sort((a, b) => keyOf(a).localeCompare(keyOf(b))));
}

function writeResults(all) {
  writeFileSync(FILE, `${JSON.stringify(all, null, 2)}\n`);
}

const keyOf = ({ name, backend }) => `${name} ${backend}`;

function versionsOf(backend) {
  const drivers = (DRIVERS[backend] ?? []).map(
    (name) =>
      `${name} ${JSON.parse(readFileSync(new URL(`${name}/package.json`, INSTALLED), 'utf8')).version}`,
  );
  return [`Node.js ${process.versions.node}`, ...otherNode(backend), ...drivers].join(', ');
}

/** Where the processes that use the store are not run by the Node.js that runs the rig. */
function otherNode(backend) {
  const { execPath } = BACKENDS[backend];
  if (execPath === process.execPath) return [];
  return [`its processes ${execFileSync(execPath, ['--version'], { encoding: 'utf8' }).trim().slice(1)}`];
}
