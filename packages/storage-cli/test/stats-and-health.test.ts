import { createServer } from 'node:net';
import { join } from 'node:path';
import { openStorage } from '@gati-framework/storage-tools';
import pg from 'pg';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { type Result, runCommand } from './support/command.js';

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

test('health of a server that is not there exits with 1, and says why and no password', async () => {
  const { port, close } = await freePort();
  await close();
  const store = `postgres://me:geheim@127.0.0.1:${port}/gati`;
  const { code, out, err } = await runCommand(['health', '--store', store]);
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(out).toMatch(/^status +failed\n/);
  expect(out).toMatch(/\nerror +STORAGE_UNAVAILABLE: /);
  expect(out).not.toContain('geheim');
  const told = await runCommand(['health', '--store', store, '--json']);
  expect(told.code).toBe(1);
  expect(JSON.parse(told.out)).toMatchObject({ status: 'failed', error: { code: 'STORAGE_UNAVAILABLE' } });
  expect(told.out).not.toContain('geheim');
});

test('health that is interrupted is no answer', async () => {
  const { code, out } = await runCommand(['health', '--store', 'memory:'], { signal: AbortSignal.abort() });
  expect({ code, out }).toEqual({ code: 130, out: '' });
});

async function freePort(): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
