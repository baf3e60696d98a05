// Copying, exporting and verifying a store against the plainest loop that moves its records: each on 100,000 records in a SQLite
// file, one after the other in each round. node bench/copies.mjs [RECORDS] [ROUNDS]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStorage } from '@gati-framework/storage-tools';
import { exportArchive } from '@gati-framework/storage-tools/archive';
import { copyStorage, restoreArchive } from '@gati-framework/storage-tools/copy';
import { verifyStorage } from '@gati-framework/storage-tools/verify';
import { manifest } from './records.mjs';

const [RECORDS = 100_000, ROUNDS = 5] = process.argv.slice(2).map(Number);
/** Records of a commit of the loop. */
const GROUP = 1000;

const folder = mkdtempSync(join(tmpdir(), 'gati-copies-'));
const archive = join(folder, 'source.jsonl');

const CONTENDERS = {
  'entries() and commits of 1,000': plainLoop,
  copyStorage,
  exportArchive: (from) => exportArchive(from, archive),
  restoreArchive: (_, to) => restoreArchive(archive, to),
  verifyStorage: async (from) => {
    for await (const { message } of verifyStorage(from)) throw new Error(message);
  },
};

try {
  const times = new Map(Object.keys(CONTENDERS).map((name) => [name, []]));
  const source = await openStorage(`sqlite:${join(folder, 'source.db')}`);
  await source.commit(records());
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(CONTENDERS)) times.get(name).push(await timed(source, run));
  }
  await source.close();
  const [plain] = Array.from(times.values(), median);
  for (const [name, all] of times)
    console.log(`${name}: ${Math.round(median(all))} ms, ${(median(all) / plain).toFixed(2)} of the loop`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** All of one shape, and what they name: a store with nothing that verify would tell. */
async function* records() {
  const { gtypes, hooks } = manifest(0, 1);
  for (const ref of Object.values(gtypes)) yield { put: 'gtype', value: { ref, kind: 'object' } };
  const definitions = Object.values(hooks).flat();
  yield {
    put: 'hookManifest',
    value: { handlerId: 'hooks', version: '1', hooks: definitions.map(hook), createdAt: 0 },
  };
  for (let i = 0; i < RECORDS; i += 1) yield { put: 'manifest', value: { ...manifest(i, 1), gtypes } };
}

function hook(id) {
  return { id, level: 'global', type: 'before', isAsync: true };
}

async function plainLoop(from, to) {
  let group = [];
  for await (const { kind, value } of from.entries()) {
    group.push({ put: kind, value });
    if (group.length < GROUP) continue;
    await to.commit(group);
    group = [];
  }
  await to.commit(group);
}

/** Milliseconds, with a target of its own that is thrown away. */
async function timed(source, run) {
  const file = join(folder, 'target.db');
  const target = await openStorage(`sqlite:${file}`);
  await target.open();
  const begin = performance.now();
  await run(source, target);
  const time = performance.now() - begin;
  await target.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
  return time;
}

function median(times) {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
}
