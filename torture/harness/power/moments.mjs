import { dirname } from 'node:path';

/** A state and the one after it are told apart by what happens in between, so this many are made of one moment. */
const STATES_OF_A_MOMENT = 4;
/** Of the states, so many are of moments at which names change: that happens seldom, and a store may hang on each. */
const SHARE_OF_NAMES = 1 / 2;

/**
 * At which moments the power is to fail, in their order.
 *
 * @param {readonly import('./recording.mjs').Call[]} calls
 * @param {number} states
 * @param {import('../seeds.mjs').Random} random
 * @returns {{ moment: number, ofNames?: string }[]} `moment`: after so many calls; `ofNames`: what the disk has of what was done to
 * names, see `disk.mjs`.
 */
export function chooseMoments(calls, states, random) {
  const moments = random.shuffled(momentsOfNames(calls));
  const ofNames = moments.length === 0 ? 0 : Math.floor(states * SHARE_OF_NAMES);
  const chosen = Array.from({ length: ofNames }, (_, i) => ({
    moment: moments[(i >> 1) % moments.length],
    ofNames: i % 2 === 0 ? 'none' : random.pick(['all', 'the last alone']),
  }));
  while (chosen.length < states) {
    const moment = random.below(calls.length + 1);
    for (let i = 0; i < STATES_OF_A_MOMENT && chosen.length < states; i++) chosen.push({ moment });
  }
  return chosen.sort((a, b) => a.moment - b.moment);
}

/** Before and after each call that makes, moves or removes a name, or makes that certain. */
export function momentsOfNames(calls) {
  const folders = new Set(calls.flatMap(({ path }) => (path === undefined ? [] : [dirname(path)])));
  const ofFolders = new Set(calls.filter(({ path }) => folders.has(path)).map(({ id }) => id));
  const isOfNames = ({ what, id, isNew }) =>
    isNew || what === 'rename' || what === 'unlink' || (what === 'sync' && ofFolders.has(id));
  return [...new Set(calls.flatMap((call, i) => (isOfNames(call) ? [i, i + 1] : [])))];
}
