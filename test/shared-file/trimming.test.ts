import { join } from 'node:path';
import type { Change, Storage } from '@gati-framework/manifest-store';
import { expect, onTestFinished, test } from 'vitest';
import { gtype } from '../support/records.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { backend } from './support/backend.js';

/** What a group of commits may sweep away beside twice as many changes as it adds. */
const STEP = 1_000;

function puts(prefix: string, count: number, description = ''): Change[] {
  return Array.from({ length: count }, (_, i) => ({
    put: 'gtype',
    value: gtype(`${prefix}${i}`, description),
  }));
}

/** Looks at a file while a storage has it open. */
function observe(filename: string): { rows(): number; sweeping(): boolean; unneeded(): number } {
  const database = backend.connect(filename, { readOnly: true });
  onTestFinished(() => {
    database.close();
  });
  const one = (sql: string): number => database.value(sql) as number;
  return {
    rows: () => one('SELECT count(*) FROM changes'),
    sweeping: () => one('SELECT swept_to < first_change FROM history') === 1,
    // Neither in the history, nor of a record that exists, nor replaced by what is in the history.
    unneeded: () =>
      one(`WITH kept(id) AS (SELECT first_change FROM history)
        SELECT count(*) FROM changes, kept
        WHERE changes.id < kept.id
          AND changes.id NOT IN (SELECT change_id FROM gtypes_by_key)
          AND changes.id NOT IN (SELECT replaces FROM changes AS later WHERE later.id >= kept.id AND replaces IS NOT NULL)`),
  };
}

test('what a clear cleared is swept away by degrees, and no commit pays for all of it', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = backend.create({ filename, historyLimit: 2_000 });
  for (let i = 0; i < 10; i++) await storage.commit(puts(`old ${i} `, 1_000));
  await storage.clear();
  const { rows, sweeping, unneeded } = observe(filename);
  let before = rows();
  let swept = false;
  for (let i = 0; i < 60; i++) {
    await storage.commit(puts('new ', 100, String(i)));
    const after = rows();
    expect(before + 100 - after, `commit ${i}`).toBeLessThanOrEqual(STEP + 2 * 100);
    before = after;
    swept ||= sweeping();
  }
  expect(swept).toBe(true);
  expect(sweeping()).toBe(false);
  expect(unneeded()).toBe(0);
  expect((await storage.stats()).gtypeCount).toBe(100);
  await storage.close();
});

test('a commit of many changes is forgotten at once and whole, and swept away by degrees', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = backend.create({ filename, historyLimit: 500 });
  await storage.commit(puts('x', 5_000, 'first'));
  await storage.commit(puts('x', 5_000, 'second'));
  const { rows, sweeping, unneeded } = observe(filename);
  let before = rows();
  for (let revision = 3; before > 5_600; revision++) {
    expect(await storage.commit(puts('y', 10, String(revision)))).toBe(revision);
    const after = rows();
    expect(before + 10 - after).toBeLessThanOrEqual(STEP + 2 * 10);
    before = after;
    await expect(storage.watch({ after: 0 }).next()).rejects.toMatchObject({ code: 'STORAGE_COMPACTED' });
    expect((await storage.watch({ after: revision - 1 }).next()).value?.changes).toHaveLength(10);
  }
  expect(sweeping()).toBe(false);
  expect(unneeded()).toBe(0);
  expect(await storage.getGType('x4999')).toEqual(gtype('x4999', 'second'));
  await storage.close();
});

test('values of many bytes are swept away by bytes, not only by rows', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const storage = backend.create({ filename, historyLimit: 20 });
  const text = 'x'.repeat(1024 * 1024);
  for (let i = 0; i < 3; i++) await storage.commit(puts('big', 10, `${i}${text}`));
  const { rows, unneeded } = observe(filename);
  let before = rows();
  for (let i = 0; i < 40; i++) {
    await storage.storeGType(gtype('small', String(i)));
    const after = rows();
    expect(before + 1 - after).toBeLessThanOrEqual(6); // 4 MiB of them, and small ones
    before = after;
  }
  expect(unneeded()).toBe(0);
  await storage.close();
});

test('who closes in the middle of sweeping leaves the rest to whoever opens the file next', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const first = backend.create({ filename, historyLimit: 1_000 });
  for (let i = 0; i < 5; i++) await first.commit(puts(`old ${i} `, 1_000));
  await first.clear();
  const { sweeping, unneeded } = observe(filename);
  while (!sweeping()) await first.commit(puts('new ', 100));
  await first.close();

  const second = backend.create({ filename, historyLimit: 1_000 });
  for (let i = 0; i < 20; i++) await second.storeGType(gtype('more', String(i)));
  expect(sweeping()).toBe(false);
  expect(unneeded()).toBe(0);
  await second.close();
});

test('two storages sweep the same file without losing anything', async () => {
  const filename = join(temporaryFolder(), 'store.db');
  const options = { filename, historyLimit: 300 };
  const storages: Storage[] = [backend.create(options), backend.create(options)];
  const seed = 20_261_126;
  const random = mulberry32(seed);
  const expected = new Map<string, string>();
  const { unneeded } = observeLater(filename);
  for (let n = 0; n < 120; n++) {
    const storage = storages[n % 2] as Storage;
    const changes: Change[] = [];
    for (let i = Math.floor(random() * 60); i >= 0; i--) changes.push(randomChange(random, expected, n));
    await storage.commit(changes);
    expect((await storage.stats()).gtypeCount, `seed ${seed}, commit ${n}`).toBe(expected.size);
  }
  for (let i = 0; i < 40; i++) await storages[0]?.storeGType(gtype('last', String(i)));
  expected.set('last', '39');
  const found = new Map<string, string>();
  for await (const { value } of (storages[1] as Storage).entries({ kinds: ['gtype'] })) {
    const { ref, description } = value as { ref: string; description: string };
    found.set(ref, description);
  }
  expect(found, `seed ${seed}`).toEqual(expected);
  expect(unneeded(), `seed ${seed}`).toBe(0);
  await Promise.all(storages.map((storage) => storage.close()));
});

/** The file is not there yet. */
function observeLater(filename: string): { unneeded(): number } {
  return { unneeded: () => observe(filename).unneeded() };
}

function randomChange(random: () => number, expected: Map<string, string>, n: number): Change {
  const ref = `k${Math.floor(random() * 200)}`;
  const dice = random();
  if (dice < 0.005) {
    expected.clear();
    return { clear: true };
  }
  if (dice < 0.3) {
    expected.delete(ref);
    return { delete: 'gtype', key: { ref } };
  }
  expected.set(ref, String(n));
  return { put: 'gtype', value: gtype(ref, String(n)) };
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
