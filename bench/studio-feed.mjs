// Memory of the studio's server over a live feed: node --expose-gc bench/studio-feed.mjs [minutes, default 10]
//
// Another process commits to a SQLite file ten times a second, new versions with new names above all, and takes old ones
// away; three pages follow, and ask for lists as they do. Heap is told after collection, a line for each thirtieth of the time.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStudio } from '@gati-framework/storage-studio';
import { openStorage } from '@gati-framework/storage-tools';

const PAUSE = 100;
const HANDLERS = 500;
const VERSIONS = 4;

if (process.argv[2] === 'writer') await write(process.argv[3]);
else await serve(Number(process.argv[2] ?? 10));

async function serve(minutes) {
  const folder = mkdtempSync(join(tmpdir(), 'gati-bench-'));
  const url = `sqlite:${join(folder, 'gati.db')}`;
  const writer = fork(fileURLToPath(import.meta.url), ['writer', url], { execArgv: [] });
  await once(writer, 'message'); // the store is filled
  const reader = await openStorage(url, { readOnly: true });
  const studio = await openStudio(reader, { onError: console.error });
  const headers = { authorization: `Bearer ${new URL(studio.url).hash.slice('#token='.length)}` };
  const ask = async (path) => await (await fetch(new URL(path, studio.url), { headers })).json();
  const ending = new AbortController();
  const told = [0, 0, 0];
  const pages = told.map(async (_, page) => {
    const { body } = await fetch(new URL('/api/events', studio.url), { headers, signal: ending.signal });
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      told[page] += chunk.split('event: commit').length - 1;
      if (told[page] % 10 === 0) await ask('/api/handlers?q=things&sort=-deployed&limit=50');
    }
  });
  writer.send('begin');
  console.log('minutes  told               heap MB  RSS MB  catalog MB');
  for (let step = 0; step <= 30; step += 1) {
    const { index } = await ask('/api/overview');
    report((minutes * step) / 30, told, index);
    await new Promise((resolve) => setTimeout(resolve, minutes * 2_000));
  }
  ending.abort();
  await Promise.allSettled(pages);
  writer.kill();
  await studio.close();
  await reader.close();
  rmSync(folder, { recursive: true, force: true });
}

async function write(url) {
  const storage = await openStorage(url);
  const first = Array.from({ length: HANDLERS * VERSIONS }, (_, i) =>
    putVersion(i % HANDLERS, Math.floor(i / HANDLERS)),
  );
  await storage.commit(first);
  process.send('filled');
  await once(process, 'message');
  for (let commits = 0; ; commits += 1) {
    const [handler, version] = [commits % HANDLERS, VERSIONS + Math.floor(commits / HANDLERS)];
    const key = { handlerId: `handler${handler}`, version: `${version - VERSIONS}.0.0` };
    const changes = [putVersion(handler, version), { delete: 'manifest', key }];
    await storage.commit(changes, { note: `deployment ${commits}` });
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

function report(minutes, told, { bytes }) {
  for (let i = 0; i < 3; i += 1) globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const cells = [
    minutes.toFixed(1),
    told.join(),
    ...[heapUsed, rss, bytes].map((one) => (one / 1e6).toFixed(1)),
  ];
  const widths = [7, 18, 8, 7, 11];
  console.log(cells.map((cell, i) => cell.padStart(widths[i])).join(' '));
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
