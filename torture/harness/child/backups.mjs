// Takes backups and archives of a store again and again, as the commands `backup` and `export` do, while others use it. Each is read
// back, and what it holds is told as what a read of the store has answered. At one of its steps it is held up, or dies.
//
// Usage: node backups.mjs <settings as JSON>, with a pipe for what it tells as descriptor 3. It waits for a message before it begins.
// Of the settings, `folder` is where they are put, `first` the target that it begins with, `count` how many it takes at least, and `step`
// the number of the step at which `what` happens: 'death', or 'hold', which lasts for as long as the file `flag` is there.
import { once } from 'node:events';
import { join } from 'node:path';
import { exportArchive } from '@gati-framework/storage-tools/archive';
import { BACKENDS, patiently } from '../backends.mjs';
import { openBackup, restoredEntries, targetsOf } from '../backups.mjs';
import { blockWhileThere } from '../faults/blocked-loop.mjs';
import { countFileCalls } from '../faults/file-calls.mjs';
import { eventForm, performOperation } from '../operations.mjs';
import { Random } from '../seeds.mjs';
import { errorForm, now, report } from './report.mjs';

/** Of the history of a backup, so many commits are compared. */
const COMPARED = 100;

/** Calls of the file system before which it makes no difference that the process dies. */
const CHANGES_NOTHING = /^([lf]?stat|read|access)/;

const { backend, place, name, seed, folder, first, step, what, flag, count } = JSON.parse(process.argv[2]);
const random = new Random(`${seed}/${name}`);
let steps = 0;
let isTaking = false;

/** Reading back is no part of it. */
function atStep(reached) {
  if (!isTaking) return;
  const isTarget = steps === step;
  steps += 1;
  if (!isTarget) return;
  report({ reached });
  if (what === 'death') process.kill(process.pid, 'SIGKILL');
  blockWhileThere(flag);
}

async function taking(work) {
  const from = now();
  isTaking = true;
  const result = await work();
  isTaking = false;
  return { result, from, to: now() };
}

/** A storage that comes to a step with each record that is read. */
function stepping(storage) {
  async function* entries(filter) {
    for await (const entry of storage.entries(filter)) {
      atStep(`record ${entry.kind}`);
      yield entry;
    }
  }
  return { entries };
}

async function takeArchive(id, file) {
  const { from, to } = await taking(async () => {
    const storage = await BACKENDS[backend].create(place, { readOnly: true, ...patiently(backend) });
    await exportArchive(stepping(storage), file);
    await storage.close();
  });
  const result = { entries: await restoredEntries(file) };
  report({ answer: id, from, to, operation: { type: 'archive' }, result });
}

async function takeBackup(id, file) {
  const { backUpFile } = await BACKENDS[backend].backup();
  const onProgress = ({ phase }) => atStep(phase);
  const { result: written, from, to } = await taking(() => backUpFile(place, file, { onProgress }));
  const storage = await openBackup(file);
  const at = Math.max(0, written.revision - random.below(COMPARED));
  for (const operation of [{ type: 'stats' }, { type: 'entries' }, { type: 'pastEntries', at }]) {
    const result = await performOperation(storage, operation);
    if (operation.type === 'stats' && result.revision !== written.revision)
      throw new Error(`a backup that is said to be of revision ${written.revision} has ${result.revision}`);
    report({ answer: `${id} ${operation.type}`, from, to, operation, result });
  }
  await tellHistory(storage, written.revision);
  await storage.close();
}

/** As a watch tells it that is read to its end. */
async function tellHistory(storage, revision) {
  const after = Math.max(0, revision - COMPARED);
  report({ watch: name, after, at: now() });
  if (revision === after) return;
  for await (const event of storage.watch({ after })) {
    report({ told: eventForm(event), at: now() });
    if (event.revision === revision) return;
  }
}

process.send({ ready: true });
await once(process, 'message');
process.on('disconnect', () => process.exit());
const targets = targetsOf(backend);
await countFileCalls({ folder }, (call, _, pass) => {
  if (!CHANGES_NOTHING.test(call)) atStep(call);
  return pass();
});
try {
  for (let taken = 0; taken < count || steps <= step; taken++) {
    const target = targets[(first + taken) % targets.length];
    const take = target.endsWith('.db') ? takeBackup : takeArchive;
    await take(`${name}.${taken}`, join(folder, target));
  }
} catch (error) {
  report({ crash: errorForm(error) });
}
process.exit();
