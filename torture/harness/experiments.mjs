import { readdirSync } from 'node:fs';

const FOLDER = new URL('../experiments/', import.meta.url);

/**
 * @typedef {object} Experiment
 * @property {string} name Of its file as well.
 * @property {string} proves In a sentence, for `--list` and for docs/reliability.md.
 * @property {readonly string[]} backends Of `backends.mjs`.
 * @property {{ short: Record<string, number>, long: Record<string, number> }} forms How much of it is done.
 * @property {(backend: string) => boolean} [isPossible] Whether this machine lets it; absent: every one does.
 * @property {(run: Run) => Promise<Record<string, number | object>>} run Resolves with what was done, in figures; throws
 * a `Violation` when a promise was broken, a `VoidRun` when too little happened.
 *
 * @typedef {object} Run
 * @property {string} backend
 * @property {Record<string, number>} form
 * @property {number} seed
 * @property {string} folder Empty, and removed unless the run fails.
 * @property {(line: string) => void} print Tells how far it is.
 * @property {(figures: Record<string, number | object>, soFar: Record<string, number>) => void} [reached] Keeps what a run of hours has
 * come to, and how much of the form that is: one that is ended before its time leaves that.
 * @property {object} [launch] How the processes that use the store are started, see `patches/`.
 */

/** @param {readonly string[]} [names] Default: all. @returns {Promise<Experiment[]>} */
export async function loadExperiments(names = []) {
  const files = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.mjs'))
    .sort();
  const unknown = names.filter((name) => !files.includes(`${name}.mjs`));
  if (unknown.length > 0) throw new Error(`There is no experiment ${unknown.join(', ')}; --list names them.`);
  const chosen = files.filter((file) => names.length === 0 || names.includes(file.slice(0, -4)));
  return Promise.all(chosen.map(async (file) => (await import(new URL(file, FOLDER))).default));
}
