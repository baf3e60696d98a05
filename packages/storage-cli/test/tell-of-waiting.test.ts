import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { openStorage } from '@gati-framework/storage-tools';
import { expect, onTestFinished, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { tellOfWaiting } from '../src/tell-of-waiting.js';
import { type Result, runCommand } from './support/command.js';

test('who waits for a store is told so on a terminal, and nowhere else', async () => {
  const waiting = { store: 'sqlite:gati.db', timeout: 5_000 };
  const told: string[] = [];
  const answer = await new Promise((resolve) => {
    const err = (text: string): void => {
      told.push(text);
      resolve('told');
    };
    void tellOfWaiting({ errorColumns: 80, err }, waiting, () => new Promise(() => {}));
  });
  expect([answer, told]).toEqual([
    'told',
    ['sqlite:gati.db is not open yet, and is waited for 5 s at most; Ctrl-C ends it.'],
  ]);
  const err = (text: string): never => expect.fail(text);
  expect(await tellOfWaiting({ errorColumns: undefined, err }, waiting, async () => 'at once')).toBe(
    'at once',
  );
});

/** The port of a server that takes connections, and never says a word. */
async function silentServer(): Promise<number> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on('error', () => {})));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** In all the ways in which commands open stores: to read them, to write to them, and to compare with them. */
const COMMANDS = [
  'list',
  'stats',
  'diff 1',
  'diff HERE STORE',
  'restore FOLDER/a.jsonl',
  'restore FOLDER/a.jsonl --dry-run',
  'copy STORE HERE',
  'copy HERE STORE',
  'prune --keep 1 --yes',
  'migrate',
];

test('a command says that it waits for a server, without its password, and ends on Ctrl-C', async () => {
  const folder = temporaryFolder();
  const here = `sqlite:${join(folder, 'gati.db')}`;
  {
    await using storage = await openStorage(here);
    await storage.storeGType(gtype('A'));
  }
  await runCommand(['export', join(folder, 'a.jsonl'), '--store', here]);
  const shown = `postgres://me@127.0.0.1:${await silentServer()}/gati`;
  const store = shown.replace('me@', 'me:geheim@');
  const run = async (command: string, signal: AbortSignal, onErr?: () => void): Promise<Result> => {
    const args = command
      .replaceAll('FOLDER', folder)
      .replace('HERE', here)
      .replace('STORE', store)
      .split(' ');
    const told = onErr === undefined ? {} : { onErr };
    return await runCommand(args, { env: { GATI_STORAGE: store }, errorColumns: 80, signal, ...told });
  };
  const forPrograms = new AbortController();
  const silent = run('list --json', forPrograms.signal);
  const waiting = async (command: string): Promise<object> => {
    const interrupt = new AbortController();
    return { command, ...(await run(command, interrupt.signal, () => interrupt.abort())) };
  };
  const interrupted = 'gati-storage: interrupted; a commit is stored whole or not at all\n';
  expect(await Promise.all(COMMANDS.map(waiting))).toEqual(
    COMMANDS.map((command) => ({
      command,
      code: 130,
      out: '',
      err: `${shown} has not answered yet; Ctrl-C ends it.\n${interrupted}`,
    })),
  );
  forPrograms.abort();
  expect(JSON.parse((await silent).err)).toMatchObject({ error: { code: 'INTERRUPTED' } });
});
