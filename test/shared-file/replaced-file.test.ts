import { copyFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Storage } from '@gati-framework/manifest-store';
import { expect, test, vi } from 'vitest';
import { gtype } from '../support/records.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { backend } from './support/backend.js';

test('a write to a file that was deleted is refused, not acknowledged', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = backend.create({ filename });
  await storage.storeGType(gtype('before'));
  rmSync(filename);
  const error = await storage.storeGType(gtype('after')).catch((reason) => reason);
  expect(error).toMatchObject({ name: 'StorageError', code: 'STORAGE_REPLACED' });
  expect(error.message).toContain('deleted');
  expect((await storage.health()).status).toBe('failed');
  await expect(storage.stats()).rejects.toMatchObject({ code: 'STORAGE_REPLACED' });
  await storage.close();
});

test('a storage whose file was replaced refuses, and neither it nor its closing harms the new file', async () => {
  const folder = temporaryFolder();
  const filename = join(folder, 'store.db');
  const old = backend.create({ filename });
  await old.storeGType(gtype('old'));

  // A restored backup takes its place, and its owner has commits that are only in its log.
  const restored = backend.create({ filename: join(folder, 'backup.db') });
  await restored.storeGType(gtype('restored'));
  await restored.close();
  for (const suffix of ['-wal', '-shm']) rmSync(`${filename}${suffix}`, { force: true });
  renameSync(join(folder, 'backup.db'), filename);
  const current = backend.create({ filename });
  await current.storeGType(gtype('only in the log'));
  expect(backend.connect(filename, { readOnly: true }).value('SELECT count(*) FROM gtypes')).toBe(2);

  await expect(old.storeGType(gtype('lost'))).rejects.toMatchObject({ code: 'STORAGE_REPLACED' });
  // Reads look at the file now and then, so they notice a little later.
  await vi.waitFor(
    () => expect(old.getGType('old')).rejects.toMatchObject({ code: 'STORAGE_REPLACED' }),
    30_000,
  );
  await old.close();

  copyFileSync(filename, join(folder, 'copy.db'));
  copyFileSync(`${filename}-wal`, join(folder, 'copy.db-wal'));
  const copy = backend.create({ filename: join(folder, 'copy.db') });
  expect(await copy.getGType('only in the log')).toBeDefined();
  expect(await copy.getGType('lost')).toBeUndefined();
  await copy.close();
  await current.close();
});

/** A store, a copy of it, and an open storage of the first that has grown since. */
async function grownStore(): Promise<{ filename: string; backup: string; storage: Storage }> {
  const folder = temporaryFolder();
  const [filename, backup] = [join(folder, 'store.db'), join(folder, 'backup.db')];
  const first = backend.create({ filename });
  await first.storeGType(gtype('old'));
  await first.close();
  copyFileSync(filename, backup);
  const storage = backend.create({ filename });
  const value = gtype('grown', 'x'.repeat(20_000));
  await storage.commit(Array.from({ length: 50 }, () => ({ put: 'gtype', value })));
  return { filename, backup, storage };
}

function runSql(filename: string, sql: string): void {
  const database = backend.connect(filename);
  database.exec(sql);
  database.close();
}

test('an older state that is copied into the open file is noticed before a write is acknowledged', async () => {
  const { filename, backup, storage } = await grownStore();
  runSql(filename, 'PRAGMA wal_checkpoint(TRUNCATE)');
  await storage.storeGType(gtype('before'));
  copyFileSync(backup, filename);
  for (const ref of ['after', 'later']) {
    await expect(storage.storeGType(gtype(ref))).rejects.toMatchObject({ name: 'StorageError' });
  }
  await storage.close();
});

test('an older state that SQLite still has the newer pages of does no harm', async () => {
  const { filename, backup, storage } = await grownStore();
  copyFileSync(backup, filename);
  await storage.storeGType(gtype('after'));
  await storage.close();
  const again = backend.create({ filename });
  for (const ref of ['old', 'grown', 'after']) expect(await again.getGType(ref)).toBeDefined();
  await again.close();
  const database = backend.connect(filename, { readOnly: true });
  expect(database.value('PRAGMA integrity_check')).toBe('ok');
  database.close();
});

test('a file that SQLite itself makes smaller is still the same', async () => {
  const { filename, storage } = await grownStore();
  await storage.clear();
  runSql(filename, 'PRAGMA wal_checkpoint(TRUNCATE)');
  await storage.storeGType(gtype('between'));
  const { size } = statSync(filename);
  runSql(filename, 'DELETE FROM changes WHERE id < 40; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
  expect(statSync(filename).size).toBeLessThan(size);
  await storage.storeGType(gtype('after'));
  expect(await storage.getGType('after')).toBeDefined();
  await storage.close();
});

test('an older state that is copied into a file which this storage has made is noticed, too', async () => {
  const folder = temporaryFolder();
  const [filename, backup] = [join(folder, 'store.db'), join(folder, 'backup.db')];
  const storage = backend.create({ filename });
  await storage.storeGType(gtype('old'));
  runSql(filename, 'PRAGMA wal_checkpoint(TRUNCATE)');
  copyFileSync(filename, backup);
  const value = gtype('grown', 'x'.repeat(20_000));
  await storage.commit(Array.from({ length: 50 }, () => ({ put: 'gtype', value })));
  runSql(filename, 'PRAGMA wal_checkpoint(TRUNCATE)');
  await storage.storeGType(gtype('before'));
  copyFileSync(backup, filename);
  for (const ref of ['after', 'later']) {
    await expect(storage.storeGType(gtype(ref))).rejects.toMatchObject({ name: 'StorageError' });
  }
  await storage.close();
});

test('a file that is set to give back what it does not need is still the same when it does', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  runSql(filename, 'PRAGMA auto_vacuum = INCREMENTAL; VACUUM');
  const made = backend.create({ filename });
  await made.storeGType(gtype('T'));
  await made.close();
  const storage = backend.create({ filename, historyLimit: 1 });
  await storage.storeGType(gtype('big', 'x'.repeat(1_000_000)));
  runSql(filename, 'PRAGMA wal_checkpoint(TRUNCATE)');
  await storage.clear();
  for (const ref of ['a', 'b']) await storage.storeGType(gtype(ref));
  const { size } = statSync(filename);
  runSql(filename, 'PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)');
  expect(statSync(filename).size).toBeLessThan(size);
  await storage.storeGType(gtype('after'));
  expect(await storage.getGType('after')).toBeDefined();
  await storage.close();
});
