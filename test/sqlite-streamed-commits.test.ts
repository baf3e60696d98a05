import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Change, Storage } from '@gati-framework/manifest-store';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { gtype } from './support/records.js';
import { killInStreamedCommit, runWithSmallHeap } from './support/streamed-commits.js';
import { temporaryFolder } from './support/temporary-folder.js';

function newFile(): string {
  return join(temporaryFolder(), 'store.db');
}

function put(ref: string, description = ''): Change {
  return { put: 'gtype', value: gtype(ref, description) };
}

async function* puts(count: number, description = ''): AsyncGenerator<Change> {
  for (let i = 0; i < count; i++) yield put(`t${i}`, description);
}

/** Yields what it is given as soon as it is asked for it. */
class Source implements AsyncIterable<Change> {
  readonly #waiting: Change[] = [];
  #wake = () => {};
  #isEnded = false;
  isTaken = false;

  push(change: Change): void {
    this.#waiting.push(change);
    this.#wake();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Change> {
    this.isTaken = true;
    for (;;) {
      const next = this.#waiting.shift();
      if (next !== undefined) yield next;
      else if (this.#isEnded) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

const BACKENDS: readonly [string, () => Storage][] = [
  ['better-sqlite3', () => createBetterSqlite3Storage({ filename: newFile() })],
  [
    "better-sqlite3, on the caller's connection",
    () => {
      const database = new Database(newFile());
      onTestFinished(() => {
        database.close();
      });
      return createBetterSqlite3Storage({ database });
    },
  ],
  ['better-sqlite3 in memory', () => createBetterSqlite3Storage({ filename: ':memory:' })],
  ['sql.js', () => createSqlJsStorage({ filename: newFile() })],
];

test.each(BACKENDS)('a streamed commit is one commit, with its terms (%s)', async (_, open) => {
  const storage = open();
  await storage.commit([put('a'), put('t7', 'old')]);
  expect(await storage.commit(puts(2_500, 'new'), { note: 'all of them', expectRevision: 1 })).toBe(2);
  expect((await storage.stats()).gtypeCount).toBe(2_501);
  expect(storage.getStats().gtypeCount).toBe(2_501);
  expect(await storage.getGType('t7')).toEqual(gtype('t7', 'new'));
  const event = (await storage.watch({ after: 1 }).next()).value;
  expect(event).toMatchObject({ revision: 2, note: 'all of them' });
  expect(event?.changes).toHaveLength(2_500);
  const refs: string[] = [];
  for await (const { key } of storage.entries()) refs.push((key as { ref: string }).ref);
  const others = Array.from({ length: 2_500 }, (_, i) => `t${i}`).filter((ref) => ref !== 't7');
  expect(refs).toEqual(['a', 't7', ...others]);
  expect(await storage.get({ kind: 'gtype', key: { ref: 't7' } }, { at: 1 })).toMatchObject({ revision: 1 });

  expect(await storage.commit(puts(0), { note: 'nothing' })).toBe(2);
  await expect(storage.commit(puts(3), { expectRevision: 1 })).rejects.toMatchObject({
    code: 'STORAGE_CONFLICT',
    details: { expected: 1, actual: 2 },
  });
  expect(await storage.commit([put('last')])).toBe(3);
  await storage.close();
});

test.each(BACKENDS)('when the stream fails, nothing has happened (%s)', async (_, open) => {
  const storage = open();
  await storage.commit([put('a', 'old')]);
  const failure = new Error('the source is gone');
  const failing = async function* (): AsyncGenerator<Change> {
    yield* puts(3_000);
    yield { delete: 'gtype', key: { ref: 'a' } };
    throw failure;
  };
  await expect(storage.commit(failing())).rejects.toBe(failure);
  const refused = async function* (): AsyncGenerator<Change> {
    yield* puts(3_000);
    yield { put: 'gtype', value: { ref: '', kind: 'object' } };
  };
  await expect(storage.commit(refused())).rejects.toMatchObject({ code: 'INVALID_RECORD' });
  expect(await storage.stats()).toMatchObject({ revision: 1, gtypeCount: 1 });
  expect(await storage.getGType('a')).toEqual(gtype('a', 'old'));
  expect(await storage.commit([put('b')])).toBe(2);
  await storage.close();
});

test('whoever reads goes on with the store as it was while changes come, and others wait to write', async () => {
  const filename = newFile();
  const storage = createBetterSqlite3Storage({ filename, cacheSize: 1 });
  const other = createBetterSqlite3Storage({ filename, lockTimeout: 100 });
  await storage.commit([put('a', 'old')]);
  await other.open();
  const source = new Source();
  const committing = storage.commit(source);
  // More than a batch, so that some of them are applied.
  for (let i = 0; i < 3_000; i++) source.push(put(`t${i}`));
  source.push(put('a', 'new'));
  await expect(other.commit([put('b')])).rejects.toMatchObject({ code: 'STORAGE_LOCKED' });
  expect(await storage.getGType('a')).toEqual(gtype('a', 'old'));
  expect(await storage.getGType('t1')).toBeUndefined();
  expect(await storage.stats()).toMatchObject({ revision: 1, gtypeCount: 1 });
  expect(await other.getGType('a')).toEqual(gtype('a', 'old'));
  const later = storage.commit([put('later')]);
  source.end();
  expect(await committing).toBe(2);
  expect(await later).toBe(3);
  expect(await storage.getGType('a')).toEqual(gtype('a', 'new'));
  expect(await other.getGType('t2999')).toEqual(gtype('t2999'));
  expect(await other.commit([put('b')])).toBe(4);
  await Promise.all([storage.close(), other.close()]);
});

test('a stream may read the store that it is committed to', async () => {
  const storage = createBetterSqlite3Storage({ filename: newFile(), cacheSize: 1 });
  await storage.commit(puts(1_500, 'old'));
  const changed = async function* (): AsyncGenerator<Change> {
    for await (const { value, kind } of storage.entries()) {
      if (kind !== 'gtype') continue;
      const found = await storage.getGType(value.ref);
      yield put(value.ref, `not ${found?.description}`);
    }
  };
  expect(await storage.commit(changed())).toBe(2);
  expect(await storage.getGType('t1499')).toEqual(gtype('t1499', 'not old'));
  await storage.close();
});

test('terms that do not hold are told before anything is taken, and close() waits for a stream', async () => {
  const storage = createBetterSqlite3Storage({ filename: newFile() });
  await storage.commit([put('a')]);
  const source = new Source();
  const expectation = { kind: 'gtype', key: { ref: 'a' }, revision: null } as const;
  await expect(storage.commit(source, { expect: [expectation] })).rejects.toMatchObject({
    code: 'STORAGE_CONFLICT',
    details: { actual: 1 },
  });
  expect(source.isTaken).toBe(false);
  const committing = storage.commit(source);
  source.push(put('b'));
  const closing = storage.close();
  source.end();
  expect(await committing).toBe(2);
  await closing;
  await expect(storage.commit(puts(1))).rejects.toMatchObject({ code: 'STORAGE_CLOSED' });
});

test('a history that is shorter than a streamed commit keeps that commit, and forgets what was before', async () => {
  const filename = newFile();
  const storage = createBetterSqlite3Storage({ filename, history: { changes: 100 } });
  for (let i = 0; i < 100; i++) await storage.commit([put(`t${i}`, 'old')]);
  await storage.commit(puts(3_000, 'new'));
  const { oldestRevision = 0 } = await storage.stats();
  expect(oldestRevision).toBe(100);
  expect((await storage.watch({ after: 100 }).next()).value?.changes).toHaveLength(3_000);
  await storage.close();
});

test('more than the heap can hold is committed, and the write-ahead log does not stay that large', async () => {
  const filename = newFile();
  const { revision, peak } = await runWithSmallHeap(filename, 15_000, 10_240);
  expect(revision).toBe(1);
  // Of 150 MB of records; Node.js itself takes some 50.
  expect(peak).toBeLessThan(200 * 1024 * 1024);
  const storage = createBetterSqlite3Storage({ filename });
  expect(await storage.stats()).toMatchObject({ revision: 1, gtypeCount: 15_000 });
  expect((await storage.getGType('t14999'))?.description).toHaveLength(10_240);
  await storage.commit([put('a')]);
  expect(statSync(`${filename}-wal`).size).toBeLessThan(20 * 1024 * 1024);
  await storage.close();
}, 600_000);

test('a kill in the middle of a streamed commit leaves the store as it was', async () => {
  const filename = newFile();
  const first = createBetterSqlite3Storage({ filename });
  await first.commit([put('a', 'old')]);
  await first.close();
  await killInStreamedCommit(filename, 8_000);
  const storage = createBetterSqlite3Storage({ filename });
  expect(await storage.stats()).toMatchObject({ revision: 1, gtypeCount: 1 });
  expect(await storage.getGType('a')).toEqual(gtype('a', 'old'));
  expect(await storage.commit([put('b')])).toBe(2);
  await storage.close();
  const database = new Database(filename, { readonly: true });
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  database.close();
}, 600_000);

test('a source that stops is given up after scanIdleTimeout, nothing of it is stored, and others go on', async () => {
  const filename = newFile();
  const storage = createBetterSqlite3Storage({ filename, scanIdleTimeout: 100 });
  onTestFinished(() => storage.close());
  const source = new Source();
  source.push(put('never'));
  await expect(storage.commit(source)).rejects.toMatchObject({
    code: 'STORAGE_UNAVAILABLE',
    details: { scanIdleTimeout: 100 },
  });
  const other = createBetterSqlite3Storage({ filename });
  onTestFinished(() => other.close());
  expect(await other.commit([put('a')])).toBe(1);
  expect(await storage.commit([put('b')])).toBe(2);
  expect(await storage.getGType('never')).toBeUndefined();
});

test('a source that waits for a commit to the same store does not wait for ever', async () => {
  const storage = createBetterSqlite3Storage({ filename: newFile(), scanIdleTimeout: 100 });
  onTestFinished(() => storage.close());
  const inside: Promise<number>[] = [];
  async function* waiting(): AsyncGenerator<Change> {
    yield put('never');
    const made = storage.commit([put('inside')]);
    inside.push(made);
    await made;
    yield put('neither');
  }
  await expect(storage.commit(waiting())).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  expect(await Promise.all(inside)).toEqual([1]);
  expect((await storage.stats()).gtypeCount).toBe(1);
});
