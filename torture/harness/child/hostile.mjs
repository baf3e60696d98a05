// Hands hostile arguments to every method of a storage, and of one in memory beside it, and compares what comes of it.
//
// Usage: node hostile.mjs <settings as JSON>, with a pipe for what it tells as descriptor 3.
import { createManifestStore } from '@gati-framework/manifest-store';
import { BACKENDS, patiently } from '../backends.mjs';
import { canonical } from '../canonical.mjs';
import { hostileArguments, METHODS } from '../hostile/arguments.mjs';
import { outcomeOf, PENDING } from '../hostile/outcome.mjs';
import { isAsBefore, sharedPrototypes } from '../hostile/prototypes.mjs';
import { Random } from '../seeds.mjs';
import { report } from './report.mjs';

/** After these a storage is of no more use, so each call has one of its own. */
const ENDS = new Set(['close', Symbol.asyncDispose]);
/** Microseconds of the processor that no call may take, whatever it was given. */
const BUSY = 3_000_000;

const { backend, place, other, seed, cases } = JSON.parse(process.argv[2]);
const create = (where) => BACKENDS[backend].create(where, patiently(backend));
process.on('unhandledRejection', (error) =>
  violation(`unhandled rejection: ${String(error?.stack ?? error)}`),
);
const figures = { calls: 0, refused: 0 };
let current = 'before the first call';

const ofObjects = sharedPrototypes([Object]);
const ofAll = sharedPrototypes();
const storage = await create(place);
await storage.open();
const reference = createManifestStore();
await reference.open();
for (const method of METHODS) {
  for (let i = 0; i < cases; i++) await oneCase(method, i);
  if (!isAsBefore(ofAll)) violation('what all objects of a kind share was changed');
  await compareContent();
}
await storage.close();
report({ figures });
process.exit();

async function oneCase(method, i) {
  current = `${String(method)}, case ${i}`;
  report({ current });
  const argsOf = () => hostileArguments(method, new Random(`${seed}/${String(method)}/${i}`));
  const expected = await outcomeOf(ENDS.has(method) ? createManifestStore() : reference, method, argsOf());
  const used = ENDS.has(method) ? await create(other) : storage;
  const args = argsOf();
  const { user } = process.cpuUsage();
  const found = await outcomeOf(used, method, args);
  if (process.cpuUsage().user - user > BUSY) violation('it kept the process busy');
  figures.calls += 1;
  if (found.text.startsWith('INVALID')) figures.refused += 1;
  const fault = found.fault ?? expected.fault;
  if (fault !== undefined) violation(fault);
  else if (isDifferent(found.text, expected.text))
    violation(`came to ${found.text}, and in memory to ${expected.text}`);
  if (!isAsBefore(ofObjects, [Object])) violation('what all objects share was changed');
}

function isDifferent(text, expected) {
  return text !== expected && text !== PENDING && expected !== PENDING;
}

/** Everything, with places in orders and revisions. */
async function compareContent() {
  const [found, expected] = await Promise.all([contentOf(storage), contentOf(reference)]);
  if (found !== expected)
    violation(`the store holds ${found.slice(0, 2_000)}, and in memory ${expected.slice(0, 2_000)}`);
}

async function contentOf(one) {
  const entries = [];
  for await (const entry of one.entries()) entries.push(canonical(entry));
  return `${(await one.stats()).revision} ${entries}`;
}

function violation(text) {
  report({ violation: `${current}: ${text}` });
}
