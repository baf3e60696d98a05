import { join } from 'node:path';
import {
  type Change,
  createInMemoryStorage,
  type Entry,
  type EntryFilter,
  type HistoryOptions,
  type RecordKey,
  type Storage,
  type Transformer,
} from '@gati-framework/manifest-store';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import { createSqlJsStorage } from '@gati-framework/storage-sqljs';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { withoutFigures } from '../packages/storage-testkit/src/without-figures.js';
import { gtype, manifest } from './support/records.js';
import { temporaryFolder } from './support/temporary-folder.js';

type Open = (history?: HistoryOptions) => Storage;

function backends(): [string, Open][] {
  const filename = () => join(temporaryFolder(), 'store.db');
  return [
    [
      'better-sqlite3',
      (history) => createBetterSqlite3Storage({ filename: filename(), ...(history && { history }) }),
    ],
    [
      'better-sqlite3 in memory',
      (history) => createBetterSqlite3Storage({ filename: ':memory:', ...(history && { history }) }),
    ],
    ['sql.js', (history) => createSqlJsStorage({ filename: filename(), ...(history && { history }) })],
  ];
}

function transformer(id: string, handlerId: string, hash: unknown): Transformer {
  return {
    id,
    handlerId,
    fromVersion: '1',
    toVersion: '2',
    direction: 'forward',
    transformations: [{ path: 'a', type: 'add', details: hash }],
    hash: String(hash),
    createdAt: 1,
  };
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

const KEYS: readonly RecordKey[] = Array.from({ length: 6 }, (_, i): RecordKey[] => [
  { kind: 'gtype', key: { ref: `g${i}` } },
  { kind: 'manifest', key: { handlerId: `h${i % 2}`, version: `${i}` } },
  { kind: 'transformer', key: { id: `t${i}` } },
]).flat();

/** A change of one of {@link KEYS}; now and then of all. A transformer may come to belong to another handler. */
function randomChange(random: () => number, n: number): Change {
  const dice = random();
  if (dice < 0.02) return { clear: true };
  const chosen = KEYS[Math.floor(random() * KEYS.length)] as RecordKey;
  if (dice < 0.3) return { delete: chosen.kind, key: chosen.key } as Change;
  if (chosen.kind === 'gtype') return { put: 'gtype', value: gtype(chosen.key.ref, `${n}`) };
  if (chosen.kind === 'manifest') {
    return { put: 'manifest', value: manifest(chosen.key.handlerId, chosen.key.version, `${n}`) };
  }
  const id = (chosen.key as { id: string }).id;
  return { put: 'transformer', value: transformer(id, `h${n % 2}`, n % 5 === 0 ? new Date(n) : n) };
}

async function all(entries: AsyncIterable<Entry>): Promise<Entry[]> {
  const found: Entry[] = [];
  for await (const entry of entries) found.push(entry);
  return found;
}

const FILTERS: readonly EntryFilter[] = [
  {},
  { kinds: ['transformer', 'gtype'] },
  { handlerId: 'h0' },
  { handlerId: 'h1', kinds: ['transformer'] },
];

async function expectSamePast(storage: Storage, model: Storage, from: number, to: number): Promise<void> {
  for (let at = from; at <= to; at++) {
    for (const filter of FILTERS) {
      const found = await all(storage.entries({ ...filter, at }));
      expect(found, `at ${at}, ${JSON.stringify(filter)}`).toEqual(
        await all(model.entries({ ...filter, at })),
      );
    }
    for (const key of KEYS) expect(await storage.get(key, { at })).toEqual(await model.get(key, { at }));
  }
}

test.each(backends())('the store can be read as it was after each commit (%s)', async (_, open) => {
  const seed = 20_261_127;
  const random = mulberry32(seed);
  const [storage, model] = [open(), createInMemoryStorage()];
  for (let n = 0; n < 60; n++) {
    const changes = Array.from({ length: 1 + Math.floor(random() * 5) }, () => randomChange(random, n));
    expect(await storage.commit(changes)).toBe(await model.commit(changes));
  }
  expect(withoutFigures(await storage.stats())).toEqual(withoutFigures(await model.stats()));
  await expectSamePast(storage, model, 0, 60);
  expect(await all(storage.entries({ at: 60 }))).toEqual(await all(storage.entries()));
  await storage.close();
});

test.each(backends())(
  'what has been trimmed cannot be read, and the rest still can (%s)',
  async (_, open) => {
    const random = mulberry32(7);
    const [storage, model] = [open({ changes: 25 }), createInMemoryStorage()];
    let last = 0;
    for (let n = 0; n < 90; n++) {
      const changes = Array.from({ length: 1 + Math.floor(random() * 3) }, () => randomChange(random, n));
      last = await storage.commit(changes);
      await model.commit(changes);
      const { oldestRevision = -1 } = await storage.stats();
      if (n % 9 !== 0) continue;
      await expectSamePast(storage, model, oldestRevision, Math.min(last, oldestRevision + 3));
      if (oldestRevision === 0) continue;
      const details = { at: oldestRevision - 1, oldest: oldestRevision, current: last };
      const refused = { code: 'STORAGE_COMPACTED', details };
      const { kind, key } = KEYS[0] as RecordKey;
      await expect(storage.get({ kind, key } as RecordKey, { at: oldestRevision - 1 })).rejects.toMatchObject(
        refused,
      );
      await expect(storage.entries({ at: oldestRevision - 1 }).next()).rejects.toMatchObject(refused);
    }
    expect((await storage.stats()).oldestRevision).toBeGreaterThan(60);
    await expect(storage.entries({ at: last + 1 }).next()).rejects.toMatchObject({
      code: 'STORAGE_COMPACTED',
    });
    await storage.close();
  },
);

test.each(backends())('a record that was replaced very often is found as it was (%s)', async (_, open) => {
  const storage = open();
  const key: RecordKey<'gtype'> = { kind: 'gtype', key: { ref: 'x' } };
  for (let n = 1; n <= 40; n++) {
    await storage.commit(
      Array.from({ length: 60 }, (_, i): Change => ({ put: 'gtype', value: gtype('x', `${n}.${i}`) })),
    );
  }
  for (const at of [1, 2, 20, 39, 40]) {
    expect(await storage.get(key, { at })).toEqual({
      ...key,
      value: gtype('x', `${at}.59`),
      revision: at,
    });
  }
  expect(await storage.get(key, { at: 0 })).toBeUndefined();
  await storage.close();
});

test.each(backends())(
  'the past that is iterated stays while the store is changed and trimmed (%s)',
  async (_, open) => {
    const storage = open({ changes: 300 });
    const puts = (description: string): Change[] =>
      Array.from({ length: 200 }, (_, i) => ({ put: 'gtype', value: gtype(`t${i}`, description) }));
    await storage.commit(puts('first'));
    await storage.commit(puts('second'));
    const before = storage.entries({ at: 1 });
    const first = await before.next();
    for (let i = 0; i < 5; i++) await storage.commit(puts(`later ${i}`));
    await storage.clear();
    for (let i = 0; i < 5; i++) await storage.commit(puts(`even later ${i}`));
    const found = [first.value as Entry, ...(await all(before))];
    expect(found.map(({ value }) => value)).toEqual(
      Array.from({ length: 200 }, (_, i) => gtype(`t${i}`, 'first')),
    );
    for (let i = 0; i < 5; i++) await storage.commit(puts(`at last ${i}`));
    expect((await storage.stats()).oldestRevision).toBeGreaterThan(1);
    await storage.close();
  },
);

test('a commit that is too large to be told is not read, and what follows it is told', async () => {
  const database = new Database(':memory:');
  const storage = createBetterSqlite3Storage({ database });
  await storage.storeGType(gtype('a'));
  await storage.storeGType(gtype('b'));
  database.exec("UPDATE changes SET value = printf('%.*c', 257 * 1024 * 1024, 'x') WHERE id = 1");
  await expect(storage.watch({ after: 0 }).next()).rejects.toMatchObject({
    code: 'STORAGE_COMPACTED',
    message: expect.stringContaining('too large'),
    details: { after: 0, current: 2 },
  });
  expect((await storage.watch({ after: 1 }).next()).value).toMatchObject({ revision: 2 });
  const logged: unknown[] = [];
  for await (const { revision, changes } of storage.log()) logged.push([revision, changes.length]);
  expect(logged).toEqual([
    [1, 1],
    [2, 1],
  ]);
  await storage.close();
  database.close();
});

test.each(backends())(
  'the log lists commits either way, with their notes and as many changes as asked for (%s)',
  async (_, open) => {
    const storage = open();
    const put = (ref: string): Change => ({ put: 'gtype', value: gtype(ref) });
    await storage.commit([put('a'), put('b'), put('c')], { note: 'three' });
    await storage.commit([{ delete: 'gtype', key: { ref: 'a' } }, { clear: true }]);
    for (let i = 0; i < 700; i++) await storage.commit([put(`x${i}`)], i % 2 === 0 ? { note: `${i}` } : {});
    const list = async (options: object) => {
      const found: unknown[] = [];
      for await (const { committedAt, ...entry } of storage.log(options)) {
        expect(Math.abs(committedAt - Date.now())).toBeLessThan(600_000);
        found.push(entry);
      }
      return found;
    };
    const everything = await list({});
    expect(everything).toHaveLength(702);
    expect(everything.slice(0, 3)).toEqual([
      {
        revision: 1,
        note: 'three',
        changeCount: 3,
        changes: ['a', 'b', 'c'].map((ref) => ({ put: 'gtype', key: { ref } })),
      },
      { revision: 2, changeCount: 2, changes: [{ delete: 'gtype', key: { ref: 'a' } }, { clear: true }] },
      { revision: 3, note: '0', changeCount: 1, changes: [{ put: 'gtype', key: { ref: 'x0' } }] },
    ]);
    expect(await list({ reverse: true })).toEqual([...everything].reverse());
    expect(await list({ after: 100, before: 110 })).toEqual(everything.slice(100, 109));
    expect(await list({ after: 100, before: 110, reverse: true, limit: 3 })).toEqual(
      everything.slice(106, 109).reverse(),
    );
    expect(await list({ after: 702 })).toEqual([]);
    expect(await list({ before: 1 })).toEqual([]);
    expect(await list({ after: 5, before: 6, reverse: true })).toEqual([]);
    const cut = (await list({ maxChanges: 1, limit: 2 })) as { changes: unknown[]; changeCount: number }[];
    expect(cut.map(({ changes, changeCount }) => [changes.length, changeCount])).toEqual([
      [1, 3],
      [1, 2],
    ]);
    await expect(storage.log({ after: 703 }).next()).rejects.toMatchObject({ code: 'STORAGE_COMPACTED' });
    await storage.close();
  },
);

test.each(backends())('a log of large commits comes in pages that list few of them (%s)', async (_, open) => {
  const storage = open();
  for (let n = 0; n < 5; n++) {
    await storage.commit(
      Array.from({ length: 1_500 }, (_, i): Change => ({ put: 'gtype', value: gtype(`${n} ${i}`) })),
    );
  }
  for (const options of [{}, { reverse: true }, { maxChanges: 1_500 }, { maxChanges: 5, reverse: true }]) {
    const { maxChanges = 1_000 } = options as { maxChanges?: number };
    const found: [number, number, unknown][] = [];
    for await (const { revision, changeCount, changes } of storage.log(options)) {
      found.push([revision, changeCount, changes.length]);
    }
    const expected = [1, 2, 3, 4, 5].map((revision) => [revision, 1_500, maxChanges]);
    expect(found).toEqual('reverse' in options ? expected.reverse() : expected);
  }
  await storage.close();
});
