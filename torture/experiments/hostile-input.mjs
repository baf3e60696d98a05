import { join } from 'node:path';
import { BACKENDS } from '../harness/backends.mjs';
import { Breakdown, demand, HANGS, Violation } from '../harness/outcomes.mjs';
import { Child } from '../harness/processes.mjs';
import { storeFor } from '../harness/stores.mjs';

/** Milliseconds after which a call comes to no end any more. */
const PATIENCE = 600_000;
/** Of what was found wrong; one is enough. */
const MOST_SHOWN = 20;

export default {
  name: 'hostile-input',
  proves:
    'Proxies, accessors that throw or tell something else each time, circles, depth, `__proto__`, thenables, iterators that misbehave, in ' +
    'every argument of every method: a StorageError or a plain copy, and the same on every backend; nothing that objects share is ' +
    'changed, and the store holds what it would without them.',
  backends: Object.keys(BACKENDS),
  forms: { short: { cases: 25 }, long: { cases: 500 } },
  run,
};

async function run({ backend, seed, folder, form: { cases }, launch = {} }) {
  const { place } = await storeFor(backend, folder);
  const other = BACKENDS[backend].kind === 'file' ? join(folder, 'other.db') : place;
  const { patience = PATIENCE, ...rest } = launch;
  const child = new Child('hostile.mjs', { backend, place, other, seed, cases }, rest);
  const violations = [];
  let told = {};
  child.on('line', ({ violation, ...line }) => {
    if (violation !== undefined) violations.push(violation);
    told = { ...told, ...line };
    alarm.refresh();
  });
  const alarm = setTimeout(() => child.kill(), patience);
  await child.ended;
  clearTimeout(alarm);
  const where = `seed ${seed}, ${backend}`;
  if (child.wasKilled) throw new Breakdown(`${where}, ${told.current}: ${HANGS}`);
  if (violations.length > 0) throw new Violation(`${where}: ${violations.slice(0, MOST_SHOWN).join('\n')}`);
  if (told.figures === undefined) throw new Breakdown(`${where}, ${told.current}: ${child.errors}`);
  const { calls, refused } = told.figures;
  demand(calls, cases * 20, 'calls');
  demand(refused, calls / 5, 'calls that were refused');
  return { 'cases of each method': cases, calls, refused };
}
