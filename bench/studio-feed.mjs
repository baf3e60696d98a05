// Memory of the studio's server over a live feed: node --expose-gc bench/studio-feed.mjs [minutes, default 10]
//
// Somebody commits to a SQLite file ten times a second, new versions with new names above all, and takes old ones away;
// three pages follow, and ask for lists as they do. Heap is told after collection, a line for each thirtieth of the time.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStudio } from '@gati-framework/storage-studio';
import { openStorage } from '@gati-framework/storage-tools';

const minutes = Number(process.argv[2] ?? 10);
const PAUSE = 100;
const HANDLERS = 500;
const VERSIONS = 4;

const folder = mkdtempSync(join(tmpdir(), 'gati-bench-'));
const url = `sqlite:${join(folder, 'gati.db')}`;
const writer = await openStorage(url);
await writer.commit(
  Array.from({ length: HANDLERS * VERSIONS }, (_, i) => putVersion(i % HANDLERS, Math.floor(i / HANDLERS))),
);
const reader = await openStorage(url, { readOnly: true });
const studio = await openStudio(reader, { onError: console.error });
const headers = { authorization: `Bearer ${new URL(studio.url).hash.slice('#token='.length)}` };
const ask = async (path) => await (await fetch(new URL(path, studio.url), { headers })).json();

const told = [0, 0, 0];
const ending = new AbortController();
const pages = told.map(async (_, page) => {
  const { body } = await fetch(new URL('/api/events', studio.url), { headers, signal: ending.signal });
  for await (const chunk of body.pipeThrough(new TextDecoderStream()))
    told[page] += chunk.split('event: commit').length - 1;
});

const end = Date.now() + minutes * 60_000;
const step = (minutes * 60_000) / 30;
let commits = 0;
let next = Date.now();
console.log('minutes  commits  told               heap MB  RSS MB  catalog MB');
while (Date.now() < end) {
  if (Date.now() >= next) {
    await report();
    next += step;
  }
  const [handler, version] = [commits % HANDLERS, VERSIONS + Math.floor(commits / HANDLERS)];
  const handlerId = `handler${handler}`;
  const gone = { delete: 'manifest', key: { handlerId, version: `${version - VERSIONS}.0.0` } };
  await writer.commit([putVersion(handler, version), gone], { note: `deployment ${commits}` });
  commits += 1;
  if (commits % 10 === 0) await ask(`/api/handlers?q=things&sort=-deployed&limit=50`);
  await new Promise((resolve) => setTimeout(resolve, PAUSE));
}
await report();
ending.abort();
await Promise.allSettled(pages);
await studio.close();
await reader.close();
await writer.close();
rmSync(folder, { recursive: true, force: true });

async function report() {
  const { index } = await ask('/api/overview');
  for (let i = 0; i < 3; i += 1) globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const past = minutes - (end - Date.now()) / 60_000;
  const cells = [past.toFixed(1), commits, told.join(), heapUsed / 1e6, rss / 1e6, index.bytes / 1e6];
  const widths = [7, 8, 18, 8, 7, 11];
  console.log(cells.map((cell, i) => String(i < 3 ? cell : cell.toFixed(1)).padStart(widths[i])).join(' '));
}

function putVersion(handler, number) {
  const value = {
    handlerId: `handler${handler}`,
    version: `${number}.0.0`,
    path: `/things/${handler}/${number}`,
    method: 'GET',
    gtypes: { request: `Request${number}`, response: `Response${handler}.${number}` },
    hooks: { before: [`hook${handler}.${number}`], after: [] },
    timescapeVersion: '1',
    policies: { roles: [`role${number}.${handler}`] },
    dependencies: { modules: [] },
    hash: `hash${number}`,
    createdAt: number + 1,
  };
  return { put: 'manifest', value };
}
