import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadExperiments } from '../harness/experiments.mjs';
import { demand, Violation, VoidRun } from '../harness/outcomes.mjs';
import { launchWith } from '../harness/patches/patch.mjs';
import { patchesOf, SEEDED_FAULTS } from '../seeded/index.mjs';

/** Runs, each with another seed, of which one has to find the fault. */
const RUNS = 5;
/** Of a run whose experiment says nothing else. */
const FORM = { operations: 800 };
/** Milliseconds after which a round of damaged code is not waited for. It proves nothing, as a busy machine is slow, too. */
const PATIENCE = 100_000;

export default {
  name: 'seeded-faults',
  proves:
    'The rig itself: faults that are put into a copy of the code, one at a time, are found by the experiment that is meant to find ' +
    'them, within five runs.',
  backends: [...new Set(SEEDED_FAULTS.map(({ backend }) => backend))],
  forms: { short: { faults: 1 }, long: { faults: 1_000 } },
  run,
};

async function run({ backend, seed, folder, form: { faults }, print, reached = () => {} }) {
  const all = SEEDED_FAULTS.filter((fault) => fault.backend === backend);
  const first = seed % all.length;
  const chosen = [...all.slice(first), ...all.slice(0, first)].slice(0, faults);
  const missed = [];
  let runs = 0;
  for (const fault of chosen) {
    const found = await findFault(fault, seed, join(folder, 'run'));
    print(`${fault.name}: ${found === undefined ? 'MISSED' : `run ${found.run}, ${found.message}`}`);
    if (found === undefined) missed.push(fault.name);
    else if (faults > 1) await assertSound(fault, seed + found.run, join(folder, 'run'));
    runs += found?.run ?? RUNS;
    if (missed.length === 0)
      reached({ 'faults found': chosen.indexOf(fault) + 1, runs }, { faults: chosen.indexOf(fault) + 1 });
  }
  if (missed.length > 0) throw new Violation(`nothing was found wrong in ${RUNS} runs: ${missed.join('; ')}`);
  demand(chosen.length, Math.min(faults, all.length), 'faults');
  return { 'faults found': chosen.length, runs };
}

/** A breakdown is no find: code that does not run at all is told from sound code by anybody. */
async function findFault(fault, seed, folder) {
  const launch = { ...launchWith(patchesOf(fault)), patience: PATIENCE };
  for (let run = 1; run <= RUNS; run++) {
    const error = await errorOf(fault, seed + run, folder, launch);
    if (error?.name === 'Violation') return { run, message: error.message.split('\n')[0].slice(0, 200) };
  }
  return undefined;
}

/** What was found is of the fault, and not of the code that it was put into: with the same seed, that is in order. */
async function assertSound(fault, seed, folder) {
  const error = await errorOf(fault, seed, folder);
  if (error instanceof Violation)
    throw new Violation(`"${fault.name}" was found by luck, as this is of the sound code: ${error.message}`);
}

/** What a run of its experiment fails with. */
async function errorOf({ experiment: name, backend, form }, seed, folder, launch) {
  const [experiment] = await loadExperiments([name]);
  mkdirSync(folder);
  const settings = { backend, folder, launch, seed, form: { ...FORM, ...form }, print: () => {} };
  const error = await experiment.run(settings).then(
    () => undefined,
    (reason) => reason,
  );
  rmSync(folder, { recursive: true, force: true });
  if (error !== undefined && !(error instanceof Violation || error instanceof VoidRun)) throw error;
  return error;
}
