import { betterSqlite3 } from './better-sqlite3.mjs';
import { bytes } from './bytes.mjs';
import { coldStart } from './cold-start.mjs';
import { growth } from './growth.mjs';
import { inMemory } from './in-memory.mjs';
import { large } from './large.mjs';
import { postgres } from './postgres.mjs';
import { prepare } from './prepare.mjs';
import { sqlJs } from './sqljs.mjs';
import { stalls } from './stalls.mjs';
import { watchLag } from './watch-lag.mjs';
import { watchers } from './watchers.mjs';

/**
 * @typedef {object} Group
 * @property {string} title
 * @property {string} about Markdown: on what terms.
 * @property {(bench: import('../measure/bench.mjs').Bench) => unknown} [open] Makes what its rows share.
 * @property {(opened: any) => Promise<void>} [close]
 * @property {Row[]} rows
 *
 * @typedef {object} Row
 * @property {string} name For the command line and results.json.
 * @property {string} title
 * @property {string} bound What bounds ours now, in one sentence.
 * @property {boolean} [check] Its ratio to the floor is the same on every machine, about, so that a step back shows.
 * @property {(opened: any, bench: import('../measure/bench.mjs').Bench) => Promise<import('../measure/contest.mjs').Figure[]>} measure
 */

/**
 * What is measured, in the order in which it is shown.
 *
 * @type {Group[]}
 */
export const groups = [
  prepare,
  inMemory,
  betterSqlite3,
  sqlJs,
  postgres,
  bytes,
  stalls,
  watchers,
  watchLag,
  large,
  coldStart,
  growth,
];
