// Makes states that a power failure could have left of a recorded history, opens each, and compares what is there with
// what had been acknowledged.
//
// Usage: node crashes.mjs <settings as JSON>, with a pipe for what it tells as descriptor 3.
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { BACKENDS } from '../backends.mjs';
import { Checker } from '../checker/checker.mjs';
import { History } from '../history.mjs';
import { Inspection } from '../inspection.mjs';
import { Disk } from '../power/disk.mjs';
import { readTrace } from '../power/recording.mjs';
import { Random } from '../seeds.mjs';
import { inspect } from './inspect.mjs';
import { errorForm, report } from './report.mjs';

/** A state and the one after it are told apart by what happens in between, so this many are made of one moment. */
const STATES_OF_A_MOMENT = 4;

const { backend, place, folder, trace, before, seed, states } = JSON.parse(process.argv[2]);
const random = new Random(seed);
const calls = withoutIndexes(readTrace(trace));
const initial = new Map(
  before === undefined
    ? []
    : readdirSync(before).map((name) => [join(dirname(place), name), readFileSync(join(before, name))]),
);
const copy = join(folder, 'crashed', basename(place));

const moments = Array.from({ length: Math.ceil(states / STATES_OF_A_MOMENT) }, () =>
  random.below(calls.length + 1),
).sort((a, b) => a - b);
const disk = new Disk(initial);
const history = new History('client');
let applied = 0;
let done = 0;
for (const moment of moments) {
  for (; applied < moment; applied++) {
    const call = calls[applied];
    if (call.what === 'told')
      for (const line of call.text.split('\n').filter(Boolean)) history.hear(JSON.parse(line));
    else disk.apply(call);
  }
  for (let i = 0; i < STATES_OF_A_MOMENT; i++) await oneState(moment);
}
report({ figures: { states: done, calls: calls.length, acknowledged: history.operations.length } });
process.exit();

/** SQLite makes the index of its log anew after a crash, whatever is left of it. */
function withoutIndexes(all) {
  const isIndex = ({ path }) => path?.endsWith('-shm') === true;
  const ids = new Set(all.filter(isIndex).map(({ id }) => id));
  return all.filter((call) => !isIndex(call) && (call.id === undefined || !ids.has(call.id)));
}

async function oneState(moment) {
  rmSync(dirname(copy), { recursive: true, force: true });
  mkdirSync(dirname(copy), { recursive: true });
  // The machine has been down for longer than anybody waits for a sign of life.
  const then = new Date(Date.now() - 3_600_000);
  for (const [path, content] of disk.afterPowerLoss(random)) {
    const left = join(dirname(copy), basename(path));
    writeFileSync(left, content);
    utimesSync(left, then, then);
  }
  const violation = await faultOf();
  done += 1;
  if (violation !== undefined) report({ violation: `after call ${moment} of ${calls.length}: ${violation}` });
  report({ done });
}

async function faultOf() {
  const storage = await BACKENDS[backend].create(copy, { lockTimeout: 1_000 });
  const found = new Inspection();
  try {
    await inspect(storage, 0, (line) => found.hear(line));
  } catch (error) {
    return `it cannot be read: ${JSON.stringify(errorForm(error))}`;
  } finally {
    await storage.close().catch(() => {});
  }
  const checker = new Checker();
  checker.checkRound(found.events, structuredClone(history.operations));
  checker.checkContent('the store', found.content);
  return checker.violations[0];
}
