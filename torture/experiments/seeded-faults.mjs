import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadExperiments } from '../harness/experiments.mjs';
import { demand, HANGS, Violation } from '../harness/outcomes.mjs';
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
    runs += found?.run ?? RUNS;
    if (missed.length === 0)
      reached({ 'faults found': chosen.indexOf(fault) + 1, runs }, { faults: chosen.indexOf(fault) + 1 });
  }
  if (missed.length > 0) throw new Violation(`nothing was found wrong in ${RUNS} runs: ${missed.join('; ')}`);
  demand(chosen.length, Math.min(faults, all.length), 'faults');
  return { 'faults found': chosen.length, runs };
}

async function findFault({ experiment: name, backend, form, ...fault }, seed, folder) {
  const [experiment] = await loadExperiments([name]);
  const launch = { ...launchWith(patchesOf(fault)), patience: PATIENCE };
  for (let i = 1; i <= RUNS; i++) {
    mkdirSync(folder);
    const settings = { backend, folder, launch, seed: seed + i, form: { ...FORM, ...form }, print: () => {} };
    const error = await experiment.run(settings).then(
      () => undefined,
      (reason) => reason,
    );
    rmSync(folder, { recursive: true, force: true });
    const isFound = error?.name === 'Violation' && !error.message.includes(HANGS);
    if (isFound) return { run: i, message: error.message.split('\n')[0].slice(0, 200) };
    if (error !== undefined && error.name !== 'VoidRun' && error.name !== 'Violation') throw error;
  }
  return undefined;
}
