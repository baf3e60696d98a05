import { BACKENDS } from '../harness/backends.mjs';
import { Breakdown, demand, Violation } from '../harness/outcomes.mjs';
import { Child } from '../harness/processes.mjs';
import { storeFor } from '../harness/stores.mjs';
import { Trial } from '../harness/trial.mjs';

const WRITES = { store: 10, batch: 8, delete: 2 };
/** What a store holds that is damaged: a few pages, and a history. */
const OPERATIONS = 80;

export default {
  name: 'damage',
  proves:
    'Of a store of which one bit was flipped, or the end is missing, a record is read as it was, or an error is told, of the damage where ' +
    'that can be known; none is read as something else. What cannot be opened is not overwritten, and in sql.js none is missing.',
  backends: Object.keys(BACKENDS).filter((name) => name !== 'memory'),
  forms: { short: { damages: 150 }, long: { damages: 10_000 } },
  run,
};

async function run({ backend, seed, folder, form: { damages }, print, launch = {} }) {
  const { place } = await storeFor(backend, folder);
  const trial = new Trial({ backend, place, folder, seed });
  // Killed at last, so that a log lies beside the database: what was written since is only there.
  await trial.round({ clients: [{ lanes: 1, operations: OPERATIONS, weights: WRITES }] });
  await trial.round({
    clients: [{ lanes: 1, operations: 0, weights: WRITES }],
    fault: async ([client]) => {
      await client.answered(10);
      client.child.kill();
    },
    inspector: null,
  });
  trial.close();
  const child = new Child('damages.mjs', { backend, place, folder, seed, damages }, launch);
  let found;
  child.on('line', (line) => {
    if (line.done % 1_000 === 0) print(`${line.done} damages`);
    if (line.violation !== undefined) found = line;
    if (line.figures !== undefined) found ??= line;
  });
  await child.ended;
  if (found?.violation !== undefined) throw new Violation(`seed ${seed}, ${backend}: ${found.violation}`);
  if (found === undefined) throw new Breakdown(`seed ${seed}, ${backend}: ${child.errors}`);
  const { figures } = found;
  demand(figures.damages, damages, 'damages');
  demand(figures['told of'], damages / 50, 'damages that were noticed');
  return figures;
}
