import {
  createSqlJsStorage,
  type PersistedStore,
  type SqlJsPersistence,
} from '@gati-framework/storage-sqljs';
import { expect, test, vi } from 'vitest';
import { gtype } from '../../../test/support/records.js';

/** Keeps what it is given; `fail` makes the next calls reject. */
class FailingPersistence implements SqlJsPersistence {
  readonly location = 'a bucket';
  readonly calls: string[] = [];
  fail: unknown;
  #store: PersistedStore = {};
  append?: (bytes: Uint8Array, offset: number) => Promise<void>;

  constructor({ appends }: { appends: boolean }) {
    if (!appends) return;
    this.append = async (bytes, offset) => {
      await this.#answer('append');
      const log = this.#store.log ?? new Uint8Array();
      this.#store = { ...this.#store, log: Buffer.concat([log.subarray(0, offset), bytes]) };
    };
  }

  async acquire(): Promise<void> {
    this.calls.push('acquire');
  }

  async release(): Promise<void> {
    this.calls.push('release');
  }

  async load(): Promise<PersistedStore | undefined> {
    await this.#answer('load');
    return this.#store;
  }

  async save(snapshot: Uint8Array): Promise<void> {
    await this.#answer('save');
    this.#store = { snapshot };
  }

  async #answer(call: string): Promise<void> {
    this.calls.push(call);
    await new Promise((resolve) => setImmediate(resolve));
    if (this.fail !== undefined) throw this.fail;
  }
}

test.each([true, false])(
  'a persistence that rejects a write refuses it and nothing else (it appends: %s)',
  async (appends) => {
    const persistence = new FailingPersistence({ appends });
    const storage = createSqlJsStorage({ persistence, cacheSize: 1 });
    await storage.storeGType(gtype('before'));
    const writes = [
      () => storage.storeGType(gtype('during')),
      () =>
        storage.commit([
          { put: 'gtype', value: gtype('part of a batch') },
          { delete: 'gtype', key: { ref: 'before' } },
        ]),
    ];
    // One after the other: on a busy machine the second might come too late for the group of the first.
    for (const write of writes) {
      persistence.fail = new Error('the network is down');
      await expect(write()).rejects.toMatchObject({
        name: 'StorageError',
        // Only where it appends is the outcome known: what an append left is overwritten by the next.
        code: appends ? 'STORAGE_FAILED' : 'STORAGE_IN_DOUBT',
        message: expect.stringMatching(/a bucket.*network is down/),
      });
      persistence.fail = undefined;
      expect(await storage.getGType('before')).toBeDefined();
    }
    expect(await storage.getGType('during')).toBeUndefined();
    expect(await storage.getGType('part of a batch')).toBeUndefined();
    expect(await storage.getGType('before')).toBeDefined();
    expect(await storage.stats()).toMatchObject({ gtypeCount: 1, revision: 1 });
    await storage.storeGType(gtype('after'));
    expect(storage.getStats().gtypeCount).toBe(2);
    await storage.close();
    const again = createSqlJsStorage({ persistence });
    expect(await again.getGType('during')).toBeUndefined();
    expect(await again.getGType('after')).toBeDefined();
    expect((await again.stats()).revision).toBe(2);
    await again.close();
    expect(persistence.calls.at(-1)).toBe('release');
  },
);

test('nobody sees a write before it is safe', async () => {
  const persistence = new FailingPersistence({ appends: true });
  const storage = createSqlJsStorage({ persistence, cacheSize: 1 });
  await storage.open();
  const order: string[] = [];
  const writing = storage.storeGType(gtype('T')).then(() => order.push('stored'));
  while (persistence.calls.at(-1) !== 'append') await new Promise((resolve) => setImmediate(resolve));
  const reading = storage.getGType('T').then((found) => order.push(`read ${found?.ref}`));
  await Promise.all([writing, reading]);
  expect(order).toContain('read T');
  await storage.close();
});

test('a persistence that cannot load is asked again by the next call', async () => {
  const persistence = new FailingPersistence({ appends: true });
  persistence.fail = new Error('not yet');
  const storage = createSqlJsStorage({ persistence });
  await expect(storage.getGType('T')).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
  persistence.fail = undefined;
  expect(await storage.getGType('T')).toBeUndefined();
  await storage.close();
});

test('a quota that is used up is a full disk', async () => {
  const persistence = new FailingPersistence({ appends: true });
  const storage = createSqlJsStorage({ persistence });
  await storage.open();
  persistence.fail = new DOMException('used up', 'QuotaExceededError');
  await expect(storage.storeGType(gtype('T'))).rejects.toMatchObject({ code: 'STORAGE_FULL' });
  await storage.close();
});

test('a persistence may keep the bytes of a database and nothing else', async () => {
  let kept: Uint8Array | undefined;
  const persistence: SqlJsPersistence = {
    load: () => kept,
    save: (snapshot) => {
      kept = snapshot;
    },
  };
  const storage = createSqlJsStorage({ persistence });
  await storage.storeGType(gtype('T'));
  await storage.close();
  const again = createSqlJsStorage({ persistence });
  expect(await again.getGType('T')).toBeDefined();
  await again.close();
});

test('who only reads through the persistence of an owner does not let go of it, and nobody else becomes an owner', async () => {
  const persistence = new FailingPersistence({ appends: true });
  const owner = createSqlJsStorage({ persistence });
  await owner.storeGType(gtype('T'));
  const reader = createSqlJsStorage({ persistence, readOnly: true });
  expect(await reader.getGType('T')).toBeDefined();
  await reader.close();
  const second = createSqlJsStorage({ persistence, lockTimeout: 1 });
  await expect(second.open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' });
  await second.close();
  expect(persistence.calls).not.toContain('release');
  await owner.close();
  expect(persistence.calls.filter((call) => /acquire|release/.test(call))).toEqual(['acquire', 'release']);
});

test('a log that cannot be folded into a snapshot is no error of a commit, and the logger is told of it', async () => {
  const warn = vi.fn<(fields: object, message: string) => void>();
  const told = new Promise<void>((resolve) => warn.mockImplementation(() => resolve()));
  const persistence = new FailingPersistence({ appends: true });
  const storage = createSqlJsStorage({ persistence, log: { info: warn, warn, error: warn } });
  await storage.open();
  const save = persistence.save.bind(persistence);
  persistence.save = () => Promise.reject(new Error('the bucket is gone'));
  await storage.storeGType(gtype('A', 'x'.repeat(2_000_000)));
  await told;
  const cause = 'the log could not be folded into a snapshot, and will be later';
  expect(warn.mock.calls).toEqual([
    [
      { storage: 'sqljs', location: 'a bucket', cause },
      expect.stringMatching(`^${cause}: .*the bucket is gone`),
    ],
  ]);
  persistence.save = save;
  await storage.close();
});
