// Named places in the code at which something can happen. They stand here and not there, as nobody should have to read
// past them; a test sees to it that each still fits.
import { etcdFailpoints } from './etcd.mjs';
import { postgresFailpoints } from './postgres.mjs';
import { sqliteFailpoints } from './sqlite.mjs';
import { sqljsFailpoints } from './sqljs.mjs';

/**
 * @typedef {object} Failpoint
 * @property {string} name
 * @property {string} file As in a `Patch`.
 * @property {string} [before] A statement that stands there once; the place is before it,
 * @property {string} [after] or after it.
 * @property {boolean} [fails] Whether an error can come from there: what calls a driver or the file system, and what reads an
 * answer.
 * @property {boolean} [isOpening] Whether it is come to only where a store is opened or made.
 * @property {boolean} [isOfLarge] Whether only a commit comes to it that is too large for one request.
 * @property {boolean} [isOfPast] Whether it is come to only where something is forgotten.
 * @property {boolean} [needsBlock] Whether the statement is the whole body of a loop or a condition.
 */

/** @type {Readonly<Record<string, readonly Failpoint[]>>} */
export const FAILPOINTS = {
  'better-sqlite3': sqliteFailpoints,
  'node-sqlite': sqliteFailpoints,
  sqljs: [...sqliteFailpoints, ...sqljsFailpoints],
  postgres: postgresFailpoints,
  etcd: etcdFailpoints,
};

/** @param {Failpoint} failpoint @returns {import('../harness/patches/patch.mjs').Patch} */
export function patchOf({ name, file, before, after, needsBlock }) {
  const call = `globalThis.gatiFailpoint?.(${JSON.stringify(name)});`;
  const find = before ?? after;
  if (needsBlock) return { file, find, replace: `{ ${call} ${find} }` };
  return { file, find, replace: before === undefined ? `${find} ${call}` : `${call} ${find}` };
}
