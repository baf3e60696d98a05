import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { entryPoints, installTarballs, sharedProject } from './support/project.js';

const newFolder = sharedProject(installTarballs);

async function runProgram(text: string): Promise<unknown> {
  const program = join(newFolder(), 'program.mjs');
  writeFileSync(program, text);
  return JSON.parse((await promisify(execFile)(process.execPath, [program])).stdout);
}

/** Those that bind to test runners are there for what their import does, in a runner. */
const CHECKED = entryPoints().filter((name) => !/storage-testkit\/(vitest|mocha|node-test)/.test(name));

test('the published packages export what the packages here do', async () => {
  const here = new Map<string, string[]>();
  for (const name of CHECKED) here.set(name, Object.keys(await import(name)).sort());
  const packed = await runProgram(`
    const exported = {};
    for (const name of ${JSON.stringify(CHECKED)}) exported[name] = Object.keys(await import(name)).sort();
    console.log(JSON.stringify(exported));
  `);
  expect(packed).toEqual(Object.fromEntries(here));
});

test('a process answers from a file with few modules of the published packages', async () => {
  const loaded = (await runProgram(`
    import { register } from 'node:module';
    import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
    const { port1, port2 } = new MessageChannel();
    const hook = \`let port;
      export const initialize = (data) => { port = data; };
      export const load = (url, context, next) => { port.postMessage(url); return next(url, context); };\`;
    register('data:text/javascript,' + encodeURIComponent(hook), { data: port2, transferList: [port2] });
    const { openStorage } = await import('@gati-framework/storage-tools');
    const storage = await openStorage('sqlite:' + new URL('gati.db', import.meta.url).pathname);
    await storage.stats();
    await storage.close();
    const urls = [];
    for (let got; (got = receiveMessageOnPort(port1)); ) urls.push(got.message);
    console.log(JSON.stringify(urls.filter((url) => url.includes('/@gati-framework/'))));
    port1.close();
  `)) as string[];
  expect(loaded.some((url) => url.includes('/storage-better-sqlite3/'))).toBe(true);
  expect(loaded.length).toBeLessThanOrEqual(12);
});
