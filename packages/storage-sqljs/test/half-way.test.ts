import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Storage, StorageEvent } from '@gati-framework/manifest-store';
import {
  createSqlJsStorage,
  type PersistedStore,
  type SqlJsPersistence,
} from '@gati-framework/storage-sqljs';
import { expect, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { failStatement } from './support/failing-statements.js';

const outOfMemory = new RangeError('Array buffer allocation failed');

/** The store as a crash of its process at this moment would leave it. */
async function afterCrash(filename: string): Promise<{ revision: number; refs: string[] }> {
  const copy = `${filename}.after-crash`;
  for (const suffix of ['', '-oplog']) copyFileSync(`${filename}${suffix}`, `${copy}${suffix}`);
  return contentOf(createSqlJsStorage({ filename: copy }));
}

async function contentOf(storage: Storage): Promise<{ revision: number; refs: string[] }> {
  const refs: string[] = [];
  for await (const entry of storage.entries()) if (entry.kind === 'gtype') refs.push(entry.key.ref);
  const { revision } = await storage.stats();
  await storage.close();
  return { revision, refs };
}

async function take(events: AsyncIterableIterator<StorageEvent>, count: number): Promise<number[]> {
  const revisions: number[] = [];
  while (revisions.length < count) revisions.push((await events.next()).value?.revision ?? -1);
  return revisions;
}

test('what the log holds is committed, also when the transaction in memory fails then', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = createSqlJsStorage({ filename });
  await storage.storeGType(gtype('a'));
  const events = storage.watch({ after: 0 });
  const failed = await failStatement('COMMIT', outOfMemory);
  expect(await storage.commit([{ put: 'gtype', value: gtype('b') }])).toBe(2);
  expect(failed()).toBe(1);
  expect(await storage.getGType('b')).toEqual(gtype('b'));
  expect(await storage.commit([{ put: 'gtype', value: gtype('c') }])).toBe(3);
  expect(await take(events, 3)).toEqual([1, 2, 3]);
  expect(storage.getStats().gtypeCount).toBe(3);
  expect(await afterCrash(filename)).toEqual({ revision: 3, refs: ['a', 'b', 'c'] });
  await storage.close();
});

test('a group that the log holds is made once, each commit with its own revision', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = createSqlJsStorage({ filename });
  await storage.storeGType(gtype('a'));
  await failStatement('COMMIT', new Error('out of memory'));
  const key = { ref: 'a' };
  const group = await Promise.allSettled([
    storage.commit([{ put: 'gtype', value: gtype('b') }]),
    storage.commit([{ put: 'gtype', value: gtype('c') }], {
      expect: [{ kind: 'gtype', key, revision: 1 }],
    }),
    storage.commit([{ put: 'gtype', value: gtype('d') }], {
      expect: [{ kind: 'gtype', key, revision: null }],
    }),
  ]);
  expect(group).toEqual([
    { status: 'fulfilled', value: 2 },
    { status: 'fulfilled', value: 3 },
    { status: 'rejected', reason: expect.objectContaining({ code: 'STORAGE_CONFLICT' }) },
  ]);
  expect(await afterCrash(filename)).toEqual({ revision: 3, refs: ['a', 'b', 'c'] });
  expect(await contentOf(storage)).toEqual({ revision: 3, refs: ['a', 'b', 'c'] });
});

/** A place that does what the test says, and then may fail. */
class Place implements SqlJsPersistence {
  readonly location = 'a place';
  readonly calls: string[] = [];
  store: PersistedStore = {};
  /** Fails the next call of this name: before it is done, or after. */
  fail: { call: string; moment: 'before' | 'after'; times?: number } | undefined;
  append?: (bytes: Uint8Array, offset: number) => Promise<void>;

  constructor({ appends }: { appends: boolean }) {
    if (!appends) return;
    this.append = (bytes, offset) =>
      this.#do('append', () => {
        const log = this.store.log ?? new Uint8Array();
        this.store = { ...this.store, log: Buffer.concat([log.subarray(0, offset), bytes]) };
      });
  }

  load(): Promise<PersistedStore> {
    return this.#do('load', () => this.store);
  }

  save(snapshot: Uint8Array): Promise<void> {
    return this.#do('save', () => {
      this.store = { snapshot };
    });
  }

  async #do<T>(call: string, work: () => T): Promise<T> {
    this.calls.push(call);
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#failsNow(call, 'before')) throw new Error(`${call} failed`);
    const result = work();
    if (this.#failsNow(call, 'after')) throw new Error(`${call} failed`);
    return result;
  }

  #failsNow(call: string, moment: string): boolean {
    if (this.fail?.call !== call || this.fail.moment !== moment) return false;
    const times = (this.fail.times ?? 1) - 1;
    this.fail = times > 0 ? { ...this.fail, times } : undefined;
    return true;
  }
}

test('the outcome is known from the log even when the store cannot be opened anew at once', async () => {
  const persistence = new Place({ appends: true });
  const storage = createSqlJsStorage({ persistence, cacheSize: 1 });
  await storage.storeGType(gtype('a'));
  await failStatement('COMMIT', outOfMemory);
  persistence.fail = { call: 'load', moment: 'before', times: 2 };
  expect(await storage.commit([{ put: 'gtype', value: gtype('b') }])).toBe(2);
  // The second failure of load(): an error, and not the store without b.
  await expect(storage.getGType('b')).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
  expect(await storage.getGType('b')).toEqual(gtype('b'));
  expect(await storage.commit([{ put: 'gtype', value: gtype('c') }])).toBe(3);
  await storage.close();
  expect(await contentOf(createSqlJsStorage({ persistence }))).toEqual({
    revision: 3,
    refs: ['a', 'b', 'c'],
  });
});

test('nobody reads what a failed transaction left while the store is opened anew', async () => {
  const persistence = new Place({ appends: true });
  const storage = createSqlJsStorage({ persistence, cacheSize: 1 });
  await storage.storeGType(gtype('a'));
  await failStatement('COMMIT', outOfMemory);
  const writing = storage.storeGType(gtype('b'));
  const reads: Promise<boolean>[] = [];
  for (let turn = 0; turn < 20; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    reads.push(storage.getGType('a').then((found) => found !== undefined));
  }
  await writing;
  expect(new Set(await Promise.all(reads))).toEqual(new Set([true]));
  expect(await contentOf(storage)).toEqual({ revision: 2, refs: ['a', 'b'] });
});

test('a snapshot that was kept although its saving failed is committed, and not made again', async () => {
  const persistence = new Place({ appends: false });
  const storage = createSqlJsStorage({ persistence });
  await storage.open();
  const events = storage.watch({ after: 0 });
  persistence.fail = { call: 'save', moment: 'after' };
  const group = await Promise.all(
    ['a', 'b'].map((ref) => storage.commit([{ put: 'gtype', value: gtype(ref) }])),
  );
  expect(group).toEqual([1, 2]);
  expect(await storage.commit([{ put: 'gtype', value: gtype('c') }])).toBe(3);
  expect(await take(events, 3)).toEqual([1, 2, 3]);
  expect(await contentOf(storage)).toEqual({ revision: 3, refs: ['a', 'b', 'c'] });
});

test('a snapshot that was not kept is an error, and each commit of its group gets another try', async () => {
  const persistence = new Place({ appends: false });
  const storage = createSqlJsStorage({ persistence });
  await storage.open();
  persistence.fail = { call: 'save', moment: 'before', times: 2 };
  const group = await Promise.allSettled(['a', 'b'].map((ref) => storage.storeGType(gtype(ref))));
  expect(group.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  expect(await contentOf(storage)).toEqual({ revision: 1, refs: ['b'] });
});

test('a write of which nobody can tell whether it was kept is in doubt, and is not tried again', async () => {
  const persistence = new Place({ appends: false });
  const storage = createSqlJsStorage({ persistence });
  await storage.open();
  persistence.calls.length = 0;
  const { save } = persistence;
  persistence.save = async (snapshot) => {
    await save.call(persistence, snapshot);
    persistence.fail = { call: 'load', moment: 'before' };
    throw new Error('the network is down');
  };
  const group = await Promise.allSettled(['a', 'b'].map((ref) => storage.storeGType(gtype(ref))));
  for (const outcome of group) {
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: { code: 'STORAGE_IN_DOUBT', message: expect.stringMatching(/a place.*network is down/) },
    });
  }
  expect(persistence.calls).toEqual(['save', 'load']);
  persistence.save = save;
  expect(await contentOf(storage)).toEqual({ revision: 2, refs: ['a', 'b'] });
});

test('a transaction that cannot be rolled back shows nothing of what it did', async () => {
  const persistence = new Place({ appends: true });
  const storage = createSqlJsStorage({ persistence, cacheSize: 1 });
  await storage.storeGType(gtype('a'));
  persistence.fail = { call: 'append', moment: 'before' };
  const failed = await failStatement('ROLLBACK', outOfMemory);
  await expect(
    storage.commit([
      { put: 'gtype', value: gtype('b') },
      { delete: 'gtype', key: { ref: 'a' } },
    ]),
  ).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
  expect(failed()).toBe(1);
  expect(await storage.getGType('a')).toBeDefined();
  expect(await storage.getGType('b')).toBeUndefined();
  expect(await storage.commit([{ put: 'gtype', value: gtype('c') }])).toBe(2);
  expect(await contentOf(storage)).toEqual({ revision: 2, refs: ['a', 'c'] });
});

test('what a failed append left is not found by the next opening after a clean close', async () => {
  const persistence = new Place({ appends: true });
  const storage = createSqlJsStorage({ persistence });
  await storage.open();
  persistence.fail = { call: 'append', moment: 'after' };
  await expect(storage.storeGType(gtype('refused'))).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
  expect(await storage.getGType('refused')).toBeUndefined();
  await storage.close();
  expect(await contentOf(createSqlJsStorage({ persistence }))).toEqual({ revision: 0, refs: [] });
});

test.each(['before', 'after'] as const)(
  'a saving that fails %s it has dropped the log leaves a store that goes on and opens',
  async (moment) => {
    const persistence = new Place({ appends: true });
    const storage = createSqlJsStorage({ persistence });
    await storage.storeGType(gtype('a'));
    persistence.fail = { call: 'save', moment };
    await expect(storage.save()).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
    await storage.storeGType(gtype('b'));
    await storage.storeGType(gtype('c'));
    // As a crash of its process at this moment would leave it.
    const left = new Place({ appends: true });
    left.store = persistence.store;
    expect(await contentOf(createSqlJsStorage({ persistence: left }))).toEqual({
      revision: 3,
      refs: ['a', 'b', 'c'],
    });
    await storage.close();
  },
);

test('a store that is nowhere but in memory survives a failed transaction', async () => {
  const storage = createSqlJsStorage();
  await storage.storeGType(gtype('a'));
  await failStatement('COMMIT', new Error('disk I/O error'));
  await expect(storage.storeGType(gtype('b'))).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
  expect(await storage.commit([{ put: 'gtype', value: gtype('c') }])).toBe(2);
  expect(await contentOf(storage)).toEqual({ revision: 2, refs: ['a', 'c'] });
});
