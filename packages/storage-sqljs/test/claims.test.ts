import { once } from 'node:events';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { expect, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { hasNamespaces } from '../../../test/support/run-child.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { BACKEND_NAMES, FILE_BACKENDS } from './support/backends.js';
import { AS_CONTAINER, childPath, runChild, startChild } from './support/children.js';

const OTHER = { sqljs: 'better-sqlite3', 'better-sqlite3': 'sqljs' } as const;

function claimsIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => /-(owner|sharer)-/.test(name));
}

/** What a claim says that a storage of this process leaves. */
async function ownClaim(filename: string): Promise<Record<string, unknown>> {
  const storage = FILE_BACKENDS.sqljs(filename);
  await storage.storeGType(gtype('T'));
  const [name] = claimsIn(join(filename, '..')) as [string];
  const claim = JSON.parse(readFileSync(join(filename, '..', name), 'utf8'));
  await storage.close();
  return claim;
}

test.each(BACKEND_NAMES)('%s leaves files alone whose names only begin like its own', async (backend) => {
  const folder = temporaryFolder();
  const filename = join(folder, 'shop');
  for (const name of ['shop', 'shop-new-york', 'shop-new-2024', 'shop-owner-portal', 'shop-sharer-1']) {
    const storage = FILE_BACKENDS[backend](join(folder, name));
    await storage.storeGType(gtype(name));
    await storage.close();
  }
  const pid = 1_999_999;
  copyFileSync(filename, join(folder, `shop-owner-${pid}-00000000`)); // a store, by its content
  copyFileSync(filename, join(folder, `shop-new-${pid}-00000000`)); // that owner left no claim
  writeFileSync(join(folder, 'shop-new-backup'), 'mine');
  writeFileSync(join(folder, 'shop-owner-manual.pdf'), 'mine');
  writeFileSync(join(folder, `shop-owner-${pid}-backup.json`), JSON.stringify({ pid, host: hostname() }));
  writeFileSync(join(folder, `shop-owner-${pid}-11111111`), JSON.stringify({ mine: true }));
  writeFileSync(join(folder, `shop-owner-${pid}-22222222`), 'mine');
  mkdirSync(join(folder, `shop-owner-${pid}-33333333`));
  const distantPast = new Date('2020-01-01');
  for (const name of readdirSync(folder)) utimesSync(join(folder, name), distantPast, distantPast);
  const before = readdirSync(folder).sort();
  for (let i = 0; i < 2; i++) {
    const storage = FILE_BACKENDS[backend](filename);
    await storage.storeGType(gtype('again'));
    await storage.close();
  }
  expect(readdirSync(folder).sort()).toEqual(before);
});

test('what the owner wrote unfinished is swept with its claim, also by a backend that does not write such', async () => {
  for (const backend of BACKEND_NAMES) {
    const folder = temporaryFolder();
    const filename = join(folder, 'store.db');
    const claim = { ...(await ownClaim(filename)), started: '1' };
    writeFileSync(`${filename}-owner-${process.pid}-0000abcd`, JSON.stringify(claim));
    writeFileSync(`${filename}-new-${process.pid}-0000abcd`, 'half a snapshot');
    writeFileSync(`${filename}-owner-${process.pid}-0000abce.new`, JSON.stringify(claim));
    const storage = FILE_BACKENDS[backend](filename);
    await storage.open();
    await storage.close();
    expect(readdirSync(folder)).toEqual(['store.db']);
  }
});

test.each(BACKEND_NAMES)(
  '%s takes a claim of the same host from before its last start for gone',
  async (backend) => {
    const folder = temporaryFolder();
    const filename = join(folder, 'store.db');
    const claim = await ownClaim(filename);
    for (const form of ['owner', 'sharer']) {
      const space = 'another-boot pid:[4026531836]';
      writeFileSync(`${filename}-${form}-1-0000abcd`, JSON.stringify({ ...claim, pid: 1, space }));
    }
    const storage = FILE_BACKENDS[backend](filename);
    await storage.open();
    await storage.close();
    expect(readdirSync(folder)).toEqual(['store.db']);
  },
);

test.each(BACKEND_NAMES)(
  'a container that ended counts for %s until its heartbeat has stopped for 15 seconds',
  async (backend) => {
    const folder = temporaryFolder();
    const filename = join(folder, 'store.db');
    const claim = await ownClaim(filename);
    const [boot] = String(claim.space).split(' ');
    const path = `${filename}-owner-1-0000abcd`;
    writeFileSync(path, JSON.stringify({ ...claim, pid: 1, space: `${boot} pid:[1]` }));
    const storage = FILE_BACKENDS[backend](filename);
    await expect(storage.open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' });
    const sixteenSecondsAgo = new Date(Date.now() - 16_000);
    utimesSync(path, sixteenSecondsAgo, sixteenSecondsAgo);
    await storage.open();
    await storage.close();
  },
);

test.each(BACKEND_NAMES)(
  'who only reads through %s removes no claim, whatever its clock says',
  async (backend) => {
    const folder = temporaryFolder();
    const filename = join(folder, 'store.db');
    const claim = await ownClaim(filename);
    const path = `${filename}-owner-1-0000abcd`;
    writeFileSync(path, JSON.stringify({ ...claim, pid: 1, host: 'another-host' }));
    const longAgo = new Date(Date.now() - 600_000);
    utimesSync(path, longAgo, longAgo);
    const reader = FILE_BACKENDS[backend](filename, { readOnly: true });
    expect(await reader.getGType('T')).toBeDefined();
    await reader.close();
    expect(claimsIn(folder)).toEqual(['store.db-owner-1-0000abcd']);
  },
);

test.each(BACKEND_NAMES)(
  'a worker thread that is terminated lets go of what %s had open in it',
  async (backend) => {
    const folder = temporaryFolder();
    const filename = join(folder, 'store.db');
    const worker = new Worker(childPath('own.mjs'), { argv: [filename, backend], stdout: true });
    await once(worker.stdout, 'data');
    const second = FILE_BACKENDS[OTHER[backend]](filename);
    await expect(second.open()).rejects.toMatchObject({
      code: 'STORAGE_LOCKED',
      message: expect.stringContaining('this same process'),
    });
    await worker.terminate();
    expect(await second.getGType('owned')).toBeDefined();
    await second.close();
    expect(readdirSync(folder)).toEqual(['store.db']);
  },
);

test.each(BACKEND_NAMES)(
  'who is refused by another storage of the same process is told so by %s',
  async (backend) => {
    const filename = join(temporaryFolder(), 'store.db');
    const first = FILE_BACKENDS[OTHER[backend]](filename);
    await first.open();
    const second = FILE_BACKENDS[backend](filename);
    await expect(second.open()).rejects.toMatchObject({
      code: 'STORAGE_LOCKED',
      message: expect.stringContaining(`another storage of this same process ${process.pid}`),
      details: { pid: process.pid },
    });
    await first.close();
    await second.open();
    await second.close();
  },
);

test('many storages share a file, and leave nothing beside it', async () => {
  const folder = temporaryFolder();
  const filename = join(folder, 'store.db');
  const storages = Array.from({ length: 3 }, () => createBetterSqlite3Storage({ filename }));
  for (const storage of storages) await storage.storeGType(gtype('T'));
  expect(claimsIn(folder)).toHaveLength(3);
  await storages[0]?.close();
  const refused = FILE_BACKENDS.sqljs(filename);
  await expect(refused.open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' });
  await Promise.all(storages.map((storage) => storage.close()));
  await refused.open();
  await refused.close();
  expect(readdirSync(folder)).toEqual(['store.db']);
});

test.runIf(hasNamespaces).each(BACKEND_NAMES)(
  'a file that %s has open in another container is in use',
  async (backend) => {
    const filename = join(temporaryFolder(), 'store.db');
    const owner = startChild('own.mjs', [filename, backend], AS_CONTAINER);
    await once(owner.stdout, 'data');
    const open = (other: string): Promise<{ open: string }> =>
      runChild('open-and-read.mjs', [other, filename], AS_CONTAINER);
    expect((await open(OTHER[backend])).open).toMatch(/^STORAGE_LOCKED .*process 1 on/);
    expect((await open(backend)).open).toMatch(backend === 'sqljs' ? /^STORAGE_LOCKED/ : /^opened/);
  },
);
