import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BACKENDS } from '../harness/backends.mjs';
import { wasOnce } from '../harness/backups.mjs';
import { killAfter, whenReached } from '../harness/faults/processes.mjs';
import { WRITES } from '../harness/operations.mjs';
import { demand, Violation } from '../harness/outcomes.mjs';
import { launchWith } from '../harness/patches/patch.mjs';
import { storeFor } from '../harness/stores.mjs';
import { Trial } from '../harness/trial.mjs';

/** Something happens at one of the first steps, of which an archive has 20, and a backup about as many. */
const MOST_STEPS = 40;
/** Answers that each writer has had before anything is taken, and while it is held up. */
const ANSWERS = 8;
/** A writer is killed after fewer more. */
const MOST_ANSWERS = 40;
/** How many are taken at least by the process that is not killed: each of its targets once. */
const COUNT = 4;
const WRITERS = 3;
/** Milliseconds between two writes of a lane, so that those who take something come to it. */
const PAUSE = 5;

/** The few records of the experiments would all be in one page, which shows one moment whatever is done about it. */
const SQLITE_PAGES = [
  { file: 'storage-sqlite/dist/reads/ordered-rows.js', find: 'PAGE = 64', replace: 'PAGE = 2' },
];
const SMALL_PAGES = {
  'better-sqlite3': SQLITE_PAGES,
  'node-sqlite': SQLITE_PAGES,
  sqljs: SQLITE_PAGES,
  postgres: [
    { file: 'storage-postgres/dist/reads/scans.js', find: 'FIRST_PAGE = 50', replace: 'FIRST_PAGE = 2' },
  ],
  etcd: [
    { file: 'storage-etcd/dist/reads/moment.js', find: 'FIRST_PAGE = 50', replace: 'FIRST_PAGE = 2' },
    { file: 'storage-etcd/dist/reads/moment.js', find: ' PAGE = 500', replace: ' PAGE = 2' },
  ],
};

/** A part of one, and a claim to the place of one. */
const IS_NONE = /^(archive|backup)\.[a-z.]+(\.partial-|-owner-)/;

export default {
  name: 'online-backup',
  proves:
    'Backups and archives that are taken while others write and are killed are the store as it was at one moment since they ' +
    'were begun, also where they are held up in the middle. One that is killed leaves the one before it or a whole one, and can be taken again.',
  backends: Object.keys(SMALL_PAGES),
  forms: { short: { rounds: 1 }, long: { rounds: 50 } },
  run,
};

async function run({ backend, seed, folder, form: { rounds }, print, launch }) {
  const { place } = await storeFor(backend, folder);
  const trial = new Trial({ backend, place, folder, seed, launch });
  const takers = takersIn(folder, { launch: launchWith(SMALL_PAGES[backend], launch) });
  for (const { folder: own } of takers) mkdirSync(own);
  const figures = { archives: 0, backups: 0, killed: 0, 'held up': 0, acknowledged: 0 };
  for (let round = 0; round < rounds; round++) {
    const clients = await takenWhileWritten(trial, backend, takers, round);
    count(figures, clients);
    await checkLeft(trial, takers[0].folder, `seed ${seed}, after round ${round}, ${backend}`);
    if ((round + 1) % 20 === 0) print(`${round + 1} rounds: ${JSON.stringify(figures)}`);
  }
  trial.close();
  demand(figures.archives + figures.backups, rounds * COUNT, 'backups and archives');
  demand(figures.killed, rounds, 'processes killed while they took one');
  demand(figures['held up'], rounds, 'processes held up while they took one');
  return { ...figures, commits: trial.totals.commits };
}

function takersIn(folder, settings) {
  const flag = join(folder, 'held-up');
  return [
    { script: 'backups.mjs', folder: join(folder, 'killed'), what: 'death', count: 0, ...settings },
    { script: 'backups.mjs', folder: join(folder, 'held'), what: 'hold', count: COUNT, flag, ...settings },
  ];
}

/** Three write, of which one is killed, and two take backups. A file of sql.js has one owner, who is killed every other time. */
function takenWhileWritten(trial, backend, takers, round) {
  const { random } = trial;
  const { isShared } = BACKENDS[backend];
  const writers = Array(isShared ? WRITERS : 1).fill({
    lanes: 2,
    operations: 0,
    weights: WRITES,
    pause: PAUSE,
  });
  const [answers, fraction] = [random.below(MOST_ANSWERS), random.next()];
  const moments = takers.map(() => ({ first: random.below(COUNT), step: random.below(MOST_STEPS) }));
  return trial.round({
    clients: [...writers, ...takers.map((taker, i) => ({ ...taker, ...moments[i] }))],
    fault: async (clients) => {
      const [writing, taking] = [clients.slice(0, writers.length), clients.slice(writers.length)];
      await Promise.all([...taking.map(({ child }) => child.whenReady()), ...writing.map(hasWritten)]);
      const held = heldUp(taking[1], takers[1].flag, writing);
      for (const { child } of taking) child.tell();
      if (isShared || round % 2 === 1) await killAfter(writing[0], writing[0].answers + answers, fraction);
      await held;
      await Promise.all(taking.map(({ ended }) => ended));
      for (const { child } of writing) child.tell();
    },
  });
}

function hasWritten(writer) {
  return writer.answered(writer.answers + ANSWERS);
}

/** At its step, until everybody who is alive has written more. */
async function heldUp(taker, flag, writing) {
  writeFileSync(flag, '');
  await whenReached(taker);
  await Promise.all(writing.map(hasWritten));
  rmSync(flag);
}

function count(figures, clients) {
  const [killed, held] = clients.slice(-2);
  for (const { operations } of [killed, held]) {
    figures.archives += operations.filter(({ type }) => type === 'archive').length;
    figures.backups += operations.filter(({ type }) => type === 'entries').length;
  }
  figures.killed += killed.child.signal === 'SIGKILL' ? 1 : 0;
  figures['held up'] += held.reached.length;
  for (const { operations } of clients.slice(0, -2))
    figures.acknowledged += operations.filter(({ result }) => result !== undefined).length;
}

/** What the killed process has left under the name of a backup is one, and what is none says so by its name. */
async function checkLeft(trial, folder, where) {
  for (const name of readdirSync(folder)) {
    if (IS_NONE.test(name)) continue;
    const isOne = await wasOnce(trial, join(folder, name)).catch(({ message }) => message);
    if (isOne !== true) throw new Violation(`${where}: ${name} is no backup of the store: ${isOne}`);
  }
}
