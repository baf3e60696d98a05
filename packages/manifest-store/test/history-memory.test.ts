import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { expect, test } from 'vitest';
import { usedHeap } from '../../../test/support/heap.js';

const MiB = 1024 * 1024;

/** About 100 kB of heap. */
function blob(n: number) {
  return {
    ref: 'one',
    kind: 'object',
    list: Array.from({ length: 2_000 }, (_, i) => `${n}-${i}-${'x'.repeat(20)}`),
  };
}

function put(value: object) {
  return { put: 'gtype', value: value as never } as const;
}

test('the history of a record that is replaced over and over is bounded in bytes', async () => {
  const storage = createInMemoryStorage({ historyBytes: 2 * MiB });
  const before = await usedHeap();
  for (let n = 0; n < 300; n++) await storage.storeGType(blob(n) as never);
  expect((await usedHeap()) - before).toBeLessThan(6 * MiB); // all of it would be 30
  await expect(storage.watch({ after: 0 }).next()).rejects.toMatchObject({ code: 'STORAGE_COMPACTED' });
  expect((await storage.watch({ after: 299 }).next()).value?.revision).toBe(300);
});

test('the latest commit is kept whole, however large it is', async () => {
  const storage = createInMemoryStorage({ historyBytes: 1 });
  await storage.storeGType(blob(1) as never);
  await storage.commit([1, 2].map((n) => ({ put: 'gtype', value: { ...blob(n), ref: `${n}` } as never })));
  expect((await storage.watch({ after: 1 }).next()).value?.changes).toHaveLength(2);
  await expect(storage.watch({ after: 0 }).next()).rejects.toMatchObject({ code: 'STORAGE_COMPACTED' });
});

test('a past that was too large to be kept is told as such, and not as an empty store, once others have committed', async () => {
  const storage = createInMemoryStorage({ historyBytes: MiB });
  await storage.commit(Array.from({ length: 20 }, (_, n) => put({ ...blob(n), ref: `${n}` })));
  await storage.clear();
  await storage.commit([put(blob(1))]);
  await storage.commit([put(blob(2))]);
  expect(await storage.stats()).toMatchObject({ revision: 4, oldestRevision: 2 });
  await expect(storage.entries({ at: 1 }).next()).rejects.toMatchObject({
    code: 'STORAGE_COMPACTED',
    details: { at: 1, oldest: 2, current: 4 },
  });
  const key = { kind: 'gtype', key: { ref: 'one' } } as const;
  expect(await storage.get(key, { at: 2 })).toBeUndefined();
  expect((await storage.get(key, { at: 3 }))?.revision).toBe(3);
  expect((await storage.watch({ after: 1 }).next()).value?.changes).toEqual([{ clear: true }]);
});

test('a commit that replaces its own records over and over is let go of with the next one', async () => {
  const storage = createInMemoryStorage({ historyBytes: 2 * MiB });
  const before = await usedHeap();
  await storage.commit(Array.from({ length: 300 }, (_, n) => put(blob(n))));
  await storage.commit([put({ ref: 'two' })]);
  expect((await usedHeap()) - before).toBeLessThan(6 * MiB); // all of it would be 30
  expect((await storage.watch({ after: 1 }).next()).value?.revision).toBe(2);
  await storage.close();
});

test('a closed storage that somebody still holds lets go of its records and its history', async () => {
  const storage = createInMemoryStorage();
  const before = await usedHeap();
  for (let n = 0; n < 100; n++) await storage.storeGType(blob(n) as never);
  expect((await usedHeap()) - before).toBeGreaterThan(5 * MiB);
  await storage.close();
  expect((await usedHeap()) - before).toBeLessThan(2 * MiB);
  expect(storage.name).toBe('memory');
});

test('the weight of a history is about the heap that it takes', async () => {
  const samples: readonly ((n: number) => object)[] = [
    (n) => ({ ref: `${n}`, list: Array.from({ length: 100 }, () => []) }),
    (n) => ({ ref: `${n}`, texts: Array.from({ length: 50 }, (_, i) => `${n} ${i} ${'y'.repeat(50)}`) }),
    (n) => ({ ref: `${n}`, wide: '\u4e2d'.repeat(2_000) + n }),
    (n) => ({ ref: `${n}`, numbers: Array.from({ length: 200 }, (_, i) => n + i / 7) }),
    (n) => ({
      ref: `${n}`,
      fields: Array.from({ length: 20 }, (_, i) => ({ name: 'f', type: 's', n: i, x: null })),
    }),
    (n) => ({ ref: `${n}`, bytes: new Uint8Array(3_000), when: new Date(n), map: new Map([[n, { n }]]) }),
  ];
  const historyBytes = 4 * MiB;
  for (const [i, sample] of samples.entries()) {
    const storage = createInMemoryStorage({ historyBytes, historyLimit: 1_000_000 });
    const before = await usedHeap();
    // Each is put and deleted, so that only the history holds it.
    for (let n = 0; n < 3_000; n++) {
      await storage.commit([{ put: 'gtype', value: sample(n) as never }]);
      await storage.commit([{ delete: 'gtype', key: { ref: `${n}` } }]);
    }
    const taken = (await usedHeap()) - before;
    expect(taken, `sample ${i}`).toBeLessThan(2 * historyBytes);
    await storage.close();
  }
});
