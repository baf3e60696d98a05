import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { BACKENDS } from '../harness/backends.mjs';
import { killAfter } from '../harness/faults/processes.mjs';
import { WRITES } from '../harness/operations.mjs';
import { demand } from '../harness/outcomes.mjs';
import { storeFor } from '../harness/stores.mjs';
import { Trial } from '../harness/trial.mjs';

/** A writer is killed after fewer answers than this; sometimes before its first. */
const MOST_ANSWERS = 60;
const FILE_BACKENDS = Object.keys(BACKENDS).filter((name) => BACKENDS[name].kind === 'file');

export default {
  name: 'kill',
  proves:
    'Writers that are killed with SIGKILL at random moments lose nothing that was acknowledged and leave no half of a ' +
    'batch; others that use the same file go on, and each driver reads what the others left.',
  backends: Object.keys(BACKENDS).filter((name) => BACKENDS[name].kind !== 'memory'),
  forms: { short: { cycles: 9 }, long: { cycles: 1_000 } },
  run,
};

async function run({ backend, seed, folder, form: { cycles }, print, launch }) {
  const { place } = await storeFor(backend, folder);
  const places = placesOf(backend, place, folder);
  const trial = new Trial({ backend, place, folder, seed, launch });
  const { random } = trial;
  const inspectors = BACKENDS[backend].kind === 'file' ? FILE_BACKENDS : [backend];
  let demanded = 0;
  let answered = 0;
  for (let cycle = 0; cycle < cycles; cycle++) {
    const writers = writersOf(backend, cycle);
    const answers = writers.map(() => random.below(MOST_ANSWERS));
    const fractions = writers.map(() => random.next());
    const clients = await trial.round({
      clients: writers.map((one) => ({ backend: one, lanes: 4, operations: 0, weights: WRITES })),
      fault: (running) =>
        Promise.all(running.map((client, i) => killAfter(client, answers[i], fractions[i]))),
      place: places[cycle % places.length],
      inspector: inspectors[cycle % inspectors.length],
    });
    demanded += answers.reduce((sum, count) => sum + count, 0);
    answered += clients.reduce((sum, client) => sum + client.answers, 0);
    if ((cycle + 1) % 50 === 0) print(`${cycle + 1} cycles, ${answered} answers, nothing lost`);
  }
  trial.close();
  demand(answered, demanded, 'answers');
  demand(trial.totals.commits, cycles * 10, 'commits');
  const { commits, unknown } = trial.totals;
  return { kills: cycles, acknowledged: answered, commits, 'begun and unknown': unknown };
}

/** Every third time another one writes at once, with the next driver that shares files. */
function writersOf(backend, cycle) {
  if (cycle % 3 !== 2 || !BACKENDS[backend].isShared) return [backend];
  if (BACKENDS[backend].kind !== 'file') return [backend, backend];
  const shared = FILE_BACKENDS.filter((name) => BACKENDS[name].isShared);
  return [backend, shared[(shared.indexOf(backend) + 1) % shared.length]];
}

/** A file has one name, also for who opens it by a link. */
function placesOf(backend, place, folder) {
  if (BACKENDS[backend].kind !== 'file') return [place];
  const link = join(folder, 'elsewhere', 'link.db');
  mkdirSync(join(folder, 'elsewhere'));
  symlinkSync(place, link);
  return [place, link];
}
