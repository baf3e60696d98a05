import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeOldStore, schemaVersions } from '../harness/old-stores.mjs';
import { demand, Violation } from '../harness/outcomes.mjs';
import { storeFor } from '../harness/stores.mjs';
import { Trial } from '../harness/trial.mjs';

const PROCESSES = 8;
/** Of a process, once it has the store open. */
const OPERATIONS = 3;
const WRITES = { store: 1, batch: 1 };

export default {
  name: 'migration',
  proves:
    'Eight processes that open a new store, or one of an older version, at once, of which one is killed meanwhile, all get it, ' +
    'and lose nothing of what they write next.',
  backends: ['better-sqlite3', 'node-sqlite', 'postgres'],
  forms: { short: { rounds: 3 }, long: { rounds: 200 } },
  run,
};

async function run({ backend, seed, folder, form: { rounds }, print, launch }) {
  const totals = { rounds: 0, 'old stores': 0, commits: 0 };
  for (let round = 0; round < rounds; round++) {
    const own = join(folder, String(round));
    mkdirSync(own);
    const { place } = await storeFor(backend, own);
    const options = { lockTimeout: 60_000 };
    const trial = new Trial({ backend, place, folder: own, seed: seed + round, options, launch });
    const version = (round + seed) % schemaVersions(backend);
    await makeOldStore(backend, place, version);
    const clients = await trial.round({
      clients: Array.from({ length: PROCESSES }, () => ({
        lanes: 1,
        operations: OPERATIONS,
        weights: WRITES,
        waits: true,
      })),
      fault: (running) => openAtOnce(running, trial.random),
    });
    trial.close();
    assertAllOpened(clients, `seed ${seed}, round ${round}, version ${version}`);
    demand(trial.totals.commits, (PROCESSES - 1) * OPERATIONS, 'commits in a round');
    totals.rounds += 1;
    totals.commits += trial.totals.commits;
    if (version > 0) totals['old stores'] += 1;
    if (totals.rounds % 20 === 0) print(`${totals.rounds} rounds, ${totals.commits} commits`);
  }
  return totals;
}

/** One is killed when some of the others have had their first answer, or none. */
async function openAtOnce(clients, random) {
  await Promise.all(clients.map(({ child }) => child.whenReady()));
  for (const { child } of clients) child.tell();
  const [victim, ...others] = clients;
  const heard = random.below(3);
  if (heard > 0) {
    let count = 0;
    await new Promise((resolve) => {
      for (const other of others) void other.answered(1).then(() => ++count === heard && resolve());
    });
  }
  victim.child.kill();
}

function assertAllOpened(clients, where) {
  for (const { name, operations, child } of clients) {
    if (child.wasKilled) continue;
    const failed = operations.find(({ error }) => error !== undefined);
    if (failed !== undefined)
      throw new Violation(`${where}: ${name} failed: ${JSON.stringify(failed.error)}`);
  }
}
