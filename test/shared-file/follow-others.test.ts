import { join } from 'node:path';
import type { Storage } from '@gati-framework/manifest-store';
import { expect, test } from 'vitest';
import { gtype } from '../support/records.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { backend } from './support/backend.js';
import { failStatement } from './support/failing-statements.js';

test.each([
  ['SELECT operation, kind, key FROM changes'],
  ['SELECT id, commit_revision, commit_committed_at, commit_next_position'],
  ['SELECT first_change, swept_to, readable_from'],
  ['SELECT commit_revision FROM changes'],
  ['BEGIN'],
  ['PRAGMA data_version'],
])('an error while hearing of others (%s) leaves no old answer behind', async (sql) => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = backend.create({ filename });
  const other = backend.create({ filename });
  await storage.storeGType(gtype('k', 'old'));
  expect((await storage.getGType('k'))?.description).toBe('old');
  await other.storeGType(gtype('k', 'new'));
  const failed = failStatement(sql, 'SQLITE_IOERR_READ');
  const error = await storage.getGType('k').catch((reason) => reason);
  expect(error).toMatchObject({ name: 'StorageError', code: 'STORAGE_FAILED' });
  expect(error.message, 'nothing was written').not.toContain('write');
  expect(failed()).toBe(1);
  expect((await storage.getGType('k'))?.description).toBe('new');
  expect((await storage.stats()).revision).toBe(2);
  await Promise.all([storage.close(), other.close()]);
});

test('a watcher misses nothing when hearing of others fails', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = backend.create({ filename, watchInterval: 5 });
  const other = backend.create({ filename });
  await storage.storeGType(gtype('first'));
  const events = storage.watch({ after: 0 });
  expect((await events.next()).value?.revision).toBe(1);
  const next = events.next();
  await other.storeGType(gtype('second'));
  const failed = failStatement('SELECT operation, kind, key FROM changes', 'SQLITE_IOERR_READ');
  // Whoever asks first meets the error: the timer, or the watcher's own reading, which then reports it.
  const outcome = await next.catch((error) => error.code);
  expect(failed()).toBe(1);
  if (outcome !== 'STORAGE_FAILED') expect(outcome.value.revision).toBe(2);
  expect((await storage.watch({ after: 1 }).next()).value?.revision).toBe(2);
  await Promise.all([storage.close(), other.close()]);
});

/** Stores one record a commit. */
async function fill(storage: Storage, name: string, commits: number): Promise<void> {
  for (let i = 1; i <= commits; i++) await storage.storeGType(gtype(`${name}${i}`));
}

/** Replaces the content of a file that is open by that of another store, as `.restore` does. */
async function restore(filename: string, name: string, commits: number): Promise<void> {
  const source = join(temporaryFolder(), 'other.db');
  const other = backend.create({ filename: source });
  await fill(other, name, commits);
  await other.close();
  const backup = backend.connect(source);
  await backup.backup(filename);
  backup.close();
}

const REPLACED = { code: 'STORAGE_COMPACTED', message: expect.stringContaining('restored') };

const NOTICED_BY: Record<string, (storage: Storage) => Promise<unknown>> = {
  'the timer': async () => {},
  'a cached read': (storage) => storage.getGType('a1'),
  stats: (storage) => storage.stats(),
  health: (storage) => storage.health(),
  'a commit': (storage) => storage.storeGType(gtype('mine')),
  'the statistics of this process': async (storage) => storage.getStats(),
};

for (const [who, notice] of Object.entries(NOTICED_BY)) {
  test.each([
    ['longer', 6],
    ['as long', 3],
    ['shorter', 2],
  ])(`a watch ends when a history that is %s is restored under it, noticed by ${who}`, async (_, commits) => {
    const filename = join(temporaryFolder(), 'store.db');
    const watchInterval = who === 'the timer' ? 5 : 3_600_000;
    const storage = backend.create({ filename, watchInterval });
    await fill(storage, 'a', 3);
    expect(await storage.getGType('a1')).toBeDefined();
    const events = storage.watch({ after: 0 });
    for (const revision of [1, 2, 3]) expect((await events.next()).value?.revision).toBe(revision);
    const next = events.next();
    const ended = expect(next).rejects.toMatchObject(REPLACED);
    await restore(filename, 'b', commits);
    await notice(storage);
    await ended;
    expect(await storage.getGType('a1')).toBeUndefined();
    expect(await storage.getGType('b1')).toBeDefined();
    expect(storage.getStats().gtypeCount).toBe((await storage.stats()).gtypeCount);
    await storage.close();
  });
}

test('a watcher that is just reading is not given commits of a history that was restored meanwhile', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = backend.create({ filename, watchInterval: 3_600_000 });
  await fill(storage, 'a', 3);
  const events = storage.watch({ after: 2 });
  expect((await events.next()).value?.revision).toBe(3);
  await restore(filename, 'b', 6);
  await expect(events.next()).rejects.toMatchObject(REPLACED);
  await storage.close();
});

test('a watch of an empty store goes on with what is put there', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = backend.create({ filename, watchInterval: 5 });
  await storage.open();
  const events = storage.watch({ after: 0 });
  const first = events.next();
  await restore(filename, 'b', 2);
  expect((await first).value?.revision).toBe(1);
  await storage.close();
});

test('who has heard of nothing for longer than the history is told to read anew, not that it was replaced', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = backend.create({ filename, historyLimit: 10, watchInterval: 3_600_000 });
  const other = backend.create({ filename, historyLimit: 10 });
  await storage.storeGType(gtype('k', 'old'));
  expect((await storage.getGType('k'))?.description).toBe('old');
  const events = storage.watch({ after: 1 });
  await storage.stats();
  for (let i = 0; i < 40; i++) await other.storeGType(gtype('k', `new ${i}`));
  expect((await storage.getGType('k'))?.description).toBe('new 39');
  await expect(events.next()).rejects.toMatchObject({
    code: 'STORAGE_COMPACTED',
    message: expect.stringContaining('history begins after'),
  });
  await Promise.all([storage.close(), other.close()]);
});

test('a transaction that cannot be rolled back holds no lock, and shows nothing of what it did', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = backend.create({ filename, cacheSize: 1 });
  const other = backend.create({ filename, lockTimeout: 200 });
  await storage.storeGType(gtype('a'));
  failStatement('INSERT INTO changes', 'SQLITE_IOERR_WRITE');
  const failed = failStatement('ROLLBACK', 'SQLITE_IOERR_WRITE');
  await expect(storage.storeGType(gtype('b'))).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
  expect(failed()).toBe(1);
  await other.storeGType(gtype('c'));
  expect(await storage.getGType('b')).toBeUndefined();
  expect(await storage.getGType('c')).toBeDefined();
  expect(await storage.commit([{ put: 'gtype', value: gtype('d') }])).toBe(3);
  await Promise.all([storage.close(), other.close()]);
});
