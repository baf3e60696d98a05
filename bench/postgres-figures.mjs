// What the PostgreSQL backend does that has no peer to compare with.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createPostgresStorage } from '@gati-framework/storage-postgres';
import { median } from './measure.mjs';
import { manifest, transformer } from './records.mjs';

const WATCHED = 1_000;
const HANDLERS = 1_000;
const STREAMED = 1_000_000;
const MIB = 2 ** 20;

/** @param {string} url A server of its own. */
export async function* postgresFigures(url) {
  yield await watchLag(url);
  yield await deployment(url);
  yield await streaming(url);
}

/** From the moment that a commit resolves in one process to the moment that a watch in another delivers it. */
async function watchLag(url) {
  const storage = createPostgresStorage({ connectionString: url, schema: 'lag' });
  await storage.open();
  const child = fork(fileURLToPath(new URL('./watch-child.mjs', import.meta.url)), [url, 'lag']);
  await once(child, 'message');
  const seen = new Map();
  const done = new Promise((resolve) => {
    child.on('message', ({ revision, at }) => {
      seen.set(revision, at);
      if (revision === WATCHED) resolve();
    });
  });
  const committed = new Map();
  for (let i = 0; i < WATCHED; i++) {
    const revision = await storage.commit([{ put: 'manifest', value: manifest(i % 100, i) }]);
    committed.set(revision, performance.timeOrigin + performance.now());
  }
  await done;
  child.disconnect();
  await storage.close();
  const lags = Array.from(committed, ([revision, at]) => seen.get(revision) - at).sort((a, b) => a - b);
  const at = (share) => `${Math.max(0, lags[Math.floor(lags.length * share)]).toFixed(1)} ms`;
  return {
    name: `a commit of one process seen by a watch in another, ${WATCHED} of them one after the other`,
    value: `median ${at(0.5)}, p99 ${at(0.99)}`,
    aim: 'p99 50 ms',
  };
}

async function deployment(url) {
  const storage = createPostgresStorage({ connectionString: url, schema: 'deployment' });
  await storage.open();
  const times = [];
  for (let round = 0; round < 5; round++) {
    const changes = Array.from({ length: HANDLERS }, (_, i) => recordsOf(i, round)).flat();
    const start = performance.now();
    const revision = await storage.commit(changes);
    times.push(performance.now() - start);
    if (revision !== round + 1) throw new Error(`the deployment became revision ${revision}`);
  }
  await storage.close();
  return {
    name: `a deployment of ${HANDLERS.toLocaleString('en')} handlers, ${(HANDLERS * 6).toLocaleString('en')} records, one commit`,
    value: `${(median(times) / 1_000).toFixed(2)} s`,
    aim: '2 s',
  };
}

/** Everything that belongs to a handler: one record of each kind. */
function recordsOf(handler, round) {
  const record = manifest(handler, round);
  const { handlerId, version } = record;
  return [
    { put: 'manifest', value: record },
    { put: 'hookManifest', value: { handlerId, version, createdAt: round, hooks: [] } },
    { put: 'gtype', value: { ref: `${handlerId}@${version}`, kind: 'object', properties: {} } },
    { put: 'transformer', value: transformer(handler, round) },
    {
      put: 'versionGraph',
      value: { handlerId, currentVersion: version, latestVersion: version, versions: [] },
    },
    {
      put: 'timescapeMetadata',
      value: {
        handlerId,
        version,
        fingerprint: record.hash,
        compatibility: { compatible: [], incompatible: [], transformable: [] },
        deployment: { strategy: 'rolling', status: 'active' },
      },
    },
  ];
}

async function streaming(url) {
  const storage = createPostgresStorage({ connectionString: url, schema: 'streaming', historyLimit: 10_000 });
  for (let i = 0; i < STREAMED; i += 5_000) {
    await storage.commit(
      Array.from({ length: 5_000 }, (_, j) => ({ put: 'manifest', value: manifest(i + j, 1) })),
    );
  }
  const used = [];
  let count = 0;
  const start = performance.now();
  for await (const _ of storage.entries()) {
    count += 1;
    if (count % 100_000 === 0) {
      globalThis.gc?.();
      used.push(process.memoryUsage().heapUsed / MIB);
    }
  }
  const seconds = (performance.now() - start) / 1_000;
  await storage.close();
  if (count !== STREAMED) throw new Error(`${count} entries were streamed`);
  return {
    name: `${STREAMED.toLocaleString('en')} entries streamed`,
    value: `${seconds.toFixed(0)} s; heap ${Math.min(...used).toFixed(0)} to ${Math.max(...used).toFixed(0)} MiB throughout`,
    aim: 'constant memory',
  };
}
