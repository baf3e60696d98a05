// Drives fresh stores of one backend and the model of the testkit with random commands, and tells what came of every
// call of every sequence, in short.
//
// Usage: node answers.mjs <settings as JSON>, with a pipe for what it tells as descriptor 3.
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkPastAgainstModel, checkStorageAgainstModel } from '@gati-framework/storage-testkit';
import { BACKENDS, patiently } from '../backends.mjs';
import { overheard } from './overheard.mjs';
import { report } from './report.mjs';

const { backend, place, folder, seed, runs, length, shown } = JSON.parse(process.argv[2]);
const { create, kind, drop } = BACKENDS[backend];
/** The same for all, as the commands follow from them. */
const CAPABILITIES = {
  ...{ commit: true, entries: true, watch: true, history: true, lifecycle: true },
  ...{ persistent: true, multiProcess: false },
};
let sequences = 0;

/** A place of its own for each sequence. */
function newPlace() {
  if (kind === 'file') return join(folder, `${backend}-${sequences}.db`);
  if (kind === 'memory') return '';
  return `${place}_${sequences}`;
}

async function withFresh(use) {
  const own = newPlace();
  sequences += 1;
  const calls = [];
  const open = (storage) =>
    overheard(storage, CAPABILITIES, (method, outcome) => calls.push([method, outcome]));
  let storage = await create(own, patiently(backend));
  const reopen = async () => {
    if (kind === 'memory') return open(storage);
    await storage.close();
    storage = await create(own, patiently(backend));
    return open(storage);
  };
  try {
    return await use({ full: open(storage), reopen });
  } finally {
    await storage.close();
    await drop?.(own);
    if (kind === 'file') for (const end of ['', '-wal', '-shm', '-oplog']) rmSync(own + end, { force: true });
    if (shown === undefined) report({ sequence: sequences, calls: calls.map(shorten) });
    else if (shown === sequences) report({ sequence: sequences, calls: calls.map((call) => call.join(' ')) });
  }
}

function shorten([method, outcome]) {
  return `${method} ${createHash('sha1').update(outcome).digest('base64').slice(0, 8)}`;
}

const harness = { full: { capabilities: CAPABILITIES }, withFresh };
const options = { seed, length, timeLimit: Number.POSITIVE_INFINITY };
try {
  await checkStorageAgainstModel(harness, { ...options, runs: Math.ceil(runs * 0.7) });
  await checkPastAgainstModel(harness, { ...options, runs: Math.floor(runs * 0.3) });
} catch (error) {
  report({ failed: String(error.message) });
}
process.exit();
