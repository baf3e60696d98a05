// Damages copies of a store, each in one place, and compares what is read with what was there. All in one process, as
// ten thousand openings each in its own would take hours.
//
// Usage: node damages.mjs <settings as JSON>, with a pipe for what it tells as descriptor 3.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { BACKENDS } from '../backends.mjs';
import { entriesOf, eventForm } from '../operations.mjs';
import { recordOf, SLOTS } from '../records.mjs';
import { Random } from '../seeds.mjs';
import { report } from './report.mjs';

const { backend, place, folder, seed, damages } = JSON.parse(process.argv[2]);
const FILES = ['', '-wal', '-oplog'];
/** Codes of errors that a damaged store may lead to. */
const CODES = ['CORRUPT', 'FAILED', 'UNAVAILABLE', 'FOREIGN', 'SCHEMA_TOO_NEW', 'UNSUPPORTED', 'COMPACTED'];
/** Of the damages, so many are where something is: a log of sql.js has a quarter of a megabyte of room. */
const OF_CONTENT = 0.9;
const random = new Random(seed);
const own = join(folder, 'damaged');
const path = join(own, 'store.db');
const figures = {
  damages: 0,
  'told of': 0,
  'told of as no damage': 0,
  'without effect': 0,
  'missing, unnoticed': 0,
};

process.on('unhandledRejection', (error) => report({ violation: `unhandled rejection: ${error.stack}` }));
const kept = FILES.filter((end) => existsSync(place + end) && readFileSync(place + end).length > 0);
copyAll();
const whole = await readAll();
const history = historyOf(whole);
if (whole.codes.size > 0) report({ violation: `the undamaged store is not read: ${[...whole.codes]}` });
else for (let i = 0; i < damages; i++) await oneDamage();
report({ figures });
process.exit();

function copyAll() {
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own);
  for (const end of kept) copyFileSync(place + end, path + end);
}

async function oneDamage() {
  copyAll();
  const end = random.pick(kept);
  const what = damage(path + end);
  const before = kept.map((one) => readFileSync(path + one));
  const found = await readAll();
  figures.damages += 1;
  const wrong = found.wrong ?? differenceOf(found);
  if (wrong !== undefined) report({ violation: `${what} of store.db${end}: ${wrong}` });
  if (found.codes.size > 0) figures['told of'] += 1;
  else figures['without effect'] += 1;
  if (found.codes.size > 0 && !found.codes.has('STORAGE_CORRUPT')) figures['told of as no damage'] += 1;
  // SQLite itself moves its log into the database whenever it can.
  const isUnread =
    !BACKENDS[backend].isShared && !found.isOpened && kept.some((one, i) => !sameFile(path + one, before[i]));
  if (isUnread)
    report({ violation: `${what} of store.db${end}: it was overwritten though it could not be opened` });
  report({ done: figures.damages });
}

/** A bit, or the end of the file. */
function damage(file) {
  const content = readFileSync(file);
  const at = random.below(random.chance(OF_CONTENT) ? endOf(content) : content.length);
  if (random.chance(0.1)) {
    truncateSync(file, at);
    return `all after byte ${at}`;
  }
  const bit = random.below(8);
  content[at] ^= 1 << bit;
  writeFileSync(file, content);
  return `bit ${bit} of byte ${at}`;
}

/** Where the zeros begin that are room for what is to come. */
function endOf(content) {
  let end = content.length;
  while (end > 1 && content[end - 1] === 0) end -= 1;
  return end;
}

function sameFile(file, content) {
  return existsSync(file) && readFileSync(file).equals(content);
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
  const storage = await BACKENDS[backend].create(path, { lockTimeout: 200 });
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
    const { revision } = await storage.stats();
    found.revision = revision;
    for await (const event of storage.watch({ after: 0 })) {
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

/** What each commit has put, by slot and revision. */
function historyOf({ events }) {
  const known = new Map();
  for (const [revision, { steps }] of events)
    for (const [what, name, tag] of steps)
      if (what === 'put') known.set(`${name} ${revision}`, textOf(name, tag));
  return known;
}

function textOf(name, tag) {
  return SLOTS.some((slot) => slot.name === name) ? JSON.stringify(recordOf(name, tag)) : `${name} of ${tag}`;
}
