import { type Change, createInMemoryStorage, type Entry, type Storage } from '@gati-framework/manifest-store';
import { keyTuple } from '@gati-framework/manifest-store/backend';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { revisionDifferences } from '../src/diff/index.js';
import { planRollback, rollBack } from '../src/rollback/index.js';
import { collect } from './support/collect.js';

async function recordsOf(storage: Storage, at?: number): Promise<object[]> {
  const entries = await collect(storage.entries(at === undefined ? {} : { at }));
  return entries.map(({ kind, key, value }: Entry) => ({ kind, key: keyTuple(kind, key), value }));
}

function types(...refs: string[]): Change[] {
  return refs.map((ref) => ({ put: 'gtype', value: gtype(ref) }));
}

function without(...refs: string[]): Change[] {
  return refs.map((ref) => ({ delete: 'gtype', key: { ref } }));
}

async function backTo(storage: Storage, to: number): Promise<number | null> {
  return rollBack(storage, await planRollback(storage, to));
}

it('what was deployed is taken back in one commit that says so, and only what differs is written', async () => {
  const storage = createInMemoryStorage();
  await storage.commit([...types('A', 'B', 'C'), { put: 'manifest', value: manifest('users', '1') }]);
  const then = await recordsOf(storage);
  await storage.commit([{ put: 'gtype', value: gtype('B', 'changed') }, ...types('D')], { note: 'oops' });
  const plan = await planRollback(storage, 1);
  expect(plan).toMatchObject({ to: 1, from: 2 });
  expect(await collect(plan.commits())).toMatchObject([{ revision: 2, note: 'oops' }]);
  expect(await collect(plan.differences())).toMatchObject([
    { change: 'changed', key: ['B'], fields: [{ path: 'description', before: 'changed', after: '' }] },
    { change: 'removed', key: ['D'] },
  ]);
  expect(await rollBack(storage, plan, { note: 'it was wrong' })).toBe(3);
  expect(await recordsOf(storage)).toEqual(then);
  const [last] = await collect(storage.log({ reverse: true, limit: 1 }));
  expect(last).toMatchObject({ revision: 3, note: 'rollback to 1: it was wrong', changeCount: 2 });
});

it('a store that is as it was gets no commit, nor does one where the same was stored again', async () => {
  const storage = createInMemoryStorage();
  await storage.commit(types('A'));
  expect(await backTo(storage, 1)).toBe(null);
  await storage.commit(types('A'));
  expect(await backTo(storage, 1)).toBe(null);
  expect((await storage.stats()).revision).toBe(2);
});

it('what only has another order of fields is written back, too', async () => {
  const storage = createInMemoryStorage();
  await storage.storeGType({ ref: 'A', kind: 'object' });
  await storage.storeGType({ kind: 'object', ref: 'A' });
  expect(await backTo(storage, 1)).toBe(3);
  expect(Object.keys((await storage.getGType('A')) ?? {})).toEqual(['ref', 'kind']);
});

it.each([
  ['deleted', without('B'), 3],
  ['deleted, and stored again', [...without('B'), ...types('B')], 4],
  ['among the last', without('C'), 1],
  ['cleared', [{ clear: true }], 3],
  ['stored in another order', [...without('A', 'B', 'C'), ...types('C', 'B', 'A')], 4],
] as [string, Change[], number][])(
  'records that were %s come back in their old order',
  async (_, changes, most) => {
    const storage = createInMemoryStorage();
    await storage.commit(types('A', 'B', 'C'));
    const then = await recordsOf(storage);
    await storage.commit(changes);
    const plan = await planRollback(storage, 1);
    expect((await collect(plan.changes())).length).toBeLessThanOrEqual(most);
    await rollBack(storage, plan);
    expect(await recordsOf(storage)).toEqual(then);
  },
);

it('whatever was committed, every kept revision can be brought back, exactly', async () => {
  const change = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constantFrom('A', 'B', 'C', 'D'), fc.constantFrom('', 'x')) },
    { weight: 4, arbitrary: fc.constantFrom('A', 'B', 'C', 'D') },
    { weight: 1, arbitrary: fc.constant(null) },
  );
  const changeOf = (made: [string, string] | string | null): Change => {
    if (made === null) return { clear: true };
    if (typeof made === 'string') return { delete: 'gtype', key: { ref: made } };
    return { put: 'gtype', value: gtype(...made) };
  };
  const commits = fc.array(fc.array(change, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(commits, fc.nat(), async (made, any) => {
      const storage = createInMemoryStorage();
      for (const changes of made) await storage.commit(changes.map(changeOf));
      const to = any % (made.length + 1);
      const then = await recordsOf(storage, to);
      const revision = await backTo(storage, to);
      expect(JSON.stringify(await recordsOf(storage))).toBe(JSON.stringify(then));
      // A second one finds nothing to do.
      expect(await backTo(storage, to)).toBe(null);
      expect((await storage.stats()).revision).toBe(revision ?? made.length);
    }),
    { seed: 20261127, numRuns: 500 },
  );
});

it('is refused when somebody has committed in between, and says who and when', async () => {
  const storage = createInMemoryStorage();
  await storage.commit(types('A'));
  await storage.commit(types('B'));
  const plan = await planRollback(storage, 1);
  await storage.commit(types('C'), { note: 'ci: "prices"\u001b[2J' });
  const [{ committedAt = 0 } = {}] = await collect(storage.log({ after: 2 }));
  const when = new Date(committedAt).toISOString();
  await expect(rollBack(storage, plan)).rejects.toMatchObject({
    code: 'STORAGE_CONFLICT',
    message: expect.stringContaining(
      `revision 3 at ${when}, with the note "ci: \\"prices\\"\\u001b[2J", since the store was read at revision 2. Nothing was`,
    ),
    details: { expected: 2, actual: 3 },
  });
  expect((await storage.stats()).revision).toBe(3);
});

it('a revision that is not kept, or that never was, is refused before anything is read', async () => {
  const storage = createInMemoryStorage({ history: { changes: 1 } });
  for (const ref of ['A', 'B', 'C']) await storage.storeGType(gtype(ref));
  await expect(planRollback(storage, 1)).rejects.toMatchObject({
    code: 'STORAGE_COMPACTED',
    details: { at: 1, oldest: 2, current: 3 },
  });
  await expect(planRollback(storage, 4)).rejects.toMatchObject({ code: 'STORAGE_COMPACTED' });
  await expect(planRollback(storage, -1)).rejects.toMatchObject({
    code: 'INVALID_OPTIONS',
    path: 'revision',
  });
  const forgetful = Object.assign(Object.create(storage), {
    capabilities: { ...storage.capabilities, history: false },
  });
  await expect(planRollback(forgetful, 2)).rejects.toMatchObject({ code: 'INVALID_OPTIONS' });
});

it('two revisions are compared, or one with the present', async () => {
  const storage = createInMemoryStorage();
  await storage.commit(types('A'));
  await storage.commit(types('B'));
  await storage.commit([...types('C'), ...without('A')]);
  const told = async (range: { before: number; after?: number }) =>
    (await collect(revisionDifferences(storage, range))).map(({ change, key }) => [change, key[0]]);
  expect(await told({ before: 1, after: 2 })).toEqual([['added', 'B']]);
  expect(await told({ before: 2 })).toEqual([
    ['removed', 'A'],
    ['added', 'C'],
  ]);
  expect(await told({ before: 3, after: 1 })).toEqual([
    ['removed', 'B'],
    ['removed', 'C'],
    ['added', 'A'],
  ]);
});
