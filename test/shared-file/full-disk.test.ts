import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gtype } from '../support/records.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { backend } from './support/backend.js';

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
