import { copyFileSync, readFileSync, renameSync, rmSync } from 'node:fs';
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
