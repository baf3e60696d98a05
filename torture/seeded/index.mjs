// Faults that are put into a copy of the code, to see that the experiments find them: those that were made once, here or
// elsewhere, and those that are easily made.
import { etcdFaults } from './etcd.mjs';
import { kitFaults } from './kit.mjs';
import { memoryFaults } from './memory.mjs';
import { postgresFaults } from './postgres.mjs';
import { sqliteFaults } from './sqlite.mjs';
import { sqljsFaults } from './sqljs.mjs';

/**
 * @typedef {import('../harness/patches/patch.mjs').Patch & {
 *   name: string,
 *   backend: string,
 *   experiment: string,
 *   form?: Record<string, number>,
 *   also?: readonly import('../harness/patches/patch.mjs').Patch[],
 * }} SeededFault `experiment` is to find it with `backend`, given `form`; `also` is changed with it.
 */

/** @type {readonly SeededFault[]} */
export const SEEDED_FAULTS = [
  ...memoryFaults,
  ...kitFaults,
  ...sqliteFaults,
  ...sqljsFaults,
  ...postgresFaults,
  ...etcdFaults,
];

/** @param {SeededFault} fault @returns {readonly import('../harness/patches/patch.mjs').Patch[]} */
export function patchesOf({ file, find, replace, also = [] }) {
  return [{ file, find, replace }, ...also];
}
