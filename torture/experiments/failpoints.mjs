import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { FAILPOINTS, patchOf } from '../failpoints/index.mjs';
import { BACKENDS, FAILURES, patiently } from '../harness/backends.mjs';
import { MIXED } from '../harness/operations.mjs';
import { demand } from '../harness/outcomes.mjs';
import { launchWith } from '../harness/patches/patch.mjs';
import { Random } from '../harness/seeds.mjs';
import { removeStore, storeFor } from '../harness/stores.mjs';
import { Trial } from '../harness/trial.mjs';

/** Of a process, in a round. */
const OPERATIONS = 120;
const LANES = 4;
/** It happens when a place is come to for the n-th time, where n is less than this. */
const MOST_HITS = 6;
/** How many commits in a hundred are large ones, where it takes one to come to a place. */
const LARGE = 3;
/** Changes that are kept, so that some are forgotten. */
const KEPT = 300;

export default {
  name: 'failpoints',
  proves:
    'At named places of the code, before and after each step of a commit, of hearing of others, of opening and migrating, a process ' +
    'is killed, held up or given an error: nothing is lost, doubled or seen in part, by it or by another one beside it.',
  backends: Object.keys(FAILPOINTS),
  forms: { short: { rounds: 4, seeds: 1 }, long: { rounds: 10_000, seeds: 20 } },
  run,
};

async function run({ backend, seed, folder, form: { rounds, seeds }, print }) {
  const all = FAILPOINTS[backend].flatMap((failpoint) =>
    ['kill', 'delay', ...(failpoint.fails ? ['error'] : [])].map((action) => ({ failpoint, action })),
  );
  const figures = { failpoints: FAILPOINTS[backend].length, rounds: 0, reached: 0 };
  const places = new Set();
  for (let i = 0; i < seeds; i++) {
    for (const { failpoint, action } of chosen(all, rounds, seed + i)) {
      const own = join(folder, String(figures.rounds));
      mkdirSync(own);
      const isReached = await oneRound(backend, own, seed + i, { failpoint, action });
      figures.rounds += 1;
      if (isReached) {
        figures.reached += 1;
        places.add(failpoint.name);
      } else print(`not reached: ${failpoint.name}, ${action}`);
    }
    print(`${figures.rounds} rounds, ${figures.reached} places reached`);
  }
  demand(figures.reached, figures.rounds / 2, 'places that were reached');
  return { ...figures, 'failpoints reached': places.size };
}

function chosen(all, count, seed) {
  if (count >= all.length) return all;
  return new Random(`failpoints ${seed}`).shuffled(all).slice(0, count);
}

/** One process meets it, and another one is beside it where two can be and it is not about opening; a third comes after them. */
async function oneRound(backend, folder, seed, { failpoint, action }) {
  const { place } = await storeFor(backend, folder);
  const options = { ...patiently(backend), history: { changes: KEPT }, lockTimeout: 20_000 };
  const refusals = action === 'error' ? FAILURES : [];
  const trial = new Trial({ backend, place, folder, seed, options, refusals });
  const usual = { lanes: LANES, operations: OPERATIONS, watches: true };
  if (failpoint.isOfLarge) usual.weights = { ...MIXED, large: LARGE };
  const hit = failpoint.isOpening ? 1 : 1 + trial.random.below(MOST_HITS);
  const victim = {
    ...usual,
    interference: { name: 'failpoint', hit, action },
    launch: launchWith([patchOf(failpoint)]),
  };
  // Of two that open a store, either may be the one that makes it.
  const isAlone = failpoint.isOpening || !BACKENDS[backend].isShared;
  if (failpoint.isOfPast) await trial.round({ clients: [usual, usual] });
  const [{ reached }] = await trial.round({ clients: isAlone ? [victim] : [victim, usual] });
  await trial.round({ clients: [{ ...usual, operations: OPERATIONS / 4 }] });
  trial.close();
  await removeStore(backend, place);
  return reached.length > 0;
}
