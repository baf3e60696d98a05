// Makes states that a power failure could have left of a recorded history, opens each, and compares what is there with
// what had been acknowledged. Sometimes the power fails once more while the store is being opened; and sometimes something is
// written, and is there when it is opened anew.
//
// Usage: node crashes.mjs <settings as JSON>, with a pipe for what it tells as descriptor 3.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { BACKENDS } from '../backends.mjs';
import { Checker } from '../checker/checker.mjs';
import { History } from '../history.mjs';
import { Inspection } from '../inspection.mjs';
import { performOperation } from '../operations.mjs';
import { Disk } from '../power/disk.mjs';
import { chooseMoments, momentsOfNames } from '../power/moments.mjs';
import { readTrace } from '../power/recording.mjs';
import { Random } from '../seeds.mjs';
import { inspect } from './inspect.mjs';
import { errorForm, now, report } from './report.mjs';

/** Of the states, so many are lost again while they are opened, */
const LOST_AGAIN = 1 / 3;
/** and so many are written to. */
const WRITTEN = 1 / 4;
/** What is written: all that is behind a log that was cut would be taken for its end. */
const WRITE = { type: 'store', changes: [['put', 'gtype/t']] };

/** A process that ended. */
const { pid: GONE } = spawnSync('true');

/** `recovery` is where the calls of this process are recorded. */
const { backend, place, folder, trace, recovery, seed, states } = JSON.parse(process.argv[2]);
const random = new Random(seed);
const calls = withoutIndexes(readTrace(trace));
const copy = join(folder, 'crashed', basename(place));

assertWhole();
const disk = new Disk();
const history = new History('client');
let applied = 0;
const figures = { states: 0, again: 0, written: 0, ofNames: 0, calls: calls.length };
for (const { moment, ofNames } of chooseMoments(calls, states, random)) {
  for (; applied < moment; applied++) {
    const call = calls[applied];
    if (call.what === 'told')
      for (const line of call.text.split('\n').filter(Boolean)) history.hear(JSON.parse(line));
    else disk.apply(call);
  }
  await oneState(moment, ofNames);
}
report({ figures });
process.exit();

/** All calls together have made what is there: of one that comes by another way, no failure would be made. */
function assertWhole() {
  const whole = new Disk();
  for (const call of calls) whole.apply(call);
  const recorded = whole.whole();
  const there = filesIn(dirname(place)).filter(([path]) => !isIndex({ path }));
  assert.deepEqual(
    [...recorded.keys()].sort(),
    there.map(([path]) => path),
  );
  for (const [path, content] of there) assert(recorded.get(path).equals(content), path);
}

/** SQLite makes the index of its log anew after a crash, whatever is left of it. */
function withoutIndexes(all) {
  const ids = new Set(all.filter(isIndex).map(({ id }) => id));
  return all.filter((call) => !isIndex(call) && (call.id === undefined || !ids.has(call.id)));
}

function isIndex({ path }) {
  return path?.endsWith('-shm') === true;
}

async function oneState(moment, ofNames) {
  const state = leave(disk.afterPowerLoss(random, ofNames));
  const next = random.next();
  const isWritten = next > 1 - WRITTEN;
  await compare(`after call ${moment} of ${calls.length}`, isWritten);
  figures.states += 1;
  if (isWritten) figures.written += 1;
  if (ofNames !== undefined) figures.ofNames += 1;
  if (next < LOST_AGAIN) await loseAgain(state, moment);
}

/** Of what was done when the state was opened, a part had happened. */
async function loseAgain(state, moment) {
  const own = withoutIndexes(readTrace(recovery)).filter(({ what }) => what !== 'told');
  const until = random.chance(0.5)
    ? random.below(own.length + 1)
    : random.pick([...momentsOfNames(own), own.length]);
  const second = new Disk(state);
  for (const call of own.slice(0, until)) second.apply(call);
  leave([...second.afterPowerLoss(random)].map(asOfOneGone));
  await compare(
    `after call ${moment} of ${calls.length}, and call ${until} of ${own.length} when it was opened`,
  );
  figures.again += 1;
}

/** Claims of this process: who opened the file is gone with the power. */
function asOfOneGone([path, content]) {
  const name = basename(path);
  if (!name.includes(`-${process.pid}`)) return [path, content];
  const renamed = (text) => text.replaceAll(String(process.pid), String(GONE));
  return [join(dirname(path), renamed(name)), Buffer.from(renamed(content.toString()))];
}

async function compare(when, isWritten) {
  const violation = await faultOf(isWritten);
  if (violation !== undefined) report({ violation: `${when}: ${violation}` });
}

/** Puts files where they are opened from. @param {Iterable<[string, Buffer]>} files @returns {Map<string, Buffer>} By their paths there. */
function leave(files) {
  rmSync(dirname(copy), { recursive: true, force: true });
  mkdirSync(dirname(copy), { recursive: true });
  // The machine has been down for longer than anybody waits for a sign of life.
  const then = new Date(Date.now() - 3_600_000);
  const left = new Map([...files].map(([path, content]) => [join(dirname(copy), basename(path)), content]));
  for (const [path, content] of left) {
    writeFileSync(path, content);
    utimesSync(path, then, then);
  }
  truncateSync(recovery); // that was us
  return left;
}

async function faultOf(isWritten) {
  const checker = new Checker();
  try {
    const { files, operations } = await look(checker, structuredClone(history.operations), isWritten);
    if (isWritten && checker.violations.length === 0) {
      leave(files.map(asOfOneGone));
      await look(checker, operations);
    }
    return checker.violations[0];
  } catch (error) {
    return `it cannot be used: ${JSON.stringify(errorForm(error))}`;
  }
}

/**
 * Opens the store, and compares what is there with what was done.
 *
 * @returns What was written now, and the files as they would be left if the process were killed then.
 */
async function look(checker, operations, isWritten) {
  const storage = await BACKENDS[backend].create(copy, { lockTimeout: 1_000 });
  try {
    const found = new Inspection();
    await inspect(storage, checker.timeline.revision, (line) => found.hear(line));
    checker.checkRound(found.events, operations);
    checker.checkContent('the store', found.content);
    return isWritten ? { operations: [await write(storage)], files: filesIn(dirname(copy)) } : {};
  } finally {
    await storage.close();
  }
}

async function write(storage) {
  const from = now();
  const result = await performOperation(storage, WRITE, 'afterwards');
  const { type } = WRITE;
  return { id: 'afterwards', client: 'afterwards', from, to: now(), type, operation: WRITE, result };
}

/** By their paths, in the order of these. */
function filesIn(folder) {
  const names = readdirSync(folder).sort();
  return names.map((name) => [join(folder, name), readFileSync(join(folder, name))]);
}
