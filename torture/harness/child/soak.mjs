// Uses one storage for as long as it is told to, and tells from time to time what the process holds.
//
// Usage: node --expose-gc soak.mjs <settings as JSON>, with a pipe for what it tells as descriptor 3.
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { BACKENDS } from '../backends.mjs';
import { SLOTS } from '../records.mjs';
import { Random } from '../seeds.mjs';
import { onceThere, repeated } from '../soak/away.mjs';
import { Crowd } from '../soak/crowd.mjs';
import { KnownRecords } from '../soak/known-records.mjs';
import { measure } from '../soak/measures.mjs';
import { Visits } from '../soak/visits.mjs';
import { Work } from '../soak/work.mjs';
import { errorForm, report } from './report.mjs';

/**
 * @typedef {object} SoakSettings
 * @property {string} backend A name of `backends.mjs`.
 * @property {string} place
 * @property {string} visited Where others find the store; of another store, where it has one owner.
 * @property {number} seed
 * @property {number} watchers How many there are at a time.
 * @property {number} changing How many of them are replaced in a step.
 * @property {number} every Steps between two samples; after each it waits for `go` or `end`.
 * @property {number} interval Milliseconds between two steps.
 * @property {number} kept Changes that the history keeps.
 */

/** @type {SoakSettings} */
const settings = JSON.parse(process.argv[2]);
const { backend, place, visited, seed, watchers, changing, every, interval, kept } = settings;
/** Written by others alone, each of whom opens the store, and closes it again. */
const VISITED = 'gtype/t';
const OWN = SLOTS.map(({ name }) => name).filter((name) => name !== VISITED);

const fail = (error) => {
  report({ failed: { ...errorForm(error), stack: error?.stack } });
  process.exit(1);
};
process.on('unhandledRejection', fail);
process.on('disconnect', () => process.exit());

const options = { history: { changes: kept } };
const random = new Random(`${seed}/${backend}`);
const storage = await BACKENDS[backend].create(place, options);
const known = new KnownRecords([...OWN, VISITED]);
const work = new Work(storage, known, OWN, random);
const crowd = new Crowd(storage, random);
const visits = new Visits({ backend, place: visited, options, slot: VISITED, known });

let steps = 0;
let word;
while (word !== 'end') {
  steps += 1;
  await work.step(`s${steps}`);
  await crowd.change(steps === 1 ? 0 : changing, watchers);
  if (await visits.visit(`v${steps}`)) await work.readBack(VISITED);
  if (steps % every === 0) word = await tellAndWait();
  await pause(interval);
}
await crowd.end();
await storage.close();
report({ ended: true });
process.exit();

async function tellAndWait() {
  const { revision, oldestRevision, bytes } = await onceThere(() => storage.stats());
  await crowd.haveSeen(revision);
  const sample = {
    ...(await measure(place)),
    ...(bytes !== undefined && { 'bytes of the store': bytes }),
    'commits kept': revision - oldestRevision,
  };
  const { acknowledged, unknown } = known;
  const done = { steps, revision, acknowledged, unknown, watchers: crowd.came, told: crowd.told };
  const answer = once(process, 'message');
  report({ sample, done: { ...done, visits: visits.count, repeated: repeated.count } });
  return (await answer)[0];
}
