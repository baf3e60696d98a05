import { digestOf, type RecordDriver, RecordStorage, type StoredRecord } from '@gati-framework/storage-kit';
import { expect, test } from 'vitest';
import { usedHeap } from '../../../test/support/heap.js';
import { driverWith, stateAt } from './support/driver.js';

const MiB = 1024 * 1024;
const cacheSize = 4 * MiB;

/** A store with the records that `make` makes of their names; it makes none of what begins with `no`. */
function storageOf(make: (ref: string) => object) {
  const state = stateAt(1);
  const reads = { count: 0 };
  const read: RecordDriver['read'] = ({ kind, params }): StoredRecord[] => {
    reads.count += 1;
    const [ref = '', version] = params;
    if (ref.startsWith('no')) return [];
    const text = JSON.stringify(make(ref));
    return [
      {
        kind,
        key: version === undefined ? [ref] : [ref, version],
        revision: 1,
        encoding: 'json',
        text,
        digest: digestOf(text),
      },
    ];
  };
  const driver = driverWith({ open: () => state, read, state: () => state });
  return { storage: new RecordStorage(driver, { cacheSize }), reads };
}

const shapes: Readonly<Record<string, (ref: string) => object>> = {
  'empty arrays': (ref) => ({ ref, b: Array.from({ length: 50 }, () => []) }),
  'short texts': (ref) => ({ ref, list: Array.from({ length: 50 }, (_, i) => `${ref} ${i}`) }),
  'wide texts': (ref) => ({ ref, text: '\u4e2d'.repeat(1_000) + ref }),
  numbers: (ref) => ({ ref, list: Array.from({ length: 100 }, (_, i) => i / 7) }),
  'small records': (ref) => ({ ref, a: 1 }),
  'nested objects': (ref) => ({ ref, a: { b: { c: { d: {} } } }, e: [{}, {}, {}] }),
};

for (const [name, make] of Object.entries(shapes)) {
  test(`a cache of ${name} takes about as much heap as cacheSize says`, async () => {
    const { storage } = storageOf(make);
    await storage.open();
    await storage.getGType('warm');
    const before = await usedHeap();
    for (let n = 0; n < 15_000; n++) await storage.getGType(`r${n}`);
    const taken = (await usedHeap()) - before;
    expect(taken).toBeLessThan(1.5 * cacheSize);
    expect(taken).toBeGreaterThan(cacheSize / 10);
    await storage.close();
  });
}

test('a cache of records with keys of two parts takes about as much heap as cacheSize says', async () => {
  const { storage } = storageOf((handlerId) => ({ handlerId, version: '1.0.0' }));
  await storage.getTimescapeMetadata('warm', '1.0.0');
  const before = await usedHeap();
  for (let n = 0; n < 30_000; n++) await storage.getTimescapeMetadata(`r${n}`, '1.0.0');
  const taken = (await usedHeap()) - before;
  expect(taken).toBeLessThan(1.5 * cacheSize);
  expect(taken).toBeGreaterThan(cacheSize / 10);
  await storage.close();
});

test('asking for names of two parts that are not there fills no more than a share of the cache', async () => {
  const { storage } = storageOf((ref) => ({ ref }));
  await storage.open();
  const before = await usedHeap();
  for (let n = 0; n < 50_000; n++) await storage.getTimescapeMetadata(`no such name ${n}`, `${n}`);
  for (let n = 0; n < 50_000; n++) await storage.getTimescapeMetadata('no such name', `${n}`);
  expect((await usedHeap()) - before).toBeLessThan(cacheSize / 4);
  await storage.close();
});

test('what is asked for again stays, however much is asked for once', async () => {
  const { storage, reads } = storageOf((ref) => ({ ref, text: ref.padEnd(1_000) }));
  const often = Array.from({ length: 100 }, (_, n) => `often ${n}`);
  for (const ref of [...often, ...often]) await storage.getGType(ref);
  for (let n = 0; n < 20_000; n++) {
    await storage.getGType(`once ${n}`);
    await storage.getGType(often[n % often.length] as string);
  }
  expect(reads.count).toBe(often.length + 20_000);
  await storage.close();
});

test('asking for names that are not there fills no more than a share of the cache, and pushes out no record', async () => {
  const { storage, reads } = storageOf((ref) => ({ ref }));
  await storage.getGType('here');
  const before = await usedHeap();
  for (let n = 0; n < 100_000; n++) await storage.getGType(`no such name ${n}`);
  expect((await usedHeap()) - before).toBeLessThan(cacheSize / 4);
  const { count } = reads;
  await storage.getGType('here');
  await storage.getGType('no such name 99999');
  expect(reads.count).toBe(count);
});
