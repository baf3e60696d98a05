import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gtype } from '../support/records.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { backend } from './support/backend.js';
import { hasNamespaces, runChildInNamespace } from './support/children.js';

interface FillReport {
  acknowledged: number;
  failure: { code: string; name: string; message: string };
  batch: string;
  partOfBatch: boolean;
  lost: number[];
  gtypeCount: number;
  revision: number;
  after: boolean;
}

test.runIf(hasNamespaces)(
  'a full disk refuses the write, loses nothing, and is over once there is room',
  async () => {
    const folder = temporaryFolder();
    const report = await runChildInNamespace<FillReport>(
      `mount -t tmpfs -o size=1536k tmpfs ${folder}`,
      'fill-disk.mjs',
      [folder],
    );
    expect(report.failure).toMatchObject({ code: 'STORAGE_FULL', name: 'StorageError' });
    expect(report.failure.message).toContain('store.db');
    expect(report.acknowledged).toBeGreaterThan(5);
    expect(report.batch).toBe('STORAGE_FULL');
    expect(report.partOfBatch).toBe(false);
    expect(report.lost).toEqual([]);
    expect(report.gtypeCount).toBe(report.acknowledged + 1);
    expect(report.revision).toBe(report.acknowledged + 1);
    expect(report.after).toBe(true);
  },
);

test('a database at its size limit refuses the write and loses nothing', async () => {
  const database = backend.connect(join(temporaryFolder(), 'store.db'));
  const storage = backend.createOn({ connection: database });
  await storage.open();
  database.exec(`PRAGMA max_page_count = ${(database.value('PRAGMA page_count') as number) + 20}`);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 64 }, (_, i) => storage.storeGType(gtype(`t${i}`, 'x'.repeat(4_000)))),
  );
  const stored = outcomes.filter(({ status }) => status === 'fulfilled').length;
  const refused = outcomes
    .filter((outcome) => outcome.status === 'rejected')
    .map(({ reason }) => reason.code);
  // What fits is stored, although it was grouped with what does not.
  expect(stored).toBeGreaterThan(0);
  expect(new Set(refused)).toEqual(new Set(['STORAGE_FULL']));
  expect((await storage.stats()).gtypeCount).toBe(stored);
  expect(storage.getStats().gtypeCount).toBe(stored);
  await storage.close();
  database.close();
});
