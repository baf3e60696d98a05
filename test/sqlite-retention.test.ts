import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { HistoryOptions, Storage } from '@gati-framework/manifest-store';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { gtype } from './support/records.js';
import { temporaryFolder } from './support/temporary-folder.js';

type Open = (filename: string, history?: HistoryOptions) => Storage;

const BACKENDS: readonly [string, Open][] = [
  [
    'better-sqlite3',
    (filename, history) => createBetterSqlite3Storage({ filename, ...(history && { history }) }),
  ],
  ['sql.js', (filename, history) => createSqlJsStorage({ filename, ...(history && { history }) })],
];

const HOUR = 3_600_000;

function newFile(): string {
  return join(temporaryFolder(), 'store.db');
}

async function store(storage: Storage, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await storage.storeGType(gtype('x', String(i)));
}

async function oldestOf(storage: Storage): Promise<number> {
  return (await storage.stats()).oldestRevision ?? -1;
}

function keptIn(filename: string): unknown {
  const database = new Database(filename, { readonly: true });
  const kept = database.prepare('SELECT keep_changes, keep_age FROM history').raw().get();
  database.close();
  return kept;
}

/** Gives commits another time. Nobody has the file open. */
function setTimes(filename: string, timeOf: (revision: number) => number): void {
  const database = new Database(filename);
  const set = database.prepare(
    'UPDATE changes SET commit_committed_at = ?, commit_digest = NULL WHERE commit_revision = ?',
  );
  const revisions = database.prepare('SELECT revision FROM commits').pluck().all() as number[];
  for (const revision of revisions) set.run(timeOf(revision), revision);
  database.close();
}

test.each(BACKENDS)(
  'what a storage is given belongs to the store, and whoever trims obeys it (%s)',
  async (_, open) => {
    const filename = newFile();
    const first = open(filename, { changes: 10 });
    await store(first, 30);
    await first.close();
    expect(keptIn(filename)).toEqual([10, null]);
    const second = open(filename);
    await store(second, 30);
    expect(await oldestOf(second)).toBeGreaterThan(45);
    await second.close();
    const third = open(filename, { age: HOUR });
    await store(third, 30);
    expect(keptIn(filename)).toEqual([10, HOUR]);
    const oldest = await oldestOf(third);
    expect(oldest).toBeLessThan(61);
    await third.close();
    setTimes(filename, () => 1);
    const fourth = open(filename, { changes: 50, age: 1 });
    await store(fourth, 60);
    expect(await oldestOf(fourth)).toBeGreaterThanOrEqual(90);
    expect(await oldestOf(fourth)).toBeLessThanOrEqual(150 - 50);
    await fourth.close();
    expect(keptIn(filename)).toEqual([50, 1]);
  },
);

test('a storage hears what another one has said of it while both have the file open', async () => {
  const filename = newFile();
  const first = createBetterSqlite3Storage({ filename, history: { changes: 5 } });
  await store(first, 5);
  const second = createBetterSqlite3Storage({ filename, history: { changes: 1_000 } });
  await second.open();
  await store(first, 30);
  expect(await oldestOf(first)).toBe(0);
  await Promise.all([first.close(), second.close()]);
});

test('a storage that only reads, and one that says what is there already, write nothing', async () => {
  const filename = newFile();
  const storage = createBetterSqlite3Storage({ filename, history: { changes: 5 } });
  await store(storage, 3);
  const observer = new Database(filename, { readonly: true });
  const version = (): unknown => observer.pragma('data_version', { simple: true });
  const before = version();
  const reader = createBetterSqlite3Storage({ filename, readOnly: true, history: { changes: 9 } });
  const same = createBetterSqlite3Storage({ filename, history: { changes: 5 } });
  await Promise.all([reader.open(), same.open()]);
  expect(version()).toBe(before);
  observer.close();
  expect(keptIn(filename)).toEqual([5, null]);
  await Promise.all([storage.close(), reader.close(), same.close()]);
});

test('sql.js has what it was given on the disk when it has opened', async () => {
  const filename = newFile();
  const first = createSqlJsStorage({ filename });
  await store(first, 3);
  await first.close();
  const second = createSqlJsStorage({ filename, history: { changes: 7 } });
  await second.open();
  expect(keptIn(filename)).toEqual([7, null]);
  expect(existsSync(`${filename}-oplog`)).toBe(false);
  await second.close();
});

test.each(BACKENDS)(
  'a commit stays as long as it is young enough, however many there are (%s)',
  async (_, open) => {
    const filename = newFile();
    const storage = open(filename, { changes: 5, age: HOUR });
    await store(storage, 40);
    expect(await oldestOf(storage)).toBe(0);
    await storage.close();
    const now = Date.now();
    setTimes(filename, (revision) => (revision <= 20 ? now - 2 * HOUR : now));
    const again = open(filename);
    await store(again, 1);
    expect(await oldestOf(again)).toBe(20);
    await again.close();
    setTimes(filename, () => now - 2 * HOUR);
    const last = open(filename);
    await store(last, 1);
    expect(await oldestOf(last)).toBe(42 - 5);
    await last.close();
  },
);

test.each(BACKENDS)(
  'a commit of a clock that was ahead stays, and with it what follows it (%s)',
  async (_, open) => {
    const filename = newFile();
    const storage = open(filename, { changes: 5, age: HOUR });
    await store(storage, 40);
    await storage.close();
    const now = Date.now();
    setTimes(filename, (revision) => (revision === 13 ? now + 2 * HOUR : now - 2 * HOUR));
    const again = open(filename);
    await store(again, 3);
    expect(await oldestOf(again)).toBe(12);
    const told: number[] = [];
    for await (const { revision } of again.log()) told.push(revision);
    expect(told).toEqual(Array.from({ length: 31 }, (_, i) => 13 + i));
    await again.close();
  },
);

test('where next to nothing is to be kept, the latest commit is, and whole', async () => {
  const storage = createBetterSqlite3Storage({ filename: newFile(), history: { changes: 1 } });
  for (let i = 0; i < 5; i++) {
    const changes = ['a', 'b'].map((ref) => ({ put: 'gtype' as const, value: gtype(ref, String(i)) }));
    await storage.commit(changes);
  }
  expect(await oldestOf(storage)).toBe(4);
  expect((await storage.watch({ after: 4 }).next()).value?.changes).toHaveLength(2);
  await storage.close();
});
