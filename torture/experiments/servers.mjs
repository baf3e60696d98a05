import { serverFaults } from '../harness/faults/server.mjs';
import { MIXED } from '../harness/operations.mjs';
import { demand } from '../harness/outcomes.mjs';
import { storeFor } from '../harness/stores.mjs';
import { Trial } from '../harness/trial.mjs';

const PROCESSES = 2;
const LANES = 8;
/** Of a process, in a round. */
const OPERATIONS = 400;
/** How many commits in a hundred are large ones, where the form says nothing else. */
const LARGE = 0.2;
/** In how many rounds one is to be acknowledged at least. */
const LARGE_EVERY = 3;

export default {
  name: 'servers',
  proves:
    'A server that is killed, stopped at once, restarted or hung under load, sessions and statements that it ends, and members of a ' +
    'cluster that are killed, hung, parted, replaced and tidied up, cost nothing that was acknowledged, and no commit is made ' +
    'twice, also when its answer was lost and it was sent again.',
  backends: ['postgres', 'etcd'],
  forms: { short: { rounds: 3 }, long: { rounds: 200 } },
  run,
};

async function run({ backend, seed, folder, form, print, launch, reached = () => {} }) {
  const { rounds, large = LARGE } = form;
  const { place, server } = await storeFor(backend, folder);
  const trial = new Trial({ backend, place, folder, seed, launch });
  const faults = Object.entries(serverFaults(backend, server));
  const injected = {};
  let largeOnes = 0;
  const figures = () => figuresOf(trial, largeOnes, injected);
  for (let round = 0; round < rounds; round++) {
    const [name, injure] = faults[(round + seed) % faults.length];
    const before = { ...trial.totals };
    const clients = await trial.round({
      clients: Array.from({ length: PROCESSES }, () => ({
        lanes: LANES,
        operations: OPERATIONS,
        watches: true,
        weights: { ...MIXED, large },
      })),
      fault: (clients) => injure(clients, trial.random),
    });
    largeOnes += clients.flatMap(({ operations }) => operations).filter(isLarge).length;
    injected[name] = (injected[name] ?? 0) + 1;
    for (const what of ['writes', 'told'])
      demand(trial.totals[what] - before[what], OPERATIONS / 4, `${what} in a round in which ${name}`);
    print(`${round + 1} rounds, ${trial.totals.writes} writes; last: ${name}`);
    reached(figures(), { rounds: round + 1 });
  }
  trial.close();
  demand(largeOnes, Math.floor(rounds / LARGE_EVERY), 'large commits that were acknowledged');
  return figures();
}

const isLarge = ({ operation, result }) => operation.type === 'large' && result !== undefined;

function figuresOf({ totals: { rounds, writes, commits, unknown } }, large, faults) {
  return {
    rounds,
    acknowledged: writes,
    'of these large': large,
    commits,
    'begun and unknown': unknown,
    faults,
  };
}
