// What the tracing channels cost while nobody listens. The code as it is takes turns with a copy of it in which each test of
// whether anybody listens is `false`, so that the compiler removes it. All are in one process, in another order in each round;
// compared is CPU time. There are several copies of both, as where the compiler puts code makes some percent of difference;
// what one half of the copies makes of the other shows what the method makes of none.
//
// Usage: node --expose-gc bench/tracing.mjs [rounds]
import { deepEqual } from 'node:assert/strict';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { turns } from './measure/contest.mjs';
import { formatTime } from './measure/format.mjs';
import { median, spread } from './measure/statistics.mjs';
import { manifest } from './records.mjs';

const ROUNDS = Number(process.argv[2] ?? 2_000);
const WARM_UP = 100;
/** Rounds between two collections of garbage. */
const COLLECT = 100;
/** Of each. */
const COPIES = 8;
/** Of one turn, about, in microseconds of CPU time. */
const TURN = 300;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OURS = ['manifest-store', 'storage-kit', 'storage-sqlite', 'storage-better-sqlite3'];
const OTHERS = ['devalue', 'better-sqlite3', 'bindings', 'file-uri-to-path'];
const TEST = /(?<![#.\w])(?:channels\.)?(?:[a-z]\w*)\.hasSubscribers\b/gi;

const WORK = {
  'a record in memory': (copy) => reading(copy.createManifestStore()),
  'a cached record over a driver that answers at once': (copy) =>
    reading(new copy.RecordStorage(instantDriver(copy))),
  'a cached record of a SQLite file': (copy, name) => reading(fileStorage(copy, name)),
  'a record of a SQLite file that is not cached': (copy, name) => reading(fileStorage(copy, name, 1)),
  'a commit in memory': (copy) => committing(copy.createManifestStore()),
  'a commit over a driver that answers at once': (copy) =>
    committing(new copy.RecordStorage(instantDriver(copy))),
};

const folder = mkdtempSync(join(tmpdir(), 'gati-tracing-'));
try {
  const copies = [];
  for (let n = 0; n < COPIES; n++) {
    copies.push(await load(`without-${n}`, (text) => text.replaceAll(TEST, 'false')));
    copies.push(await load(`ours-${n}`, (text) => text));
  }
  console.log(
    `Node.js ${process.version}, ${ROUNDS} rounds: CPU time of a call without the tests, and ratios to it.`,
  );
  console.log('| call | without | with | quartiles | no difference |\n| --- | --- | --- | --- | --- |');
  for (const [name, make] of Object.entries(WORK)) console.log(await compare(name, make, copies));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Our packages, as they were built, in a folder of their own. */
async function load(name, change) {
  const modules = join(folder, name, 'node_modules');
  mkdirSync(join(modules, '@gati-framework'), { recursive: true });
  for (const other of OTHERS) symlinkSync(join(ROOT, 'node_modules', other), join(modules, other));
  let changed = 0;
  for (const ours of OURS) {
    const [from, to] = [join(ROOT, 'packages', ours), join(modules, '@gati-framework', ours)];
    for (const part of ['package.json', 'dist'])
      cpSync(join(from, part), join(to, part), { recursive: true });
    for (const file of readdirSync(join(to, 'dist'), { recursive: true })) {
      if (!file.endsWith('.js')) continue;
      const text = readFileSync(join(to, 'dist', file), 'utf8');
      const made = change(text);
      if (made !== text) changed += 1;
      writeFileSync(join(to, 'dist', file), made);
    }
  }
  if (name.startsWith('without') && changed < 5)
    throw new Error(`Only ${changed} files test whether anybody listens.`);
  const entry = (ours, path) =>
    import(pathToFileURL(join(modules, '@gati-framework', ours, 'dist', path)).href);
  return {
    ...(await entry('manifest-store', 'index.js')),
    ...(await entry('manifest-store', 'backend.js')),
    ...(await entry('storage-kit', 'index.js')),
    ...(await entry('storage-better-sqlite3', 'index.js')),
  };
}

function fileStorage({ createBetterSqlite3Storage }, name, cacheSize) {
  const filename = join(folder, `${name}-${cacheSize ?? 'cached'}.db`);
  return createBetterSqlite3Storage({ filename, ...(cacheSize && { cacheSize }) });
}

/** A store that is nowhere: what is measured is what is above the databases. */
function instantDriver({ byKind }) {
  const state = (revision) => ({ revision, counts: byKind(() => 0) });
  let revision = 0;
  return {
    name: 'instant',
    capabilities: {},
    open: () => state(0),
    close: () => {},
    catchUp: () => true,
    read: () => [],
    commit: (commits) => {
      const outcomes = commits.map(() => ({ revision: ++revision }));
      return { outcomes, state: state(revision) };
    },
    state: () => state(revision),
  };
}

async function reading(storage) {
  const record = manifest(1, 1);
  await storage.storeManifest(record);
  const { handlerId, version } = record;
  return {
    verify: async () => deepEqual({ ...(await storage.getManifest(handlerId, version)) }, record),
    async run(count) {
      for (let n = 0; n < count; n++) await storage.getManifest(handlerId, version);
    },
    close: () => storage.close(),
  };
}

async function committing(storage) {
  const record = manifest(1, 1);
  return {
    verify: async () => deepEqual(await storage.commit([{ put: 'manifest', value: record }]), 1),
    async run(count) {
      for (let n = 0; n < count; n++) await storage.storeManifest(record);
    },
    close: () => storage.close(),
  };
}

async function compare(name, make, copies) {
  const works = await Promise.all(copies.map((copy, n) => make(copy, `${n}`)));
  for (const work of works) await work.verify();
  const count = await callsOf(works);
  const rounds = [];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    if (round % COLLECT === 0) globalThis.gc?.();
    const times = [];
    for (const c of turns(works.length, round)) times[c] = await cpuTime(() => works[c].run(count));
    if (round >= 0) rounds.push(times);
  }
  for (const work of works) await work.close();
  // Every other copy is without the tests.
  const without = (times) => sumOf(times, (n) => n % 2 === 0);
  const ratio = spread(rounds.map((times) => sumOf(times, (n) => n % 2 === 1) / without(times)));
  const same = median(rounds.map((times) => sumOf(times, (n) => n % 4 > 1) / sumOf(times, (n) => n % 4 < 2)));
  const call = formatTime((median(rounds.map(without)) / COPIES / count) * 1_000);
  const shown = [ratio.median, `${ratio.low.toFixed(3)} to ${ratio.high.toFixed(3)}`, same];
  return `| ${name} | ${call} | ${shown.map((value) => (typeof value === 'number' ? value.toFixed(3) : value)).join(' | ')} |`;
}

function sumOf(times, isWanted) {
  return times.reduce((sum, time, n) => (isWanted(n) ? sum + time : sum), 0);
}

/** How many calls make a turn, after enough of them that everything is compiled. */
async function callsOf(works) {
  let count = 64;
  for (;;) {
    let slowest = 0;
    for (const work of works) slowest = Math.max(slowest, await cpuTime(() => work.run(count)));
    if (slowest >= TURN) return count;
    count *= 2;
  }
}

async function cpuTime(work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
