import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import { expect, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { hasNamespaces } from '../../../test/support/run-child.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { runChildInNamespace } from './support/children.js';

interface FillReport {
  acknowledged: number;
  failure: string;
  batch: string;
  partOfBatch: boolean;
  save: string;
  lost: number[];
  close: string;
  reopenedClose: string;
  afterwards: string;
  gtypeCount: number;
  revision: number;
  after: boolean;
  files: string[];
  told: string[];
}

// Sizes at which the log, the first snapshot or a later one is what does not fit.
test.runIf(hasNamespaces).each([600, 1_500, 3_000, 5_000])(
  'a full disk of %d KiB refuses the write, loses nothing, and is over once there is room',
  async (size) => {
    const folder = temporaryFolder();
    const report = await runChildInNamespace<FillReport>(
      `mount -t tmpfs -o size=${size}k tmpfs ${folder}`,
      'fill-disk.mjs',
      [folder],
    );
    expect(report.failure).toMatch(/^StorageError STORAGE_FULL .*store\.db/);
    expect(report.acknowledged).toBeGreaterThan(5);
    expect(report.batch).toMatch(/^StorageError STORAGE_FULL/);
    expect(report.partOfBatch).toBe(false);
    expect(report.save).toMatch(/^(stored|StorageError STORAGE_FULL)/);
    for (const close of [report.close, report.reopenedClose])
      expect(close).toMatch(/^(stored|StorageError STORAGE_FULL .*safe in .*store\.db-oplog)/);
    expect(report.lost).toEqual([]);
    for (const cause of report.told) expect(cause).toMatch(/^the log could not be folded/);
    expect(report.afterwards).toBe('stored');
    expect(report.gtypeCount).toBe(report.acknowledged + 1);
    expect(report.revision).toBe(report.acknowledged + 1);
    expect(report.after).toBe(true);
    expect(report.files.filter((name) => /-new-|-owner-/.test(name))).toEqual([]);
  },
);

test.runIf(hasNamespaces)('on a read-only file system a writer is refused and a reader reads', async () => {
  const folder = temporaryFolder();
  const filename = join(folder, 'store.db');
  const storage = createSqlJsStorage({ filename });
  await storage.storeGType(gtype('in the snapshot'));
  await storage.save();
  await storage.storeGType(gtype('in the log'));
  const copy = join(folder, 'copy.db');
  copyFileSync(filename, copy);
  copyFileSync(`${filename}-oplog`, `${copy}-oplog`);
  await storage.close();
  const report = await runChildInNamespace<{ refused: { code: string; message: string }; found: string[] }>(
    `mount --bind ${folder} ${folder} && mount -o remount,bind,ro ${folder}`,
    'read-only-folder.mjs',
    [copy],
  );
  expect(report.refused).toMatchObject({
    code: 'STORAGE_READONLY',
    message: expect.stringContaining('readOnly: true'),
  });
  expect(report.found).toEqual(['in the snapshot', 'in the log']);
});
