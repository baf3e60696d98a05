import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { BACKENDS } from '../harness/backends.mjs';
import { Breakdown, demand, Violation } from '../harness/outcomes.mjs';
import { recordCalls } from '../harness/power/recording.mjs';
import { Child } from '../harness/processes.mjs';
import { Trial } from '../harness/trial.mjs';

/** Of the history that is recorded: from a file that is made to one that is closed. */
const OPERATIONS = 60;
const WRITES = { store: 10, batch: 8, delete: 2, clear: 1 };
/** States that are made of one history; then another one is recorded. */
const STATES_OF_A_HISTORY = 2_000;

const NOTHING = {
  states: 0,
  'while names change': 0,
  'lost again when opened': 0,
  'written to afterwards': 0,
  histories: 0,
  calls: 0,
};

export default {
  name: 'power-loss',
  proves:
    'The power may go at any moment: whatever was not synced is lost, torn by sectors or written in another order, and names that were ' +
    'made, moved or removed are as before until their folder was synced; and once more while the store is opened after that. What was ' +
    'acknowledged is there, the store opens, and what is written then is there as well.',
  backends: Object.keys(BACKENDS).filter((name) => BACKENDS[name].kind === 'file'),
  forms: { short: { states: 100 }, long: { states: 20_000 } },
  run,
};

async function run({ backend, seed, folder, form: { states }, print, launch = {} }) {
  const figures = { ...NOTHING };
  while (figures.states < states) {
    const own = join(folder, String(figures.histories));
    const recorded = await record(backend, own, seed + figures.histories, launch);
    const count = Math.min(STATES_OF_A_HISTORY, states - figures.states);
    const made = await crash({ backend, folder: own, seed, states: count, ...recorded }, launch);
    figures.states += made.states;
    figures['while names change'] += made.ofNames;
    figures['lost again when opened'] += made.again;
    figures['written to afterwards'] += made.written;
    figures.calls += made.calls;
    figures.histories += 1;
    print(`${figures.states} states, nothing lost`);
    demand(made.calls, OPERATIONS, 'recorded calls');
  }
  demand(figures['lost again when opened'], states / 6, 'states that were lost again');
  demand(figures['written to afterwards'], states / 16, 'states that were written to');
  return figures;
}

async function record(backend, folder, seed, { nodeOptions, env }) {
  const store = join(folder, 'store');
  mkdirSync(store, { recursive: true });
  const place = join(store, 'store.db');
  const { trace, env: recording } = recordCalls(store, folder);
  const trial = new Trial({
    backend,
    place,
    folder,
    seed,
    launch: { nodeOptions, env: { ...env, ...recording } },
  });
  await trial.round({ clients: [{ lanes: 2, operations: OPERATIONS, weights: WRITES }] });
  trial.close();
  return { place, trace };
}

async function crash(settings, { nodeOptions, env }) {
  const opening = join(settings.folder, 'opening');
  mkdirSync(opening);
  const { trace: recovery, env: recording } = recordCalls(join(settings.folder, 'crashed'), opening);
  const child = new Child(
    'crashes.mjs',
    { ...settings, recovery },
    { nodeOptions, env: { ...env, ...recording } },
  );
  let figures;
  let violation;
  child.on('line', (line) => {
    violation ??= line.violation;
    figures ??= line.figures;
  });
  await child.ended;
  const { seed, backend } = settings;
  if (violation !== undefined) throw new Violation(`seed ${seed}, ${backend}: ${violation}`);
  if (figures === undefined) throw new Breakdown(`seed ${seed}, ${backend}: ${child.errors}`);
  return figures;
}
