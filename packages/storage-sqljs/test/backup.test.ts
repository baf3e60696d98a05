import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { backUpFile } from '../src/files/backup.js';
import { createSqlJsStorage, type SqlJsStorage } from '../src/index.js';

/** A store whose first commit is in its snapshot, and whose last one only in its log; somebody has it open. */
async function used(): Promise<{ folder: string; filename: string; target: string; storage: SqlJsStorage }> {
  const folder = temporaryFolder();
  const filename = join(folder, 'store.db');
  const storage = createSqlJsStorage({ filename });
  onTestFinished(() => storage.close());
  await storage.commit([{ put: 'gtype', value: gtype('a', 'at noon') }]);
  await storage.save();
  await storage.commit([{ put: 'gtype', value: gtype('a', 'second') }]);
  return { folder, filename, target: join(folder, 'backup.db'), storage };
}

test('a backup of a file that a process has open holds what is in its log, and the history', async () => {
  const { filename, target, storage } = await used();
  expect(await backUpFile(filename, target)).toMatchObject({ file: target, records: 1, revision: 2 });
  await storage.commit([{ put: 'gtype', value: gtype('a', 'third') }]);
  for (const backup of [
    createSqlJsStorage({ filename: target }),
    createBetterSqlite3Storage({ filename: target, readOnly: true }),
  ]) {
    expect((await backup.getGType('a'))?.description).toBe('second');
    const then = await backup.get({ kind: 'gtype', key: { ref: 'a' } }, { at: 1 });
    expect(then?.value.description).toBe('at noon');
    await backup.close();
  }
  expect(await backUpFile(filename, target)).toMatchObject({ revision: 3 });
});

test('a backup replaces no other store, no damaged one, and nothing when it is given up', async () => {
  const { folder, filename, target, storage } = await used();
  const other = createSqlJsStorage({ filename: target });
  await other.commit([{ put: 'gtype', value: gtype('other') }]);
  await other.close();
  const before = readFileSync(target);
  await expect(backUpFile(filename, target)).rejects.toMatchObject({
    code: 'INVALID_OPTIONS',
    message: expect.stringContaining(`${target} is there and is no earlier backup of this store`),
  });
  const reason = new Error('enough');
  const signal = AbortSignal.abort(reason);
  await expect(backUpFile(filename, target, { signal, overwrite: true })).rejects.toBe(reason);
  await storage.close();
  const damaged = readFileSync(filename).toString('latin1').replaceAll('at noon', 'at moon');
  writeFileSync(filename, damaged, 'latin1');
  await expect(backUpFile(filename, target, { overwrite: true })).rejects.toMatchObject({
    code: 'STORAGE_CORRUPT',
  });
  expect(readFileSync(target).equals(before)).toBe(true);
  expect(readdirSync(folder).toSorted()).toEqual(['backup.db', 'store.db']);
});
