import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BACKENDS } from '../harness/backends.mjs';
import { MovedClock } from '../harness/clocks/moved-clock.mjs';
import { blockWhile } from '../harness/faults/processes.mjs';
import { demand, Violation } from '../harness/outcomes.mjs';
import { storeFor } from '../harness/stores.mjs';
import { Trial } from '../harness/trial.mjs';

const WRITER = { lanes: 1, operations: 0, weights: { store: 6, batch: 3, delete: 1 }, pause: 20 };
/** Reads mostly from memory. */
const READER = { lanes: 2, weights: { read: 20, list: 10 }, pause: 3 };
/** Does everything, by a clock of its own. */
const BY_ANOTHER_CLOCK = {
  lanes: 2,
  weights: { store: 4, compareAndSet: 2, read: 6, get: 3, past: 2 },
  pause: 10,
};
/** Of the writer before another one is blocked, between two settings of a clock, and afterwards. */
const WRITES = 10;
const DAY = 86_400;
/** How often a clock is set in a round. */
const SETTINGS = 4;
/** Of somebody who wants a file that another one has. */
const ATTEMPTS = 4;

export default {
  name: 'clocks',
  proves:
    'A process whose event loop is blocked for longer than what it holds in memory may be used reads nothing older than documented when it goes ' +
    'on; clocks that are set days forth and back lose and reorder nothing; and nobody gets a file of sql.js whose owner is blocked, by ' +
    'whatever clock.',
  backends: Object.keys(BACKENDS).filter((name) => BACKENDS[name].kind !== 'memory'),
  forms: { short: { rounds: 1 }, long: { rounds: 100 } },
  run,
};

async function run({ backend, seed, folder, form: { rounds }, print, launch }) {
  const { place } = await storeFor(backend, folder);
  const trial = new Trial({ backend, place, folder, seed, launch });
  const clock = new MovedClock(folder);
  clock.assertMoves(BACKENDS[backend].execPath);
  const flag = join(folder, 'blocked');
  const round = BACKENDS[backend].isShared ? sharedRound : ownedRound;
  const figures = { rounds: 0, 'clocks set': 0, 'read afterwards': 0 };
  for (let i = 0; i < rounds; i++) {
    await round({ trial, backend, clock, flag, figures, launch });
    figures.rounds += 1;
    if ((i + 1) % 20 === 0) print(`${i + 1} rounds, ${trial.totals.commits} commits`);
  }
  trial.close();
  demand(trial.totals.commits, rounds * 10, 'commits');
  return { ...figures, commits: trial.totals.commits };
}

async function sharedRound({ trial, backend, clock, flag, figures, launch }) {
  const blocked = { ...READER, operations: 0, interference: { name: 'blocked-loop', flag } };
  const moved = { ...BY_ANOTHER_CLOCK, operations: 0, launch: { env: { ...launch?.env, ...clock.env } } };
  let before = 0;
  const [, reader] = await trial.round({
    clients: [WRITER, blocked, moved],
    fault: async ([writer, sleeper, other]) => {
      await Promise.all([writer.answered(WRITES), sleeper.answered(50), other.answered(5)]);
      await blockWhile(sleeper, flag, async () => {
        before = sleeper.answers;
        await pause(2 * (BACKENDS[backend].bound ?? 0));
        await setAgainAndAgain(trial, clock, figures, () => writer.answered(writer.answers + WRITES / 2));
      });
      await writer.answered(writer.answers + WRITES);
      for (const { child } of [writer, sleeper, other]) child.tell();
    },
  });
  demand(reader.answers - before, 1, 'reads after the event loop was blocked');
  figures['read afterwards'] += reader.answers - before;
}

/** While the owner is blocked, somebody with another clock wants the file. */
async function ownedRound({ trial, clock, flag, figures, launch }) {
  const interference = { name: 'blocked-loop', flag };
  const env = { ...launch?.env, ...clock.env };
  const owning = { ...BY_ANOTHER_CLOCK, operations: 0, interference, launch: { env } };
  const wanting = { ...BY_ANOTHER_CLOCK, operations: ATTEMPTS, options: { lockTimeout: 200 }, waits: true };
  let before = 0;
  const [owner, other] = await trial.round({
    clients: [owning, wanting],
    fault: async ([own, wants]) => {
      await Promise.all([own.answered(10), wants.child.whenReady()]);
      await setAgainAndAgain(trial, clock, figures, () => own.answered(own.answers + 5));
      await blockWhile(own, flag, async () => {
        before = own.answers;
        wants.child.tell();
        await wants.ended;
      });
      await own.answered(own.answers + 20);
      own.child.tell();
    },
  });
  const refused = other.operations.filter(({ error }) => error?.code === 'STORAGE_LOCKED').length;
  if (refused < other.operations.length)
    throw new Violation(`the file had an owner, and came to another: ${JSON.stringify(other.operations)}`);
  demand(refused, ATTEMPTS, 'attempts');
  figures['read afterwards'] += owner.answers - before;
}

/** Days, forth and back. */
async function setAgainAndAgain(trial, clock, figures, progress) {
  for (let i = 0; i < SETTINGS; i++) {
    clock.set((trial.random.below(21) - 10) * DAY);
    figures['clocks set'] += 1;
    await progress();
  }
}
