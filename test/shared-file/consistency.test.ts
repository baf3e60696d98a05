import { copyFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Transformer } from '@gati-framework/manifest-store';
import { expect, test, vi } from 'vitest';
import { gtype } from '../support/records.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { backend } from './support/backend.js';

function transformer(id: string): Transformer {
  return {
    id,
    handlerId: 'h',
    fromVersion: '1',
    toVersion: '2',
    direction: 'forward',
    transformations: [],
    hash: 'x',
    createdAt: 1,
  };
}

test('a cached list of transformers is never older than what another storage has stored', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const a = backend.create({ filename });
  const b = backend.create({ filename });
  for (const count of [1, 2, 3]) {
    await b.storeTransformer(transformer(`t${count}`));
    expect(await a.getTransformersForVersions('h', '1', '2')).toHaveLength(count);
  }
  await Promise.all([a.close(), b.close()]);
});

test.each([0, 1, 2, 3, 4, 5, 6, 8, 12])(
  'writes that nobody waits for keep their order around opening, %i ticks apart',
  async (ticks) => {
    const storage = backend.create({ filename: join(temporaryFolder(), 'store.db') });
    const first = storage.storeGType(gtype('a', 'first'));
    for (let i = 0; i < ticks; i++) await null;
    const second = storage.storeGType(gtype('a', 'second'));
    await Promise.all([first, second]);
    expect((await storage.getGType('a'))?.description).toBe('second');
    await storage.close();
  },
);

test('entries come in first-stored order, each once, however many there are', async () => {
  const storage = backend.create({ filename: join(temporaryFolder(), 'store.db') });
  // More than two sorts of keys yield, in an order that is not that of their keys.
  const names = Array.from({ length: 33_000 }, (_, i) => `t${(i * 7919) % 33_000}`);
  await storage.commit(names.map((name) => ({ put: 'gtype', value: gtype(name) })));
  const replaced = names.filter((_, i) => i % 3 === 0);
  await storage.commit(replaced.map((name) => ({ put: 'gtype', value: gtype(name, 'replaced') })));
  const again = names.slice(60, 70);
  await storage.commit([
    ...again.map((ref) => ({ delete: 'gtype', key: { ref } }) as const),
    ...again.map((name) => ({ put: 'gtype', value: gtype(name) }) as const),
  ]);
  const found: string[] = [];
  for await (const { key } of storage.entries({ kinds: ['gtype'] })) found.push(Object.values(key).join());
  expect(found).toEqual([...names.filter((name) => !again.includes(name)), ...again]);
  await storage.close();
});

test('a storage whose file went and came back goes on with what is there', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = backend.create({ filename });
  await storage.storeGType(gtype('k', '1'));
  renameSync(filename, `${filename}.away`);
  await expect(storage.storeGType(gtype('k', '2'))).rejects.toMatchObject({ code: 'STORAGE_REPLACED' });
  renameSync(`${filename}.away`, filename);
  await storage.storeGType(gtype('other', '3'));
  expect(await storage.getGType('k')).toEqual(
    (await storage.get({ kind: 'gtype', key: { ref: 'k' } }))?.value,
  );
  expect(storage.getStats().gtypeCount).toBe((await storage.stats()).gtypeCount);
  await storage.close();
});

test('no way of reading goes on with a file that was replaced', async () => {
  const folder = temporaryFolder();
  const filename = join(folder, 'store.db');
  const storage = backend.create({ filename });
  await storage.storeGType({ ...gtype('dated'), validators: [{ type: 'custom', value: new Date(1) }] });
  const other = backend.create({ filename: join(folder, 'other.db') });
  await other.storeGType(gtype('new'));
  await other.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${filename}${suffix}`, { force: true });
  copyFileSync(join(folder, 'other.db'), filename);
  const replaced = expect.objectContaining({ code: 'STORAGE_REPLACED' });
  await vi.waitFor(() => expect(storage.getGType('dated')).rejects.toEqual(replaced), 30_000);
  await expect(storage.get({ kind: 'gtype', key: { ref: 'dated' } })).rejects.toEqual(replaced);
  await expect(storage.entries().next()).rejects.toEqual(replaced);
  await storage.close();
});

test('a backup that was restored in place is noticed, also at the same revision', async () => {
  const folder = temporaryFolder();
  const filename = join(folder, 'store.db');
  const storage = backend.create({ filename });
  await storage.storeGType(gtype('k', 'v1'));
  const source = backend.connect(filename);
  await source.backup(join(folder, 'backup.db'));
  source.close();
  await storage.storeGType(gtype('k', 'v2'));
  expect((await storage.getGType('k'))?.description).toBe('v2');

  const backup = backend.connect(join(folder, 'backup.db'));
  await backup.backup(filename);
  backup.close();
  const other = backend.create({ filename });
  await vi.waitFor(() => other.storeGType(gtype('unrelated')), 30_000);
  expect((await storage.getGType('k'))?.description).toBe('v1');
  expect(storage.getStats().gtypeCount).toBe(2);
  await Promise.all([storage.close(), other.close()]);
});

test('a file that another tool took out of WAL mode is put back, so that reading never blocks writing', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const before = backend.create({ filename });
  await before.storeGType(gtype('a'));
  await before.close();
  const tool = backend.connect(filename);
  tool.exec('PRAGMA journal_mode = DELETE');
  tool.close();
  const storage = backend.create({ filename });
  for await (const { kind } of storage.entries()) {
    expect(kind).toBe('gtype');
    await storage.storeGType(gtype('b'));
  }
  expect(storage.getStats().gtypeCount).toBe(2);
  await storage.close();
});

test("a caller's connection serves one storage at a time, however it is set up", async () => {
  const database = backend.connect(join(temporaryFolder(), 'store.db'), { bigInts: true });
  const first = backend.createOn({ connection: database });
  await first.storeGType(gtype('a'));
  const second = backend.createOn({ connection: database, lockTimeout: 50 });
  await expect(second.open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' });
  await first.close();
  expect(await second.getGType('a')).toEqual(gtype('a'));
  await second.close();
  database.close();
});

test('a value that is gone is damage, not absence', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = backend.create({ filename });
  await storage.storeGType(gtype('a'));
  await storage.close();
  const database = backend.connect(filename);
  database.exec('DELETE FROM changes');
  database.close();
  const reopened = backend.create({ filename });
  await expect(reopened.getGType('a')).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' });
  await reopened.close();
});

test('a long sparse array costs only what it holds', async () => {
  const storage = backend.create({ filename: ':memory:' });
  const sparse: unknown[] = ['near'];
  sparse.length = 100_000_000;
  await storage.storeGType({ ...gtype('a'), validators: [{ type: 'custom', value: sparse }] });
  const before = process.cpuUsage();
  const value = (await storage.getGType('a'))?.validators?.[0]?.value as unknown[];
  expect(value.length).toBe(100_000_000);
  expect(value[0]).toBe('near');
  // A loop over every index takes seconds; of this process, however many others there are.
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(1_000);
  await storage.close();
});

test('watching a storage that never opened ends when it is closed', async () => {
  const storage = backend.create({ filename: join(temporaryFolder(), 'missing', 'store.db') });
  const watch = storage.watch();
  await storage.close();
  expect(await watch.next()).toEqual({ done: true, value: undefined });
});
