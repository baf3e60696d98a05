import { chmodSync, existsSync, lstatSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { expect, test } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';

test('with autoSave: false only save() makes anything durable', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = createSqlJsStorage({ filename, autoSave: false });
  expect(storage.capabilities.persistent).toBe(false);
  await storage.storeGType(gtype('saved'));
  expect(existsSync(filename)).toBe(false);
  const accepted = storage.storeGType(gtype('accepted before save()'));
  await storage.save();
  await accepted;
  await storage.storeGType(gtype('not saved'));
  await storage.close();
  const again = createSqlJsStorage({ filename, autoSave: false });
  expect(await again.getGType('saved')).toBeDefined();
  expect(await again.getGType('accepted before save()')).toBeDefined();
  expect(await again.getGType('not saved')).toBeUndefined();
  await again.close();
});

test('without a filename everything is in memory, and save() has nothing to do', async () => {
  const storage = createSqlJsStorage();
  expect(storage.capabilities.persistent).toBe(false);
  await storage.storeGType(gtype('T'));
  await storage.save();
  expect(await storage.getGType('T')).toBeDefined();
  await storage.close();
});

test('exported bytes can be imported elsewhere, as one commit', async () => {
  const source = createSqlJsStorage();
  await source.storeManifest(manifest('h', '1'));
  const bytes = await source.export();
  await source.close();
  const target = createSqlJsStorage({ filename: join(temporaryFolder(), 'store.db') });
  await target.storeGType(gtype('goes'));
  const events = target.watch();
  expect(await target.import(bytes)).toBe(2);
  expect((await events.next()).value).toMatchObject({
    revision: 2,
    changes: [{ clear: true }, { put: 'manifest' }],
  });
  expect(await target.getManifest('h')).toEqual(manifest('h', '1'));
  expect(await target.getGType('goes')).toBeUndefined();
  expect(target.getStats()).toMatchObject({ manifestCount: 1, gtypeCount: 0 });
  await target.close();
});

test('what is not a store cannot be imported, and changes nothing', async () => {
  const storage = createSqlJsStorage();
  await storage.storeGType(gtype('T'));
  await expect(storage.import(Buffer.from('no database'))).rejects.toMatchObject({
    code: 'STORAGE_FOREIGN',
    message: expect.stringContaining('The imported database'),
  });
  await expect(storage.import('text' as never)).rejects.toMatchObject({ code: 'INVALID_OPTIONS' });
  expect(storage.getStats().gtypeCount).toBe(1);
  await storage.close();
});

test('a long log is folded into a new snapshot while writes and reads go on', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = createSqlJsStorage({ filename });
  await Promise.all(
    Array.from({ length: 400 }, (_, i) => storage.storeGType(gtype(`t${i}`, 'x'.repeat(10_000)))),
  );
  for (let i = 0; i < 400; i++) expect(await storage.getGType(`t${i}`)).toBeDefined();
  // Four megabytes were written, and a log holds one before it is folded.
  expect((await storage.query('SELECT count(*) AS n FROM gtypes'))[0]).toEqual({ n: 400 });
  await storage.close();
  const again = createSqlJsStorage({ filename });
  expect((await again.stats()).gtypeCount).toBe(400);
  await again.close();
});

test('a new snapshot has the permissions of the old one, and a link stays a link', async () => {
  const folder = temporaryFolder();
  const filename = join(folder, 'store.db');
  const first = createSqlJsStorage({ filename });
  await first.open();
  await first.close();
  chmodSync(filename, 0o640);
  symlinkSync(filename, join(folder, 'link.db'));
  const storage = createSqlJsStorage({ filename: join(folder, 'link.db') });
  await storage.storeGType(gtype('T'));
  await storage.close();
  expect(statSync(filename).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder).sort()).toEqual(['link.db', 'store.db']);
  expect(lstatSync(join(folder, 'link.db')).isSymbolicLink()).toBe(true);
});
