import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useLibrary } from '../../packages/storage-sqlite/dist/shared-file/one-library.js';
import { gtype } from '../support/records.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { backend } from './support/backend.js';

test.each([false, true])(
  'a file that another SQLite library of this process has open is refused (readOnly: %s)',
  async (readOnly) => {
    const folder = temporaryFolder();
    const filename = join(folder, 'store.db');
    const writer = backend.create({ filename });
    await writer.storeGType(gtype('a'));
    await writer.close();
    const endUse = useLibrary('another', filename);
    mkdirSync(join(folder, 'other'));
    const link = join(folder, 'other', 'link.db');
    symlinkSync(filename, link);
    const storage = backend.create({ filename: link, readOnly, lockTimeout: 1 });
    await expect(storage.open()).rejects.toMatchObject({
      code: 'STORAGE_LOCKED',
      message: expect.stringContaining(`is open through another in this process, and ${backend.name} has`),
    });
    endUse();
    expect(await storage.getGType('a')).toEqual(gtype('a'));
    await storage.close();
  },
);

test.each([false, true])(
  'another SQLite library of this process is refused while a storage has the file open (readOnly: %s)',
  async (readOnly) => {
    const filename = join(temporaryFolder(), 'store.db');
    const first = backend.create({ filename });
    await first.open();
    const second = backend.create({ filename, readOnly });
    await second.open();
    await first.close();
    expect(() => useLibrary('another', filename)).toThrowError(
      expect.objectContaining({ code: 'STORAGE_LOCKED' }),
    );
    await second.close();
    useLibrary('another', filename)();
  },
);
