// What whoever looks at the studio waits for, in a real Chromium: the first view of a store of 12,000 records, and how long
// after another process was told that its deployment is stored the page shows it, on each backend that processes share.
//
// Usage: node bench/studio-page.mjs [deployments, default 50]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStudio } from '@gati-framework/storage-studio';
import { openStorage } from '@gati-framework/storage-tools';
import { chromium } from 'playwright-core';
import { unpackChromium } from '../scripts/chromium.mjs';
import { EtcdCluster } from '../test/support/etcd/cluster.mjs';
import { startPostgres } from '../test/support/postgres-server.mjs';
import { quantile, sortedCopy } from './measure/statistics.mjs';
import { manifest } from './records.mjs';

const DEPLOYMENTS = Number(process.argv[2] ?? 50);
const OPENINGS = 10;
const HANDLERS = 2_000;
const VERSIONS = 5;
const DEPLOYER = fileURLToPath(new URL('./children/deployer.mjs', import.meta.url));
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];

const folder = mkdtempSync(join(tmpdir(), 'gati-bench-'));
const browser = await chromium.launch({ executablePath: await unpackChromium(), args: ARGUMENTS });
try {
  await measureFirstView(`sqlite:${join(folder, 'large.db')}`);
  console.log(`\n${DEPLOYMENTS} deployments, milliseconds, median and worst`);
  console.log('                       told after        drawn after       in all');
  await measureDeployments('SQLite', `sqlite:${join(folder, 'shared.db')}`);
  const server = await startPostgres();
  await measureDeployments('PostgreSQL', server.url).finally(() => server.destroy());
  const cluster = await EtcdCluster.start();
  const url = `etcd://${cluster.endpoints[0]}/studio`;
  await measureDeployments('etcd', url).finally(() => cluster.destroy());
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

/** From when the address is gone to until a row is drawn, with a server that has just begun, and with one that is ready. */
async function measureFirstView(url) {
  const storage = await openStorage(url);
  await storage.commit(records());
  const cold = [];
  const warm = [];
  for (let i = 0; i < OPENINGS; i += 1) {
    const studio = await openStudio(storage);
    cold.push(await firstView(studio));
    warm.push(await firstView(studio));
    await studio.close();
  }
  await storage.close();
  console.log(`first view, milliseconds, median and worst of ${OPENINGS}`);
  console.log(`  of a server that has just begun to read the store: ${shown(cold)}`);
  console.log(`  of one that has read it: ${shown(warm)}`);
}

async function firstView({ url }) {
  return await withPage(url, async (page) => {
    await page.locator('a.handler-row').first().waitFor();
    return await page.evaluate(() => globalThis.drawnAt.get('a.handler-row'));
  });
}

/** With what is seen of the list of commits, and of that of handlers. */
async function measureDeployments(name, url) {
  const storage = await openStorage(url);
  await storage.open();
  const studio = await openStudio(storage);
  const deployer = fork(DEPLOYER, [url]);
  try {
    await once(deployer, 'message');
    report(`${name}, commits`, await deploy(deployer, `${studio.url}&to=/commits`, '.commit-row', 'a'));
    const handlers = `${studio.url}&to=${encodeURIComponent('/?sort=-deployed')}`;
    report(`${name}, handlers`, await deploy(deployer, handlers, 'a.handler-row', 'b'));
  } finally {
    deployer.disconnect();
    await studio.close();
    await storage.close();
  }
}

/** When each deployment was acknowledged, told to the page, and drawn by it. */
async function deploy(deployer, address, rows, prefix) {
  return await withPage(address, async (page) => {
    await page.getByRole('button', { name: /live/ }).waitFor();
    const moments = [];
    for (let i = 0; i < DEPLOYMENTS; i += 1) {
      const name = `${prefix}.${i}`;
      const seen = page.evaluate(([selector, text]) => globalThis.seen(selector, text), [rows, name]);
      const change = { put: 'manifest', value: { ...manifest(i, i), handlerId: name } };
      deployer.send({ change, note: name });
      const [[{ at }], { told, drawn }] = await Promise.all([once(deployer, 'message'), seen]);
      moments.push({ told: told - at, drawn: drawn - told, all: drawn - at });
      // At another moment of its polling, and when the page has come to rest.
      await new Promise((resolve) => setTimeout(resolve, 500 + ((i * 13) % 50)));
    }
    return moments;
  });
}

/** A page of its own, which is told of by `watchPage`. */
async function withPage(address, use) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(watchPage);
    await page.goto(address);
    return await use(page);
  } finally {
    await context.close();
  }
}

/** In the page: notes when the feed tells something, and when what is waited for is drawn. */
function watchPage() {
  const now = () => performance.timeOrigin + performance.now();
  const { fetch } = globalThis;
  let told = 0;
  const note = () =>
    new TransformStream({
      transform(chunk, to) {
        told = now();
        to.enqueue(chunk);
      },
    });
  globalThis.fetch = async (address, ...rest) => {
    const response = await fetch(address, ...rest);
    if (!String(address).startsWith('/api/events')) return response;
    return new Response(response.body.pipeThrough(note()), response);
  };
  // A frame is drawn when the task after it runs.
  const drawn = (then) => requestAnimationFrame(() => setTimeout(() => then(now())));
  const when = (isThere, then) => {
    const observer = new MutationObserver(() => {
      if (!isThere()) return;
      observer.disconnect();
      drawn(then);
    });
    observer.observe(document, { childList: true, subtree: true, characterData: true });
  };
  globalThis.drawnAt = new Map();
  when(
    () => document.querySelector('a.handler-row') !== null,
    (at) => globalThis.drawnAt.set('a.handler-row', at - performance.timeOrigin),
  );
  globalThis.seen = (rows, text) =>
    new Promise((resolve) => {
      const isThere = () =>
        [...document.querySelectorAll(rows)].some((row) => row.textContent.includes(text));
      when(isThere, (at) => resolve({ told, drawn: at }));
    });
}

/** 2,000 handlers in five versions, and a graph for each. */
function records() {
  return Array.from({ length: HANDLERS }, (_, handler) => {
    const manifests = Array.from({ length: VERSIONS }, (__, version) => manifest(handler, version));
    const { handlerId } = manifests[0];
    const value = { handlerId, currentVersion: '1.0.0', latestVersion: '1.0.0', versions: [] };
    return [...manifests.map((one) => ({ put: 'manifest', value: one })), { put: 'versionGraph', value }];
  }).flat();
}

function report(name, moments) {
  const cells = ['told', 'drawn', 'all'].map((part) => shown(moments.map((one) => one[part])));
  console.log(`${name.padEnd(22)} ${cells.map((cell) => cell.padEnd(17)).join(' ')}`);
}

function shown(values) {
  const sorted = sortedCopy(values);
  return `${quantile(sorted, 0.5).toFixed(0)}, ${quantile(sorted, 1).toFixed(0)}`;
}
