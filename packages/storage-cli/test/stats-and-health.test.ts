import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { openStorage } from '@gati-framework/storage-tools';
import pg from 'pg';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { BIN, type Result, runCommand } from './support/command.js';

/** A schema of PostgreSQL that goes when the test ends. */
function ownSchema(): string {
  const server = inject('postgresUrl');
  const schema = `stats_${process.pid}`;
  onTestFinished(async () => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`).finally(() => client.end());
  });
  return `${server}?schema=${schema}`;
}

describe.each(['sqlite', 'sqljs', 'postgres'])('gati-storage on a %s: store', (scheme) => {
  async function filled(): Promise<(...args: string[]) => Promise<Result>> {
    const store = scheme === 'postgres' ? ownSchema() : `${scheme}:${join(temporaryFolder(), 'gati.db')}`;
    await using storage = await openStorage(store);
    await storage.storeManifest(manifest('users', '1'));
    await storage.storeGType(gtype('User'));
    await storage.storeGType(gtype('Order'));
    return (...args) => runCommand([...args, '--store', store]);
  }

  test('stats counts records by kind, and tells the revision', async () => {
    const gati = await filled();
    const { code, out } = await gati('stats');
    expect(code).toBe(0);
    expect(out).toMatch(/^manifest +1\nhookManifest +0\ngtype +2\n/);
    expect(out).toMatch(/\nrevision +3\n/);
    expect(out).toMatch(/\nhistory +3 commits\nsize +\d+\.?\d* KiB\n/);
    expect(JSON.parse((await gati('stats', '--json')).out)).toMatchObject({
      manifestCount: 1,
      gtypeCount: 2,
      revision: 3,
      history: { commits: 3 },
      bytes: expect.any(Number),
      cache: { hits: 0, misses: 0, hitRate: 0 },
    });
  });

  test('health tells that the store answers, and at which revision', async () => {
    const gati = await filled();
    const { code, out } = await gati('health');
    expect(code).toBe(0);
    expect(out).toMatch(/^status +ok\nrevision +3\nlatency +\d+\.\d ms\nhistory +3 commits\n/);
    // One process owns a file of sql.js, so there are no others to follow.
    expect(/\nfeed +following, \d+ ms behind at most\n/.test(out)).toBe(scheme !== 'sqljs');
    expect(/\nconnections +\d+ in use of \d+, \d+ idle, 0 waiting\n/.test(out)).toBe(scheme === 'postgres');
    const { feed, connections, ...told } = JSON.parse((await gati('health', '--json')).out);
    expect(told).toEqual({
      status: 'ok',
      revision: 3,
      latency: expect.any(Number),
      history: { commits: 3 },
      cache: expect.any(Object),
    });
    expect([feed?.state, connections?.waiting]).toEqual([
      scheme === 'sqljs' ? undefined : 'following',
      scheme === 'postgres' ? 0 : undefined,
    ]);
  });
});

test('stats tells the oldest revision of a storage that tells of its past', async () => {
  const { out } = await runCommand(['stats', '--store', 'memory:']);
  expect(out).toMatch(/\noldest revision +0\nhistory +0 commits\n$/);
});

test.each([
  ['refuses connections', closedPort],
  ['says nothing', silentServer],
  ['lets in and answers nothing', hangingServer],
])('health and info of a server that %s end, with what was tried and no password', async (_, start) => {
  const port = await start();
  const store = `postgres://me:geheim@127.0.0.1:${port}/gati`;
  const asked = ['--store', store, '--timeout', '1s'];
  const tried = new RegExp(`Tried for \\d+ s: postgres://me@127\\.0\\.0\\.1:${port}/gati; --timeout`);
  const [{ code, out, err }, told, info] = await Promise.all([
    runCommand(['health', ...asked]),
    runCommand(['health', ...asked, '--json']),
    runCommand(['info', ...asked]),
  ]);
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(out).toMatch(/^status +failed\n/);
  expect(out).toMatch(/\nerror +STORAGE_UNAVAILABLE: /);
  expect(out).toMatch(tried);
  expect(told.code).toBe(1);
  expect(JSON.parse(told.out)).toMatchObject({ status: 'failed', error: { code: 'STORAGE_UNAVAILABLE' } });
  expect(info).toMatchObject({ code: 1, out: '', err: expect.stringMatching(tried) });
  expect(out + told.out + info.err).not.toContain('geheim');
});

test('health of a server that lets in and answers nothing ends the process, whatever is still under way', async () => {
  const store = `postgres://me:geheim@127.0.0.1:${await hangingServer()}/gati`;
  const args = [BIN, 'health', '--timeout', '4s', '--store', store];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let out = '';
  child.stdout.on('data', (data: Buffer) => {
    out += data;
  });
  // A statement may run for half a minute.
  expect((await once(child, 'close'))[0]).toBe(1);
  expect(out).toMatch(/^status +failed\n/);
});

test.each(['0s', '5', 'soon'])('a timeout of %s is wrong usage', async (time) => {
  expect((await runCommand(['health', '--timeout', time, '--store', 'memory:'])).code).toBe(2);
});

test('health that is interrupted is no answer', async () => {
  const { code, out } = await runCommand(['health', '--store', 'memory:'], { signal: AbortSignal.abort() });
  expect({ code, out }).toEqual({ code: 130, out: '' });
});

/** The port of a server that takes connections, and never says a word. */
async function silentServer(): Promise<number> {
  return (await listening(() => {})).port;
}

/** A server that lets anybody in, as PostgreSQL does it, and answers no statement. */
async function hangingServer(): Promise<number> {
  // AuthenticationOk, and ReadyForQuery outside of a transaction.
  const welcome = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);
  return (await listening((socket) => socket.once('data', () => socket.write(welcome)))).port;
}

async function listening(serve: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    serve(socket);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

/** A port that nobody listens at. */
async function closedPort(): Promise<number> {
  const { server, port } = await listening(() => {});
  server.close();
  return port;
}
