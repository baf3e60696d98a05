// What a view of a store takes: look-ups a second, memory, and how long after the acknowledgement of a commit four
// processes show it, on a SQLite file and on a PostgreSQL server.
//
// Usage: node --expose-gc bench/manifest-view.mjs
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createManifestView } from '@gati-framework/runtime-adapter';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { openStorage } from '@gati-framework/storage-tools';
import { startPostgres } from '../test/support/postgres-server.mjs';
import { median, quantile, sortedCopy } from './measure/statistics.mjs';

const HANDLERS = 10_000;
const VERSIONS = 20;
const ROUNDS = 5;
const LOOKUPS = 1_000_000;
const PROCESSES = 4;
const DEPLOYMENTS = 60;

/** As a generator writes it, with types of their own for each version. */
function manifestOf(handler, version) {
  const id = `resource-${handler % 500}.operation-${handler}`;
  return {
    handlerId: id,
    version: `1.${version}.0`,
    path: handler % 2 === 0 ? `/resource-${handler % 500}/:id/part-${handler}` : `/list/resource-${handler}`,
    method: ['GET', 'POST', 'PUT', 'DELETE'][handler % 4],
    gtypes: { request: `${id}Request@1.${version}.0`, response: `${id}Response@1.${version}.0` },
    hooks: { before: ['authenticate', 'authorize'], after: ['audit'] },
    timescapeVersion: `tsv:${1_700_000_000 + version}-operation-${handler}-${version}`,
    policies: { roles: ['admin', 'editor'], rateLimit: { limit: 100, window: 60_000 } },
    dependencies: { modules: ['database', 'mail'] },
    hash: `${handler}-${version}-`.padEnd(64, '0123456789abcdef'),
    createdAt: 1_700_000_000_000 + version,
  };
}

async function* allManifests() {
  for (let version = 0; version < VERSIONS; version++)
    for (let handler = 0; handler < HANDLERS; handler++)
      yield { put: 'manifest', value: manifestOf(handler, version) };
}

function heap() {
  for (let i = 0; i < 3; i++) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function measureMemory(filename) {
  const storage = createBetterSqlite3Storage({ filename, cacheSize: 1 });
  await storage.commit(allManifests());
  const before = heap();
  const view = createManifestView(storage);
  const start = performance.now();
  await view.open();
  const seconds = (performance.now() - start) / 1000;
  const megabytes = (heap() - before) / 1e6;
  console.log(
    `${HANDLERS} handlers with ${VERSIONS} versions: ${megabytes.toFixed(0)} MB of heap, read in ${seconds.toFixed(1)} s`,
  );
  return { storage, view };
}

function measureLookups(view) {
  const handlers = Array.from({ length: 1_024 }, (_, i) => (i * 7_919) % HANDLERS);
  const manifests = handlers.map((handler) => manifestOf(handler, 7));
  const requests = manifests.map(({ method, path }, i) => [method, path.replace(':id', `${i}-x`)]);
  const isLiteral = ([, path]) => path.startsWith('/list');
  const literal = requests.filter(isLiteral);
  const withParameter = requests.filter((request) => !isLiteral(request));
  const match = ([method, path]) => view.match(method, path);
  const kinds = {
    'getManifest, the latest': (i) => view.getManifest(manifests[i % 1_024].handlerId),
    'getManifest, a version': (i) => view.getManifest(manifests[i % 1_024].handlerId, '1.7.0'),
    'match, a path without parameters': (i) => match(literal[i % literal.length]),
    'match, a path with a parameter': (i) => match(withParameter[i % withParameter.length]),
  };
  for (const [name, lookUp] of Object.entries(kinds)) {
    const rates = [];
    for (let round = 0; round < ROUNDS; round++) {
      const start = process.cpuUsage();
      for (let i = 0; i < LOOKUPS; i++) if (lookUp(i) === undefined) throw new Error(`${name} found nothing`);
      const { user, system } = process.cpuUsage(start);
      rates.push(LOOKUPS / (user + system));
    }
    console.log(`${name}: ${median(rates).toFixed(1)} million a second of CPU time`);
  }
}

/** From the acknowledgement to the moment when the last of the processes shows it. */
async function measureVisibility(name, url) {
  const script = fileURLToPath(new URL('./children/view.mjs', import.meta.url));
  const children = Array.from({ length: PROCESSES }, () => fork(script, [url]));
  try {
    await Promise.all(children.map((child) => once(child, 'message')));
    const storage = await openStorage(url);
    const delays = [];
    for (let i = 0; i < DEPLOYMENTS; i++) {
      const shown = children.map((child) => once(child, 'message'));
      await storage.commit([{ put: 'manifest', value: manifestOf(1, i) }]);
      const acknowledged = performance.timeOrigin + performance.now();
      const moments = (await Promise.all(shown)).map(([{ at }]) => at - acknowledged);
      delays.push(Math.max(0, ...moments));
      // At another moment of their polling.
      await new Promise((resolve) => setTimeout(resolve, 7 + ((i * 13) % 50)));
    }
    await storage.close();
    const [half, most, all] = [0.5, 0.95, 1].map(
      (part) => `${quantile(sortedCopy(delays), part).toFixed(1)} ms`,
    );
    console.log(
      `shown by all of ${PROCESSES} processes, ${name}: median ${half}, 95% within ${most}, all within ${all}`,
    );
  } finally {
    for (const child of children) child.disconnect();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'gati-view-'));
try {
  const { storage, view } = await measureMemory(join(folder, 'large.db'));
  measureLookups(view);
  await view.close();
  await storage.close();
  await measureVisibility('a SQLite file', `sqlite:${join(folder, 'shared.db')}`);
  const server = await startPostgres();
  try {
    await measureVisibility('PostgreSQL', server.url);
  } finally {
    await server.destroy();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
