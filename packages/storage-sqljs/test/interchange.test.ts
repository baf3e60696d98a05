import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Storage } from '@gati-framework/manifest-store';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { withoutFigures } from '../../storage-testkit/src/without-figures.js';
import { runUntilItDies, runUntilKilled } from './support/children.js';

const BACKENDS = {
  sqljs: (filename: string) => createSqlJsStorage({ filename, onRecovery: () => {} }),
  'better-sqlite3': (filename: string) => createBetterSqlite3Storage({ filename }),
};

async function everything(storage: Storage): Promise<unknown[]> {
  const found: unknown[] = [withoutFigures(await storage.stats())];
  for await (const entry of storage.entries()) found.push(entry);
  const { revision } = await storage.stats();
  for await (const event of storage.watch({ after: 0 })) {
    found.push(event);
    if (event.revision === revision) break;
  }
  return found;
}

test('a file moves back and forth, and everything in it stays the same', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  let before: unknown[] | undefined;
  for (let round = 0; round < 6; round++) {
    for (const create of Object.values(BACKENDS)) {
      const storage = create(filename);
      await storage.open();
      if (before !== undefined) expect(await everything(storage)).toEqual(before);
      await storage.storeManifest(manifest('h', `${round}`, storage.name));
      await storage.commit([
        { put: 'gtype', value: { ...gtype(`${storage.name}-${round}`), seen: new Date(round) } as never },
        { put: 'gtype', value: gtype('replaced again and again', storage.name) },
        ...(round === 3 ? ([{ delete: 'gtype', key: { ref: 'sqljs-1' } }] as const) : []),
      ]);
      before = await everything(storage);
      await storage.close();
    }
  }
});

test('a closed store is one plain SQLite file', async () => {
  const folder = temporaryFolder();
  const filename = join(folder, 'store.db');
  const storage = createSqlJsStorage({ filename });
  await storage.storeManifest(manifest('orders.list', '1.0.0'));
  await storage.close();
  expect(readdirSync(folder)).toEqual(['store.db']);
  const database = new Database(filename, { readonly: true });
  expect(database.prepare('SELECT handler_id FROM manifests').pluck().all()).toEqual(['orders.list']);
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  database.close();
});

test.each([
  ['sqljs', 'better-sqlite3', '-oplog'],
  ['better-sqlite3', 'sqljs', '-wal'],
] as const)('what %s had acknowledged when it was killed, %s finds', async (writer, reader, beside) => {
  const filename = join(temporaryFolder(), 'store.db');
  const acknowledged = await runUntilKilled('write-until-killed.mjs', [writer, filename], 50);
  expect(existsSync(`${filename}${beside}`)).toBe(true);
  const storage = BACKENDS[reader](filename);
  for (const ref of acknowledged) expect(await storage.getGType(ref)).toMatchObject({ ref });
  expect((await storage.stats()).revision).toBeGreaterThanOrEqual(acknowledged.length);
  await storage.storeGType(gtype('after'));
  await storage.close();
  const again = BACKENDS[writer](filename);
  for (const ref of [...acknowledged, 'after']) expect(await again.getGType(ref)).toMatchObject({ ref });
  await again.close();
});

test.each([
  ['renameSync', '-new-'],
  ['rmSync', '-wal'],
  ['rmSync', '-shm'],
  ['rmSync', '-oplog'],
])('a kill at %s of %s while sql.js takes a -wal over loses nothing', async (call, suffix) => {
  const filename = join(temporaryFolder(), 'store.db');
  const acknowledged = await runUntilKilled('write-until-killed.mjs', ['better-sqlite3', filename], 100);
  await runUntilItDies('die-at.mjs', [filename, call, suffix]);
  for (const create of Object.values(BACKENDS)) {
    const storage = create(filename);
    for (const ref of acknowledged) expect(await storage.getGType(ref)).toMatchObject({ ref });
    await storage.storeGType(gtype(`after ${storage.name}`));
    await storage.close();
  }
  const database = new Database(filename, { readonly: true });
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  database.close();
});

test('what a failed opening had read is forgotten by the next one', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const acknowledged = await runUntilKilled('write-until-killed.mjs', ['better-sqlite3', filename], 20);
  writeFileSync(`${filename}-oplog`, 'no log of a store at all');
  const storage = createSqlJsStorage({ filename });
  await expect(storage.open()).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' });
  rmSync(`${filename}-oplog`);
  const native = createBetterSqlite3Storage({ filename }); // takes its own -wal over
  await native.storeGType(gtype('meanwhile'));
  await native.close();
  for (const ref of [...acknowledged, 'meanwhile'])
    expect(await storage.getGType(ref)).toMatchObject({ ref });
  // The file too: closing would write what is in memory over anything.
  expect(readFileSync(filename).includes('meanwhile')).toBe(true);
  await storage.storeGType(gtype('later'));
  await storage.close();
  const again = createBetterSqlite3Storage({ filename });
  for (const ref of ['meanwhile', 'later']) expect(await again.getGType(ref)).toMatchObject({ ref });
  await again.close();
});

test('better-sqlite3 does away with a log that holds nothing', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const first = createSqlJsStorage({ filename });
  await first.storeGType(gtype('T'));
  await first.close();
  writeFileSync(`${filename}-oplog`, Buffer.alloc(4_096)); // as a kill before the first commit leaves it
  const reader = createBetterSqlite3Storage({ filename, readOnly: true });
  expect(await reader.getGType('T')).toBeDefined();
  await reader.close();
  const writer = createBetterSqlite3Storage({ filename });
  await writer.storeGType(gtype('U'));
  await writer.close();
  expect(existsSync(`${filename}-oplog`)).toBe(false);
});

test('a store that is open in better-sqlite3 is refused, and the other way round', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const native = createBetterSqlite3Storage({ filename });
  await native.storeGType(gtype('a'));
  const wasm = createSqlJsStorage({ filename, lockTimeout: 1 });
  await expect(wasm.open()).rejects.toMatchObject({
    code: 'STORAGE_LOCKED',
    message: expect.stringContaining('is open through SQLite in'),
  });
  await native.close();
  await wasm.open();
  await wasm.storeGType(gtype('b'));
  const refused = createBetterSqlite3Storage({ filename, lockTimeout: 1 });
  await expect(refused.open()).rejects.toMatchObject({
    code: 'STORAGE_LOCKED',
    message: expect.stringContaining(`process ${process.pid}`),
  });
  await wasm.close();
  await refused.open();
  expect(await refused.getGType('b')).toMatchObject({ ref: 'b' });
  await refused.close();
});

test('better-sqlite3, only reading, says that commits wait in the log', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  await runUntilKilled('write-until-killed.mjs', ['sqljs', filename], 5);
  const storage = createBetterSqlite3Storage({ filename, readOnly: true });
  await expect(storage.open()).rejects.toMatchObject({
    code: 'STORAGE_READONLY',
    message: expect.stringContaining('store.db-oplog'),
  });
});
