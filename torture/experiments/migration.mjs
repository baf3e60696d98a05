import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { FAILPOINTS, patchOf } from '../failpoints/index.mjs';
import { whenReached } from '../harness/faults/processes.mjs';
import { makeOldStore, schemaVersions } from '../harness/old-stores.mjs';
import { demand, Violation } from '../harness/outcomes.mjs';
import { launchWith } from '../harness/patches/patch.mjs';
import { storeFor } from '../harness/stores.mjs';
import { Trial } from '../harness/trial.mjs';

const PROCESSES = 8;
/** Of a process, once it has the store open. */
const OPERATIONS = 3;
/** Milliseconds for which they wait, at most. */
const LONGEST = 200;
const CLIENT = { lanes: 1, operations: OPERATIONS, weights: { store: 1, batch: 1 }, waits: true };

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
  const totals = { rounds: 0, 'old stores': 0, 'killed while it opened': 0, commits: 0 };
  for (let round = 0; round < rounds; round++) {
    const own = join(folder, String(round));
    mkdirSync(own);
    const flag = join(own, 'held-up');
    writeFileSync(flag, '');
    const { place } = await storeFor(backend, own);
    const options = { lockTimeout: 60_000 };
    const trial = new Trial({ backend, place, folder: own, seed: seed + round, options, launch });
    const version = (round + seed) % schemaVersions(backend);
    await makeOldStore(backend, place, version);
    const clients = await trial.round({
      clients: [victimOf(backend, round, trial, flag, launch), ...Array(PROCESSES - 1).fill(CLIENT)],
      fault: (running) => openAtOnce(running, round, trial.random),
    });
    trial.close();
    assertAllOpened(clients, `seed ${seed}, round ${round}, version ${version}`);
    demand(trial.totals.commits, (PROCESSES - 1) * OPERATIONS, 'commits in a round');
    totals.rounds += 1;
    totals.commits += trial.totals.commits;
    if (version > 0) totals['old stores'] += 1;
    totals['killed while it opened'] += clients[0].reached.length;
    if (totals.rounds % 20 === 0) print(`${totals.rounds} rounds, ${totals.commits} commits`);
  }
  demand(totals['killed while it opened'], rounds / 4, 'processes killed while they opened a store');
  return totals;
}

/** Every other time it is held up at one of the steps of opening and migrating. */
function victimOf(backend, round, trial, flag, launch) {
  if (round % 2 === 1) return CLIENT;
  const place = trial.random.pick(FAILPOINTS[backend].filter(({ isOpening }) => isOpening));
  const interference = { name: 'failpoint', hit: 1, action: 'hold', flag };
  return { ...CLIENT, interference, launch: launchWith([patchOf(place)], launch) };
}

/** It is killed when all others wait for it; else when some of them have had their first answer, or none. */
async function openAtOnce(clients, round, random) {
  const [victim, ...others] = clients;
  await Promise.all(clients.map(({ child }) => child.whenReady()));
  victim.child.tell();
  if (round % 2 === 0) await whenReached(victim);
  const begun = Promise.all(others.map(hasBegun));
  for (const { child } of others) child.tell();
  if (round % 2 === 0) {
    await begun;
    await pause(random.below(LONGEST));
  } else await firstAnswers(others, random.below(3));
  victim.child.kill();
}

/** When it is about to open the store. */
function hasBegun({ child }) {
  return new Promise((resolve) => child.on('line', ({ started }) => started !== undefined && resolve()));
}

async function firstAnswers(clients, count) {
  let heard = 0;
  if (count === 0) return;
  await new Promise((resolve) => {
    for (const client of clients) void client.answered(1).then(() => ++heard === count && resolve());
  });
}

function assertAllOpened(clients, where) {
  for (const { name, operations, child } of clients) {
    if (child.signal === 'SIGKILL') continue;
    const failed = operations.find(({ error }) => error !== undefined);
    if (failed !== undefined)
      throw new Violation(`${where}: ${name} failed: ${JSON.stringify(failed.error)}`);
  }
}
