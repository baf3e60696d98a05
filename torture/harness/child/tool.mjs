// Does one thing to a store as the tools of operators do it, and kills itself in the middle of its changes where it is told to.
//
// Usage: node tool.mjs <settings as JSON>, with a pipe for what it tells as descriptor 3: `found` when it has looked at what there is,
// `given` when its commit has all changes, `made` when the tool is through, `left` of what there is then, and at last `done` or `failed`.
// Of the settings, `at` is how many changes it gives to its commit before it kills itself, `back` what a store that has been brought
// back to a revision holds, and `looksAgain` whether it tells what is left.
import { Writable } from 'node:stream';
import { openStorage } from '@gati-framework/storage-tools';
import { exportArchive } from '@gati-framework/storage-tools/archive';
import { copyStorage, restoreArchive } from '@gati-framework/storage-tools/copy';
import { planPrune } from '@gati-framework/storage-tools/prune';
import { planRollback, rollBack } from '@gati-framework/storage-tools/rollback';
import { verifyStorage } from '@gati-framework/storage-tools/verify';
import { BACKENDS, patiently } from '../backends.mjs';
import { toolRecords } from '../tool-records.mjs';
import { errorForm, report } from './report.mjs';

/** More than all kills change. */
const HISTORY = { changes: 100_000_000 };

const { backend, place, tool, at, source, archive, to, back, looksAgain } = JSON.parse(process.argv[2]);
process.on('unhandledRejection', (error) => report({ failed: errorForm(error) }));
let given = 0;

const TOOLS = {
  async copy(storage) {
    const from = await openStorage(`sqljs:${source}`, { readOnly: true });
    await copyStorage(from, storage);
    await from.close();
  },
  restore: (storage) => restoreArchive(archive, storage),
  rollback: async (storage) => rollBack(storage, await planRollback(storage, to)),
  async prune(storage) {
    const { revision } = await storage.stats();
    const { changes, expect } = await planPrune(storage, { keep: 1, now: 1_000_000 });
    await storage.commit(changes, { expect, expectRevision: revision });
  },
  async fill(storage) {
    for (const commit of toolRecords()) await storage.commit(commit);
  },
  async source(storage) {
    await TOOLS.fill(storage);
    await exportArchive(storage, archive);
  },
  look: () => {},
};

/** What a store holds, by a digest of all records in their order. */
async function look(storage) {
  const { revision } = await storage.stats();
  const { sha256, records } = await exportArchive(storage, new Writable({ write: (_, __, done) => done() }));
  const problems = [];
  for await (const { message } of verifyStorage(storage)) problems.push(message);
  return { sha256, records, revision, problems };
}

/** Looks at what there is, and makes it what it should be before the tool is used. */
async function begin(storage) {
  const found = await look(storage);
  if (back === undefined || tool === 'look' || found.sha256 === back.sha256) return found;
  await bringBack(storage);
  const { sha256 } = await look(storage);
  if (sha256 !== back.sha256) throw new Error('the store that was brought back is not as it was');
  return found;
}

/** What a process that was killed has sent before may still arrive, and be committed first. */
async function bringBack(storage) {
  for (;;) {
    try {
      return await rollBack(storage, await planRollback(storage, back.revision));
    } catch (error) {
      if (error.code !== 'STORAGE_CONFLICT') throw error;
    }
  }
}

/** Passes changes on, until it is enough. */
async function* watched(changes) {
  for await (const change of changes) {
    if (given === at) process.kill(process.pid, 'SIGKILL');
    given += 1;
    yield change;
  }
  report({ given });
}

/** A storage whose commits are watched. A list is given as a whole. */
function tapped(storage) {
  const commit = (changes, terms) => {
    if (!Array.isArray(changes)) return storage.commit(watched(changes), terms);
    if (at !== undefined && at < changes.length) process.kill(process.pid, 'SIGKILL');
    report({ given: changes.length });
    return storage.commit(changes, terms);
  };
  return new Proxy(storage, {
    get: (target, name) => (name === 'commit' ? commit : Reflect.get(target, name)),
  });
}

const { create, integrity, kind } = BACKENDS[backend];
const storage = await create(place, { history: HISTORY, ...patiently(backend) });
try {
  const found = await begin(storage);
  const damage = kind === 'file' && back !== undefined ? await integrity(place) : 'ok';
  report({ found: { ...found, damage } });
  await TOOLS[tool](tapped(storage));
  report({ made: true });
  if (looksAgain) report({ left: await look(storage) });
  await storage.close();
  report({ done: true });
} catch (error) {
  report({ failed: errorForm(error) });
}
process.exit();
