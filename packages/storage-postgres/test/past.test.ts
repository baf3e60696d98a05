import type { Change, Entry, LogEntry, Storage } from '@gati-framework/manifest-store';
import { describe, expect, test } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { errorOf, open, ownSchema } from './support/faults.js';
import { runSql } from './support/schemas.js';

/** Numbers that are the same in each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

function transformer(id: string, handlerId: string, hash: string): Change {
  const versions = { fromVersion: '1', toVersion: '2', direction: 'forward' } as const;
  return {
    put: 'transformer',
    value: { id, handlerId, ...versions, transformations: [], hash, createdAt: 1 },
  };
}

/** Changes that meet the same records again and again, in one commit, too. */
function changesOf(random: (below: number) => number): Change[] {
  if (random(40) === 0) return [{ clear: true }, { put: 'gtype', value: gtype('after a clear') }];
  return Array.from({ length: 1 + random(6) }, (): Change => {
    const name = `${random(8)}`;
    const text = `${random(1_000_000)}`;
    switch (random(5)) {
      case 0:
        return { delete: 'gtype', key: { ref: name } };
      case 1:
        return { put: 'manifest', value: manifest(`h${random(2)}`, name, text) };
      case 2:
        return { delete: 'manifest', key: { handlerId: `h${random(2)}`, version: name } };
      default:
        return { put: 'gtype', value: gtype(name, text) };
    }
  });
}

async function entriesOf(storage: Storage, at?: number, handlerId?: string): Promise<Entry[]> {
  const filter = { ...(at !== undefined && { at }), ...(handlerId !== undefined && { handlerId }) };
  const entries: Entry[] = [];
  for await (const entry of storage.entries(filter)) entries.push(entry);
  return entries;
}

async function logOf(storage: Storage, options: Parameters<Storage['log']>[0] = {}): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const entry of storage.log(options)) entries.push(entry);
  return entries;
}

/** Commits at random; yields what the store was after each revision. */
async function fill(storage: Storage, commits: number, seed: number): Promise<Map<number, Entry[]>> {
  const random = numbers(seed);
  const moments = new Map<number, Entry[]>([[0, await entriesOf(storage)]]);
  for (let n = 0; n < commits; n += 1) {
    const revision = await storage.commit(changesOf(random));
    moments.set(revision, await entriesOf(storage));
  }
  return moments;
}

async function assertPast(storage: Storage, moments: ReadonlyMap<number, Entry[]>): Promise<number> {
  const { revision: current, oldestRevision = Number.NaN } = await storage.stats();
  for (const [at, entries] of moments) {
    if (at < oldestRevision) {
      const error = await errorOf(storage.get({ kind: 'gtype', key: { ref: '0' } }, { at }));
      expect(error).toMatchObject({
        code: 'STORAGE_COMPACTED',
        details: { at, oldest: oldestRevision, current },
      });
      expect(await errorOf(entriesOf(storage, at))).toMatchObject({ code: 'STORAGE_COMPACTED' });
      continue;
    }
    expect(await entriesOf(storage, at), `at ${at}`).toEqual(entries);
    const ofHandler = entries.filter(({ key }) => 'handlerId' in key && key.handlerId === 'h1');
    expect(await entriesOf(storage, at, 'h1')).toEqual(ofHandler);
    for (const name of ['0', '3', 'after a clear']) {
      const wanted = entries.find(({ kind, key }) => kind === 'gtype' && 'ref' in key && key.ref === name);
      expect(await storage.get({ kind: 'gtype', key: { ref: name } }, { at })).toEqual(wanted);
    }
  }
  return oldestRevision;
}

describe('the store as it was', () => {
  test.each([1, 2])('at each revision, whatever was committed (seed %i)', async (seed) => {
    const storage = open(ownSchema());
    const moments = await fill(storage, 60, seed);
    expect(await assertPast(storage, moments)).toBe(0);
    const error = await errorOf(storage.get({ kind: 'gtype', key: { ref: '0' } }, { at: 61 }));
    expect(error).toMatchObject({ code: 'STORAGE_COMPACTED', details: { at: 61, oldest: 0, current: 60 } });
  });

  test('as far as the history is kept; what is beyond that is deleted', async () => {
    const place = ownSchema();
    const storage = open({ ...place, history: { changes: 30 } });
    const moments = await fill(storage, 80, 3);
    const trimmed = `SELECT trimmed_to::integer AS oldest FROM ${place.schema}.store`;
    await expect
      .poll(async () => (await runSql(place.connectionString, trimmed)).rows[0].oldest)
      .toBeGreaterThan(40);
    await assertPast(storage, moments);
    const dead = `SELECT count(*)::integer AS count FROM ${place.schema}.past, ${place.schema}.store WHERE until <= trimmed_to`;
    await expect.poll(async () => (await runSql(place.connectionString, dead)).rows).toEqual([{ count: 0 }]);
  });

  test('also of the commits of a group, and of transformers by their handler', async () => {
    const storage = open(ownSchema());
    await storage.open();
    await Promise.all([
      storage.commit([transformer('t', 'a', 'one'), transformer('u', 'b', 'two')]),
      storage.commit([transformer('t', 'b', 'three')]),
      storage.commit([{ delete: 'transformer', key: { id: 't' } }]),
      storage.commit([transformer('t', 'a', 'four')]),
    ]);
    const ids = async (at: number, handlerId: string): Promise<unknown[]> =>
      (await entriesOf(storage, at, handlerId)).map(({ key, revision }) => [key, revision]);
    expect(await ids(1, 'a')).toEqual([[{ id: 't' }, 1]]);
    expect(await ids(2, 'b')).toEqual([
      [{ id: 't' }, 2],
      [{ id: 'u' }, 1],
    ]);
    expect(await ids(3, 'b')).toEqual([[{ id: 'u' }, 1]]);
    expect(await ids(4, 'a')).toEqual([[{ id: 't' }, 4]]);
  });

  test('in pages while others write and trim', async () => {
    const place = { ...ownSchema(), history: { changes: 5_000 } };
    const storage = open(place);
    const put = (n: number, text: string): Change => ({ put: 'gtype', value: gtype(`${n}`, text) });
    await storage.commit(Array.from({ length: 1_300 }, (_, n) => put(n, 'first')));
    await storage.commit(Array.from({ length: 650 }, (_, n) => put(2 * n, 'second')));
    await storage.commit([{ delete: 'gtype', key: { ref: '7' } }, put(7, 'last')]);
    const told: string[] = [];
    for await (const { value } of storage.entries({ at: 1 })) {
      if (told.length % 400 === 0) await storage.commit([{ clear: true }, put(told.length, 'later')]);
      if ('description' in value) told.push(`${'ref' in value ? value.ref : ''} ${value.description}`);
    }
    expect(told).toEqual(Array.from({ length: 1_300 }, (_, n) => `${n} first`));
  });
});

describe('the log', () => {
  test('in both directions, between revisions, with a limit of commits and of changes', async () => {
    const storage = open(ownSchema());
    const puts = (count: number): Change[] =>
      Array.from({ length: count }, (_, n) => ({ put: 'gtype', value: gtype(`${n}`) }));
    for (let n = 1; n <= 6; n += 1) await storage.commit(puts(n), { note: `commit ${n}` });
    await storage.commit([{ delete: 'gtype', key: { ref: '1' } }, { clear: true }]);
    const revisions = async (options: Parameters<Storage['log']>[0]): Promise<number[]> =>
      (await logOf(storage, options)).map(({ revision }) => revision);
    expect(await revisions({})).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await revisions({ reverse: true })).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(await revisions({ after: 2, before: 6 })).toEqual([3, 4, 5]);
    expect(await revisions({ after: 2, before: 6, reverse: true, limit: 2 })).toEqual([5, 4]);
    expect(await revisions({ after: 7 })).toEqual([]);
    expect(await errorOf(revisions({ after: 8 }))).toMatchObject({ code: 'STORAGE_COMPACTED' });
    const [newest, before] = await logOf(storage, { reverse: true, limit: 2, maxChanges: 2 });
    expect(newest).toMatchObject({
      changeCount: 2,
      changes: [{ delete: 'gtype', key: { ref: '1' } }, { clear: true }],
    });
    expect(newest).not.toHaveProperty('note');
    expect(before).toMatchObject({ revision: 6, note: 'commit 6', changeCount: 6 });
    expect(before?.changes).toEqual([
      { put: 'gtype', key: { ref: '0' } },
      { put: 'gtype', key: { ref: '1' } },
    ]);
  });

  test('of more commits and changes than a page has', async () => {
    const storage = open(ownSchema());
    const commits = Array.from({ length: 300 }, (_, n) =>
      storage.commit(
        Array.from({ length: n % 40 }, (_, i) => ({ put: 'gtype', value: gtype(`${n} ${i}`) })),
        { note: `${n}` },
      ),
    );
    await Promise.all(commits);
    const told = await logOf(storage);
    expect(told.map(({ revision }) => revision)).toEqual(told.map((_, i) => i + 1));
    expect(told.map(({ changeCount, changes }) => [changeCount, changes.length])).toEqual(
      told.map(({ note }) => [Number(note) % 40, Number(note) % 40]),
    );
    expect(await logOf(storage, { reverse: true })).toEqual(told.toReversed());
  });
});

describe('notes and expected revisions', () => {
  test('a note is told by watch and by log, whatever the commit does', async () => {
    const storage = open(ownSchema());
    const kinds: readonly Change[][] = [
      [{ put: 'gtype', value: gtype('a') }],
      [
        { put: 'gtype', value: gtype('a') },
        { put: 'gtype', value: gtype('b') },
      ],
      [{ delete: 'gtype', key: { ref: 'a' } }],
      [{ clear: true }, { put: 'gtype', value: gtype('b') }],
    ];
    for (const [n, changes] of kinds.entries()) await storage.commit(changes, { note: `größer than ${n}` });
    await storage.commit([], { note: 'of nothing' });
    await storage.commit([{ put: 'gtype', value: gtype('c') }]);
    const watch = storage.watch({ after: 0 });
    const notes: unknown[] = [];
    for (let n = 0; n < 5; n += 1) notes.push((await watch.next()).value?.note);
    await watch.return?.();
    const wanted = [0, 1, 2, 3].map((n) => `größer than ${n}`);
    expect(notes).toEqual([...wanted, undefined]);
    expect((await logOf(storage)).map(({ note }) => note)).toEqual([...wanted, undefined]);
  });

  test.each<[string, Change[]]>([
    ['one put', [{ put: 'gtype', value: gtype('x') }]],
    [
      'puts',
      [
        { put: 'gtype', value: gtype('x') },
        { put: 'gtype', value: gtype('y') },
      ],
    ],
    ['a deletion', [{ delete: 'gtype', key: { ref: 'a' } }]],
    ['nothing', []],
  ])('a commit of %s at another revision is refused, and says where the store is', async (_, changes) => {
    const place = ownSchema();
    const storage = open(place);
    await storage.storeGType(gtype('a'));
    await open(place).storeGType(gtype('b'));
    const error = await errorOf(storage.commit(changes, { expectRevision: 1 }));
    expect(error).toMatchObject({ code: 'STORAGE_CONFLICT', details: { expected: 1, actual: 2 } });
    expect((await storage.stats()).revision).toBe(2);
    expect(await storage.commit(changes, { expectRevision: 2 })).toBe(changes.length > 0 ? 3 : 2);
  });

  test('of commits that meet in a group, each sees those before it', async () => {
    const storage = open(ownSchema());
    await storage.open();
    const put = (ref: string): Change[] => [{ put: 'gtype', value: gtype(ref) }];
    const settled = await Promise.allSettled([
      storage.commit(put('a'), { expectRevision: 0 }),
      storage.commit(put('b'), { expectRevision: 0 }),
      storage.commit(put('c'), { expectRevision: 1 }),
      storage.commit([], { expectRevision: 2 }),
      storage.commit([], { expectRevision: 1 }),
    ]);
    expect(settled).toMatchObject([
      { value: 1 },
      { reason: { code: 'STORAGE_CONFLICT', details: { expected: 0, actual: 1 } } },
      { value: 2 },
      { value: 2 },
      { reason: { details: { expected: 1, actual: 2 } } },
    ]);
  });
});

test('a commit with more text than a watcher is told ends the watch, and its values are not read', async () => {
  const place = ownSchema();
  const storage = open(place);
  for (const ref of ['a', 'b']) await storage.commit([{ put: 'gtype', value: gtype(ref) }]);
  await storage.commit([
    { put: 'gtype', value: gtype('c') },
    { put: 'gtype', value: gtype('d') },
  ]);
  // As long as two of 140 MiB, and as small as what repeats itself is on disk.
  await runSql(
    place.connectionString,
    `UPDATE ${place.schema}.changes SET value = repeat('x', 140 * 1024 * 1024) WHERE revision = 3`,
  );
  const reader = open(place);
  const watch = reader.watch({ after: 1 });
  expect((await watch.next()).value?.revision).toBe(2);
  const error = await errorOf(watch.next());
  expect(error).toMatchObject({ code: 'STORAGE_COMPACTED', details: { after: 2, current: 3 } });
  expect(error.message).toContain('too large');
  expect((await logOf(reader, { after: 2 })).map(({ changeCount }) => changeCount)).toEqual([2]);
  await storage.commit([{ put: 'gtype', value: gtype('e') }]);
  expect((await reader.watch({ after: 3 }).next()).value?.revision).toBe(4);
});

test('a deletion whose key was changed in the log ends the watch, and is not told as that of another record', async () => {
  const place = ownSchema();
  const storage = open(place);
  await storage.commit(['a', 'b'].map((ref) => ({ put: 'gtype', value: gtype(ref) })));
  await storage.commit([{ delete: 'gtype', key: { ref: 'a' } }]);
  const watch = storage.watch({ after: 1 });
  expect((await watch.next()).value?.changes).toEqual([{ delete: 'gtype', key: { ref: 'a' } }]);
  const change = (text: string) =>
    runSql(place.connectionString, `UPDATE ${place.schema}.changes SET ${text} WHERE revision = 2`);
  await change(`key1 = 'b'`);
  const error = await errorOf(open(place).watch({ after: 1 }).next());
  expect(error).toMatchObject({ code: 'STORAGE_CORRUPT', message: expect.stringContaining('(b)') });
  // As libraries wrote it that knew of no digest.
  await change(`key1 = 'a', digest = NULL`);
  expect((await open(place).watch({ after: 1 }).next()).value?.changes).toHaveLength(1);
});
