// Damages a store, each time anew and in one place, and compares what is read with what was there. All in one process, as
// ten thousand openings each in its own would take hours.
//
// Usage: node damages.mjs <settings as JSON>, with a pipe for what it tells as descriptor 3.
import { BACKENDS } from '../backends.mjs';
import { DamagedFiles } from '../damages/files.mjs';
import { DamagedKeys } from '../damages/keys.mjs';
import { DamagedRows } from '../damages/rows.mjs';
import { entriesOf, eventForm } from '../operations.mjs';
import { recordOf, SLOTS } from '../records.mjs';
import { Random } from '../seeds.mjs';
import { report } from './report.mjs';

const { backend, place, folder, seed, damages } = JSON.parse(process.argv[2]);
/** Codes of errors that a damaged store may lead to. */
const CODES = ['CORRUPT', 'FAILED', 'UNAVAILABLE', 'FOREIGN', 'SCHEMA_TOO_NEW', 'UNSUPPORTED', 'COMPACTED'];
const OF_SQLITE = ['better-sqlite3', 'node-sqlite'];
/** Changes, on a server. */
const KEPT = 60;
const random = new Random(seed);
const figures = {
  damages: 0,
  'told of': 0,
  'told of as no damage': 0,
  'without effect': 0,
  'missing, unnoticed': 0,
};

process.on('unhandledRejection', (error) => report({ violation: `unhandled rejection: ${error.stack}` }));
if (BACKENDS[backend].kind === 'server') await forgetSome();
const store = await damageable();
await store.restore();
const whole = await readAll();
const history = historyOf(whole);
if (whole.codes.size > 0) report({ violation: `the undamaged store is not read: ${[...whole.codes]}` });
else for (let i = 0; i < damages; i++) await oneDamage();
report({ figures });
process.exit();

function damageable() {
  if (backend === 'etcd') return DamagedKeys.of(place);
  if (backend === 'postgres') return DamagedRows.of(place);
  return new DamagedFiles(place, folder);
}

/** So that the past is not all that there is. */
async function forgetSome() {
  const storage = await BACKENDS[backend].create(place, { history: { changes: KEPT } });
  for (let i = 0; (await storage.stats()).oldestRevision === 0; i++) {
    const { name, kind } = random.pick(SLOTS);
    await storage.commit([{ put: kind, value: recordOf(name, `later.${i}`) }], { note: `later.${i}` });
  }
  await storage.close();
}

async function oneDamage() {
  await store.restore();
  const what = await store.damage(random);
  const found = await readAll();
  figures.damages += 1;
  const wrong = found.wrong ?? differenceOf(found);
  if (wrong !== undefined) report({ violation: `${what}: ${wrong}` });
  if (found.codes.size > 0) figures['told of'] += 1;
  else figures['without effect'] += 1;
  if (found.codes.size > 0 && !found.codes.has('STORAGE_CORRUPT')) figures['told of as no damage'] += 1;
  // SQLite itself moves its log into the database whenever it can.
  const isUnread = !OF_SQLITE.includes(backend) && !found.isOpened;
  if (isUnread && (await store.isOverwritten()))
    report({ violation: `${what}: it was overwritten though it could not be opened` });
  report({ done: figures.damages });
}

/** Everything in every way, each on its own: one damaged record is nobody else's business. */
async function readAll() {
  const found = {
    isOpened: false,
    codes: new Set(),
    values: new Map(),
    entries: undefined,
    events: new Map(),
  };
  const storage = await BACKENDS[backend].create(store.place, { lockTimeout: 200 });
  try {
    await attempt(found, async () => {
      await storage.open();
      found.isOpened = true;
    });
    if (found.isOpened) await readFrom(storage, found);
  } finally {
    await attempt(found, () => storage.close());
  }
  return found;
}

async function readFrom(storage, found) {
  for (const { name, kind, key } of SLOTS) {
    await attempt(found, async () => {
      const entry = await storage.get({ kind, key });
      found.values.set(name, entry === undefined ? null : [JSON.stringify(entry.value), entry.revision]);
    });
  }
  await attempt(found, async () => {
    found.entries = await entriesOf(storage, {});
  });
  await attempt(found, async () => {
    const { revision, oldestRevision } = await storage.stats();
    found.revision = revision;
    for await (const event of storage.watch({ after: oldestRevision })) {
      found.events.set(event.revision, eventForm(event));
      if (event.revision >= revision) break;
    }
  });
}

/** Only a StorageError may come of it, and none that is of something else. */
async function attempt(found, work) {
  try {
    await work();
  } catch (error) {
    if (error?.name !== 'StorageError') found.wrong ??= `no StorageError: ${error?.stack}`;
    else if (!CODES.includes(error.code.slice('STORAGE_'.length))) found.wrong ??= String(error.stack);
    found.codes.add(error?.code);
  }
}

/** What is there but never was; or is not there, though the store is at the revision at which it was. */
function differenceOf(found) {
  for (const [name, value] of found.values) {
    const fault = faultOf(name, value, found.revision);
    if (fault !== undefined) return fault;
  }
  for (const [name, tag, revision] of found.entries ?? []) {
    const fault = faultOf(name, [textOf(name, tag), revision], found.revision);
    if (fault !== undefined) return `among the entries, ${fault}`;
  }
  for (const [revision, event] of found.events) {
    const [told, known] = [event, whole.events.get(revision)].map((one) => JSON.stringify(one));
    if (told !== known) return `revision ${revision} is told as ${told}, and was ${known}`;
  }
  return undefined;
}

function faultOf(name, value, storeRevision) {
  if (value === null) {
    if (storeRevision !== whole.revision || whole.values.get(name) === null) return undefined;
    // Who does not share a file looks through it when it is opened.
    if (!BACKENDS[backend].isShared) return `${name} is missing`;
    figures['missing, unnoticed'] += 1;
    return undefined;
  }
  const [text, revision] = value;
  const known = history.get(`${name} ${revision}`);
  return known === text ? undefined : `${name} is ${text} at ${revision}, and was ${known}`;
}

/** What each commit has put, by slot and revision; and what is there, of whose commit nothing is told any more. */
function historyOf({ events, values }) {
  const known = new Map();
  for (const [name, value] of values) if (value !== null) known.set(`${name} ${value[1]}`, value[0]);
  for (const [revision, { steps }] of events)
    for (const [what, name, tag] of steps)
      if (what === 'put') known.set(`${name} ${revision}`, textOf(name, tag));
  return known;
}

function textOf(name, tag) {
  return SLOTS.some((slot) => slot.name === name) ? JSON.stringify(recordOf(name, tag)) : `${name} of ${tag}`;
}
