import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { users } from '../../api-import/test/support/documents.js';
import { openStorage } from '../../storage-tools/src/index.js';
import { BIN } from './support/command.js';

/** Half of the ten seconds that a command waits for a lock, and a sixth of those for a server. */
const SOON = 5_000;

interface Command {
  readonly child: ReturnType<typeof spawn>;
  /** The exit code, and what went to standard error. */
  readonly ended: Promise<{ code: number | null; err: string }>;
}

function start(...args: string[]): Command {
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ['pipe', 'ignore', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = once(child, 'close').then(([code]: unknown[]) => ({ code: Number(code), err }));
  return { child, ended };
}

/** A server that lets anybody connect, and never says a word. */
async function silentServer(): Promise<{ port: number; connection: Promise<unknown> }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on('error', () => {})));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, connection: once(server, 'connection') };
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s ends a command that waits for a server', async (signal, code) => {
  const { port, connection } = await silentServer();
  const { child, ended } = start('list', '--store', `postgres://me:geheim@127.0.0.1:${port}/gati`);
  await connection;
  const sent = performance.now();
  child.kill(signal);
  expect(await ended).toEqual({
    code,
    err: 'gati-storage: interrupted; a commit is stored whole or not at all\n',
  });
  expect(performance.now() - sent).toBeLessThan(SOON);
});

test.each(['sqlite', 'sqljs'])(
  'Ctrl-C ends a command that waits for the lock of a %s: store',
  async (scheme) => {
    const folder = temporaryFolder();
    const file = join(folder, 'gati.db');
    const document = join(folder, 'users.json');
    await writeFile(document, users('string', '1.0.0'));
    await (await openStorage(`sqlite:${file}`)).open();
    const holder = new Database(file);
    onTestFinished(() => void holder.close());
    holder.exec('BEGIN EXCLUSIVE');
    const { child, ended } = start('import', document, '-', '--store', `${scheme}:${file}`);
    // More than a pipe holds: once it is written, the command has read most of it, and goes on to the store.
    const text = users('number', '2.0.0') + ' '.repeat(1024 * 1024);
    await new Promise<void>((resolve) => child.stdin?.end(text, () => resolve()));
    const sent = performance.now();
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130, err: expect.stringContaining('interrupted') });
    expect(performance.now() - sent).toBeLessThan(SOON);
  },
);

test('an export that is interrupted leaves nothing of itself', async () => {
  const folder = temporaryFolder();
  const { port, connection } = await silentServer();
  const { child, ended } = start(
    'export',
    join(folder, 'a.jsonl'),
    '--store',
    `postgres://127.0.0.1:${port}/gati`,
  );
  await connection;
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 130 });
  expect(await readdir(folder)).toEqual([]);
});
