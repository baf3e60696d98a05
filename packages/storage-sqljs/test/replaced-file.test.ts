import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { expect, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';

test.each(['', '-oplog'])(
  'a store whose file%s is replaced or deleted underneath acknowledges nothing more',
  async (suffix) => {
    for (const replace of [true, false]) {
      const filename = join(temporaryFolder(), 'store.db');
      const path = `${filename}${suffix}`;
      const storage = createSqlJsStorage({ filename });
      await storage.storeGType(gtype('before'));
      if (replace) {
        copyFileSync(path, `${path}-copy`);
        renameSync(`${path}-copy`, path);
      } else {
        rmSync(path);
      }
      const left = replace ? readFileSync(path) : undefined;
      await expect(storage.storeGType(gtype('after'))).rejects.toMatchObject({ code: 'STORAGE_REPLACED' });
      await expect(storage.commit([])).rejects.toMatchObject({ code: 'STORAGE_REPLACED' });
      const entries = storage.entries()[Symbol.asyncIterator]();
      await expect(entries.next()).rejects.toMatchObject({ code: 'STORAGE_REPLACED' });
      await expect(storage.save()).rejects.toMatchObject({ code: 'STORAGE_REPLACED' });
      await storage.close();
      // What somebody else put there stays as they put it.
      if (left !== undefined) expect(readFileSync(path).equals(left)).toBe(true);
    }
  },
);

const RESTORE = {
  'a new file, which gets the same inode': (backup: string, filename: string) => {
    rmSync(filename);
    copyFileSync(backup, filename);
  },
  'the old file, in place': copyFileSync,
  'a file of the same size': (_: string, filename: string) => {
    const content = readFileSync(filename);
    content[content.length - 1] = (content[content.length - 1] as number) ^ 1;
    writeFileSync(filename, content);
  },
};

test.each(Object.entries(RESTORE))(
  'a backup that is restored into %s is noticed and left as it is',
  async (_, restore) => {
    const folder = temporaryFolder();
    const filename = join(folder, 'store.db');
    const backup = join(folder, 'backup.db');
    const first = createSqlJsStorage({ filename });
    await first.storeGType(gtype('old'));
    await first.close();
    copyFileSync(filename, backup);
    const storage = createSqlJsStorage({ filename });
    await storage.storeGType(gtype('new'));
    restore(backup, filename);
    const restored = readFileSync(filename);
    await expect(storage.storeGType(gtype('lost'))).rejects.toMatchObject({ code: 'STORAGE_REPLACED' });
    await expect(storage.save()).rejects.toMatchObject({ code: 'STORAGE_REPLACED' });
    await storage.close();
    expect(readFileSync(filename).equals(restored)).toBe(true);
  },
);

test('a closing that finds the file replaced says so to who has not heard of it', async () => {
  const folder = temporaryFolder();
  const filename = join(folder, 'store.db');
  const storage = createSqlJsStorage({ filename });
  await storage.storeGType(gtype('acknowledged'));
  writeFileSync(filename, 'somebody else');
  await expect(storage.close()).rejects.toMatchObject({ code: 'STORAGE_REPLACED' });
  await expect(storage.close()).rejects.toMatchObject({ code: 'STORAGE_REPLACED' });
  expect(readFileSync(filename, 'utf8')).toBe('somebody else');
  expect(readdirSync(folder)).not.toContainEqual(expect.stringContaining('-owner-'));
});
