import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { expect, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { runChild, runUntilKilled, startChild } from './support/children.js';

const DISTANT_PAST = new Date('2020-01-01');

function claimsIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.includes('-owner-'));
}

test('a second opener is told which process owns the file', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const owner = startChild('own.mjs', [filename]);
  await once(owner.stdout, 'data');
  const storage = createSqlJsStorage({ filename, lockTimeout: 1 });
  await expect(storage.open()).rejects.toMatchObject({
    code: 'STORAGE_LOCKED',
    message: expect.stringContaining(`process ${owner.pid} on ${hostname()}`),
    details: { pid: owner.pid, host: hostname() },
  });
  owner.kill('SIGKILL');
  await once(owner, 'close');
  await storage.open(); // nobody had to clean up
  expect(await storage.getGType('owned')).toBeDefined();
  await storage.close();
});

test('while one process owns the file, others can read it as of now', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const owner = createSqlJsStorage({ filename });
  await owner.storeGType(gtype('in the log'));
  const reader = createSqlJsStorage({ filename, readOnly: true });
  expect(await reader.getGType('in the log')).toBeDefined();
  await owner.storeGType(gtype('later'));
  await owner.save();
  expect(await reader.getGType('later')).toBeUndefined();
  await expect(reader.storeGType(gtype('x'))).rejects.toMatchObject({ code: 'STORAGE_READONLY' });
  await reader.close();
  await owner.storeGType(gtype('still the owner'));
  await owner.close();
});

test('a file that is not there cannot be opened for reading', async () => {
  const storage = createSqlJsStorage({ filename: join(temporaryFolder(), 'store.db'), readOnly: true });
  await expect(storage.open()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
});

test('waiting for the owner to close is enough', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const owner = createSqlJsStorage({ filename });
  await owner.storeGType(gtype('a'));
  const next = createSqlJsStorage({ filename, lockTimeout: 30_000 });
  const opening = next.open();
  await owner.close();
  await opening;
  expect(await next.getGType('a')).toBeDefined();
  await next.close();
});

test('of eight processes that race to open, one at a time owns the file, and all of them get it', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const reports = await Promise.all(
    Array.from({ length: 8 }, (_, i) => runChild<{ turns: number }>('take-turns.mjs', [filename, String(i)])),
  );
  expect(reports.map(({ turns }) => turns)).toEqual(Array(8).fill(5));
  const storage = createSqlJsStorage({ filename });
  // Each turn reads the counter and stores it one higher: two owners at once would lose a count.
  expect(await storage.getGType('counter')).toMatchObject({ description: '40' });
  expect((await storage.stats()).revision).toBe(40);
  await storage.close();
}, 120_000);

test('what a killed owner leaves is gone after the next opening and closing', async () => {
  const folder = temporaryFolder();
  const filename = join(folder, 'store.db');
  await runUntilKilled('write-until-killed.mjs', ['sqljs', filename], 3);
  const [claim] = claimsIn(folder) as [string];
  writeFileSync(join(folder, claim.replace('-owner-', '-new-')), 'half a snapshot');
  expect(claimsIn(folder)).toHaveLength(1);
  const storage = createSqlJsStorage({ filename, onRecovery: () => {} });
  await storage.open();
  expect(claimsIn(folder)).toHaveLength(1);
  expect(JSON.parse(readFileSync(join(folder, claimsIn(folder)[0] as string), 'utf8'))).toMatchObject({
    pid: process.pid,
    host: hostname(),
  });
  await storage.close();
  expect(readdirSync(folder)).toEqual(['store.db']);
});

test('an owner on another host is respected while it shows that it lives, and no longer', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const claim = `${filename}-owner-1-00000000`;
  writeFileSync(claim, JSON.stringify({ pid: 1, host: 'elsewhere', since: '2026-01-01T00:00:00.000Z' }));
  const storage = createSqlJsStorage({ filename, lockTimeout: 1 });
  await expect(storage.open()).rejects.toMatchObject({
    code: 'STORAGE_LOCKED',
    message: expect.stringContaining('process 1 on elsewhere'),
  });
  utimesSync(claim, DISTANT_PAST, DISTANT_PAST);
  await storage.open();
  await storage.close();
});

test('a claim that cannot be read counts while it is fresh', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const claim = `${filename}-owner-1-00000000`;
  writeFileSync(claim, '');
  const storage = createSqlJsStorage({ filename, lockTimeout: 1 });
  await expect(storage.open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' });
  utimesSync(claim, DISTANT_PAST, DISTANT_PAST);
  await storage.open();
  await storage.close();
});

test('an owner that was taken for dead acknowledges nothing more', async () => {
  const folder = temporaryFolder();
  const filename = join(folder, 'store.db');
  const storage = createSqlJsStorage({ filename });
  await storage.storeGType(gtype('before'));
  rmSync(join(folder, claimsIn(folder)[0] as string));
  await expect(storage.storeGType(gtype('after'))).rejects.toMatchObject({ code: 'STORAGE_REPLACED' });
  await storage.close();
});

test('a process that has the number of a dead owner is not taken for it', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const first = createSqlJsStorage({ filename });
  await first.open();
  const [name] = claimsIn(join(filename, '..'));
  const claim = JSON.parse(readFileSync(join(filename, '..', name as string), 'utf8'));
  await first.close();
  writeFileSync(`${filename}-owner-${process.pid}-00000000`, JSON.stringify({ ...claim, started: '1' }));
  const storage = createSqlJsStorage({ filename, lockTimeout: 1 });
  await storage.open();
  await storage.close();
});
