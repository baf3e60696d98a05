import { BACKENDS } from '../harness/backends.mjs';
import { killAfter, stopWhile } from '../harness/faults/processes.mjs';
import { serverFaults } from '../harness/faults/server.mjs';
import { demand } from '../harness/outcomes.mjs';
import { storeFor } from '../harness/stores.mjs';
import { Trial } from '../harness/trial.mjs';

const PROCESSES = 4;
/** Of each process, at a time. */
const LANES = 2;
/** Of a round, in all processes, where the form says nothing else. */
const OPERATIONS = 2_000;
/** Milliseconds. A process may be stopped while it holds the lock of a store, and others are to give up soon. */
const LOCK_TIMEOUT = 1_000;

export default {
  name: 'linearizability',
  proves:
    'Four processes store, compare and set, commit batches, clear, read, list, iterate, watch and read the past of few ' +
    'records, while processes are killed and stopped and servers fail: each operation happened at one moment between its ' +
    'call and its answer, and cached reads are no older than documented.',
  backends: Object.keys(BACKENDS),
  forms: { short: { operations: 3_000, round: 1_500 }, long: { operations: 500_000 } },
  run,
};

async function run({ backend, seed, folder, form, print, launch, reached = () => {} }) {
  const { operations, round = OPERATIONS, kept } = form;
  const { place, server } = await storeFor(backend, folder);
  const trial = new Trial({ backend, place, folder, seed, launch, options: optionsOf(backend, kept) });
  const faults = {
    ...processFaults(backend, Math.min(round, operations)),
    ...(server && serverFaults(backend, server)),
  };
  const injected = {};
  const atLeast = Math.min(operations, round) / 8;
  while (trial.totals.operations < operations) {
    const fault = trial.random.pick(Object.keys(faults));
    injected[fault] = (injected[fault] ?? 0) + 1;
    const before = { ...trial.totals };
    await trial.round({
      clients: clientsOf(backend, Math.min(round, operations)),
      fault: (clients) => faults[fault](clients, trial.random),
    });
    const { totals } = trial;
    demand(totals.operations - before.operations, atLeast, `answers in a round with the fault "${fault}"`);
    for (const what of ['writes', 'told'])
      demand(totals[what] - before[what], atLeast / 4, `${what} in a round with the fault "${fault}"`);
    print(`${trial.totals.operations} operations, ${trial.revision} commits; last: ${fault}`);
    reached(figuresOf(trial, injected), { operations: trial.totals.operations });
  }
  trial.close();
  return figuresOf(trial, injected);
}

function figuresOf({ totals: { operations, commits, rounds, unknown } }, faults) {
  return { operations, commits, rounds, 'begun and unknown': unknown, faults };
}

function optionsOf(backend, kept) {
  const history = kept === undefined ? {} : { history: { changes: kept } };
  return BACKENDS[backend].kind === 'memory' ? history : { ...history, lockTimeout: LOCK_TIMEOUT };
}

/** One process where a store has one owner. */
function clientsOf(backend, operations) {
  const processes = BACKENDS[backend].isShared ? PROCESSES : 1;
  return Array.from({ length: processes }, () => ({
    lanes: (LANES * PROCESSES) / processes,
    operations: Math.ceil(operations / processes),
    watches: true,
  }));
}

function processFaults(backend, operations) {
  const none = async () => {};
  if (BACKENDS[backend].kind === 'memory') return { nothing: none };
  const processes = BACKENDS[backend].isShared ? PROCESSES : 1;
  const some = (random) => Math.floor(((0.3 + 0.7 * random.next()) * operations) / 2 / processes);
  const killed = (clients, random) => killAfter(random.pick(clients), some(random), random.next());
  if (processes === 1) return { nothing: none, 'a process is killed': killed };
  const stopped = async (clients, random) => {
    const client = random.pick(clients);
    await client.answered(some(random));
    const others = clients.filter((other) => other !== client);
    await stopWhile(client, others, 50, BACKENDS[backend].bound);
  };
  return { nothing: none, 'a process is killed': killed, 'a process is stopped': stopped };
}
