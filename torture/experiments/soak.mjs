import { BACKENDS } from '../harness/backends.mjs';
import { demand } from '../harness/outcomes.mjs';
import { Soak } from '../harness/soak/soak.mjs';

/** Samples of which a leak can be told at all. */
const LEAST_SAMPLES = 8;
/** After so many, what was reached is kept: whoever ends a run of hours does not end it for nothing. */
const KEPT_EVERY = 15;

export default {
  name: 'soak',
  proves:
    'Hours of writes, reads, 200 watchers that come and go, others that open the store and close it, refused calls, iterations that ' +
    'are left, forgotten history and lost connections: memory, descriptors, timers, connections and files are as after the first quarter.',
  backends: Object.keys(BACKENDS),
  forms: { short: { steps: 36, every: 4 }, long: { minutes: 120 } },
  run,
};

async function run({ backend, seed, folder, form, print, launch, reached = () => {} }) {
  const { minutes = 0, steps = 0, every = 20, interval = minutes > 0 ? 2_500 : 0 } = form;
  const soak = await Soak.of({ backend, seed, folder, launch, every, interval });
  const isOver = () => (minutes > 0 ? soak.minutes >= minutes : soak.samples.length >= steps / every);
  await soak.run(isOver, () => {
    const { length } = soak.samples;
    print(`${length} samples: ${JSON.stringify(soak.samples.at(-1))}`);
    if (length % KEPT_EVERY === 0) reached(figuresOf(soak), { minutes: Math.floor(soak.minutes) });
  });
  demand(soak.samples.length, LEAST_SAMPLES, 'samples');
  return figuresOf(soak);
}

/** Throws when something leaks. */
function figuresOf(soak) {
  soak.assertFlat();
  const { steps, acknowledged, watchers, told, visits } = soak.done;
  demand(acknowledged, steps * 2, 'acknowledged commits');
  demand(told, steps * 100, 'commits that watchers were told');
  return {
    acknowledged,
    watchers,
    'commits told to them': told,
    visits,
    'connections lost': soak.reconnects,
    samples: soak.samples.length,
    growth: soak.growth,
  };
}
