import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { users } from '../../api-import/test/support/documents.js';
import { openBrowser } from '../src/open-browser.js';
import { BIN, runCommand } from './support/command.js';

/** With much room for a machine that is busy with something else; on one that is not, it is a fraction of a second. */
const SOON = 5_000;

async function storeWithUsers(): Promise<string> {
  const folder = temporaryFolder();
  const document = join(folder, 'users.json');
  writeFileSync(document, users('string', '1.0.0'));
  const store = `sqlite:${join(folder, 'gati.db')}`;
  expect((await runCommand(['import', document, '--store', store])).code).toBe(0);
  return store;
}

interface Served {
  readonly child: ChildProcess;
  readonly url: URL;
  readonly token: string;
  readonly ended: Promise<{ code: number; err: string }>;
}

async function studio(...args: string[]): Promise<Served> {
  const child = spawn(process.execPath, [BIN, 'studio', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = once(child, 'close').then(([code]: unknown[]) => ({ code: Number(code), err }));
  const line = once(child.stdout.setEncoding('utf8'), 'data').then(([text]) => String(text).split('\n')[0]);
  const first = await Promise.race([line, ended]);
  if (typeof first !== 'string') throw new Error(`It ended: ${err}`);
  const url = new URL(first);
  return { child, url, token: url.hash.slice('#token='.length), ended };
}

test('serves the page of a store at the address that it prints, until Ctrl-C', async () => {
  const store = await storeWithUsers();
  const { child, url, token, ended } = await studio('--store', store);
  expect(url.hostname).toBe('127.0.0.1');
  const page = await fetch(url);
  expect(await page.text()).toContain('<script type="module"');
  const headers = { authorization: `Bearer ${token}` };
  const handlers = await fetch(new URL('/api/handlers', url), { headers });
  expect(await handlers.json()).toMatchObject({
    items: [{ handlerId: 'users.delete' }, { handlerId: 'users.get' }],
    command: `gati-storage list --store ${store}`,
  });
  const sent = await fetch(new URL('/api/rollback', url), {
    method: 'POST',
    headers,
    body: '{"to":0,"dryRun":true}',
  });
  expect(await sent.json()).toMatchObject({ error: { code: 'STUDIO_READONLY' } });
  // Somebody who follows the commits does not hold it up.
  const events = await fetch(new URL('/api/events', url), { headers });
  const begun = performance.now();
  child.kill('SIGINT');
  expect(await ended).toEqual({ code: 130, err: expect.stringContaining('interrupted') });
  const taken = performance.now() - begun;
  console.log(`Ctrl-C: ended after ${taken.toFixed()} ms`);
  expect(taken).toBeLessThan(SOON);
  await events.text().catch(() => {}); // it ended with it
});

test('compares with another store, and writes where it is told to, on the port that was named', async () => {
  const [store, other] = [await storeWithUsers(), await storeWithUsers()];
  const first = await studio('--store', store);
  const { port } = first.url;
  first.child.kill('SIGINT');
  await first.ended;
  const { url, token, child, ended } = await studio(
    '--store',
    store,
    '--compare',
    other,
    '--write',
    '--port',
    port,
  );
  expect(url.port).toBe(port);
  const headers = { authorization: `Bearer ${token}` };
  const compared = await fetch(new URL('/api/compare/records?before=this&after=other', url), { headers });
  expect(await compared.json()).toMatchObject({ after: { of: 'other' } });
  const body = JSON.stringify({ target: { handlerId: 'users.get' }, expectRevision: 1 });
  const deleted = await fetch(new URL('/api/delete', url), { method: 'POST', headers, body });
  expect(await deleted.json()).toMatchObject({ done: true, revision: 2 });
  const taken = await runCommand(['studio', '--store', other, '--port', port]);
  expect(taken).toMatchObject({ code: 1, err: expect.stringContaining(`Port ${port} is in use`) });
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 143 });
});

test('is served to this machine only, and says how it is reached from another one', async () => {
  const store = await storeWithUsers();
  const { code, err } = await runCommand(['studio', '--store', store, '--host', '0.0.0.0']);
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('ssh -L') });
  expect((await runCommand(['studio', '--store', store, '--port', '70000'])).code).toBe(2);
});

test('makes no store where there is none', async () => {
  const file = join(temporaryFolder(), 'gati.db');
  for (const options of [[], ['--write']]) {
    const { code, err } = await runCommand(['studio', '--store', `sqlite:${file}`, ...options]);
    expect({ code: code > 0, err }).toEqual({ code: true, err: expect.stringContaining('does not exist') });
  }
  expect(existsSync(file)).toBe(false);
});

test.runIf(process.platform === 'linux')('opens the browser of who sits at the terminal', async () => {
  const folder = temporaryFolder();
  const browser = join(folder, 'browser');
  writeFileSync(browser, `#!/bin/sh\nprintf %s "$1" > ${join(folder, 'shown')}\n`, { mode: 0o755 });
  vi.stubEnv('BROWSER', browser);
  vi.stubEnv('DISPLAY', ':0');
  onTestFinished(() => void vi.unstubAllEnvs());
  const address = 'http://127.0.0.1:1/launch/abc';
  await openBrowser({ env: { DISPLAY: ':0' }, columns: 80 } as never, () => address);
  await expect
    .poll(() => existsSync(join(folder, 'shown')) && readFileSync(join(folder, 'shown'), 'utf8'))
    .toBe(address);
});

test.each([
  ['there is no screen', { env: {}, columns: 80 }],
  ['standard output is no terminal', { env: { DISPLAY: ':0' }, columns: undefined }],
  [
    'it sits at another machine',
    { env: { DISPLAY: ':0', SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, columns: 80 },
  ],
])('opens no browser where %s', async (_, terminal) => {
  const asked = vi.fn(() => 'http://127.0.0.1:1/');
  await openBrowser(terminal as never, asked);
  expect(asked).not.toHaveBeenCalled();
});
