import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gtype } from '../support/records.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { backend } from './support/backend.js';

test('the history is kept as long as asked, and says where it begins', async () => {
  const storage = backend.create({ filename: ':memory:', historyLimit: 10 });
  for (let i = 0; i < 50; i++) await storage.storeGType(gtype(`t${i}`));
  await expect(storage.watch({ after: 0 }).next()).rejects.toMatchObject({ code: 'STORAGE_COMPACTED' });
  const kept = storage.watch({ after: 40 });
  for (let revision = 41; revision <= 50; revision++) {
    expect((await kept.next()).value?.revision).toBe(revision);
  }
  await storage.close();
});

test('forgetting history keeps every record, and what it replaced, removed or cleared goes', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = backend.create({ filename, historyLimit: 10 });
  const rows = (): number => {
    const database = backend.connect(filename, { readOnly: true });
    const count = database.value('SELECT count(*) FROM changes') as number;
    database.close();
    return count;
  };
  await storage.storeGType(gtype('old and kept', 'first'));
  for (let i = 0; i < 100; i++) await storage.storeGType(gtype('replaced', String(i)));
  await storage.commit([{ put: 'gtype', value: gtype('removed') }]);
  await storage.commit([{ delete: 'gtype', key: { ref: 'removed' } }]);
  for (let i = 0; i < 100; i++) await storage.storeGType(gtype('replaced', String(i)));
  expect(await storage.getGType('old and kept')).toEqual(gtype('old and kept', 'first'));
  expect(await storage.getGType('replaced')).toEqual(gtype('replaced', '99'));
  // The limit, a tenth of it, what those changes replaced, and the record that still exists.
  expect(rows()).toBeLessThanOrEqual(24);

  await storage.clear();
  for (let i = 0; i < 30; i++) await storage.storeGType(gtype(`after ${i}`));
  expect(rows()).toBe(30);
  const refs: string[] = [];
  for await (const entry of storage.entries()) if (entry.kind === 'gtype') refs.push(entry.key.ref);
  expect(refs).toEqual(Array.from({ length: 30 }, (_, i) => `after ${i}`));
  await storage.close();
});

test('a storage notices the forgetting that another one has done', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const first = backend.create({ filename, historyLimit: 10 });
  const second = backend.create({ filename, historyLimit: 10 });
  for (let i = 0; i < 40; i++) await (i % 2 === 0 ? first : second).storeGType(gtype('x', String(i)));
  expect(await first.getGType('x')).toEqual(gtype('x', '39'));
  await expect(second.watch({ after: 5 }).next()).rejects.toMatchObject({ code: 'STORAGE_COMPACTED' });
  expect((await second.watch({ after: 39 }).next()).value?.revision).toBe(40);
  await Promise.all([first.close(), second.close()]);
});
