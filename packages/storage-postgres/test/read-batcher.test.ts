import type { StoredRecord } from '@gati-framework/storage-kit';
import { expect, test, vi } from 'vitest';
import { ReadBatcher, type RecordName } from '../dist/reads/read-batcher.js';

type Found = readonly StoredRecord[];

const name = (ref: string): RecordName => ({ kind: 'gtype', key: [ref] });
const found = (ref: string): Found => [
  { kind: 'gtype', key: [ref], revision: 1, encoding: 'json', text: '{}', digest: 0 },
];

/** A batcher whose statements are answered by hand. */
function batcher() {
  const single = new Map<string, PromiseWithResolvers<Found>>();
  const batches: (PromiseWithResolvers<(Found | undefined)[]> & { refs: string[] })[] = [];
  const reads = new ReadBatcher(
    ({ key: [ref = ''] }) => {
      const answer = withResolvers<Found>();
      single.set(ref, answer);
      return answer.promise;
    },
    (names) => {
      const answer = withResolvers<(Found | undefined)[]>();
      batches.push({ ...answer, refs: names.map(({ key: [ref = ''] }) => ref) });
      return answer.promise;
    },
  );
  return { reads, single, batches };
}

interface PromiseWithResolvers<T> {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(error: Error): void;
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let settle: Omit<PromiseWithResolvers<T>, 'promise'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  if (settle === undefined) throw new Error('unreachable');
  return { promise, ...settle };
}

test('two reads go out at once, and those that come meanwhile share the next statement', async () => {
  const { reads, single, batches } = batcher();
  const answers = ['a', 'b', 'c', 'd'].map((ref) => reads.read(name(ref)));
  expect([...single.keys()]).toEqual(['a', 'b']);
  expect(batches).toEqual([]);
  single.get('a')?.resolve(found('a'));
  await vi.waitFor(() => expect(batches.map(({ refs }) => refs)).toEqual([['c', 'd']]));
  batches[0]?.resolve([found('c'), found('d')]);
  single.get('b')?.resolve(found('b'));
  expect(await Promise.all(answers)).toEqual(['a', 'b', 'c', 'd'].map(found));
});

test('a read whose record did not fit into the answer is asked for again, before later ones', async () => {
  const { reads, single, batches } = batcher();
  const first = ['a', 'b', 'c', 'd'].map((ref) => reads.read(name(ref)));
  single.get('a')?.resolve(found('a'));
  await vi.waitFor(() => expect(batches).toHaveLength(1));
  const later = reads.read(name('e'));
  batches[0]?.resolve([found('c'), undefined]);
  await vi.waitFor(() => expect(batches[1]?.refs).toEqual(['d', 'e']));
  batches[1]?.resolve([found('d'), []]);
  single.get('b')?.resolve(found('b'));
  expect(await Promise.all([...first, later])).toEqual([...['a', 'b', 'c', 'd'].map(found), []]);
});

test('a statement that fails rejects those who share it, and nobody else', async () => {
  const { reads, single, batches } = batcher();
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((ref) => reads.read(name(ref)));
  single.get('a')?.reject(new Error('of a'));
  await expect(a).rejects.toThrow('of a');
  await vi.waitFor(() => expect(batches).toHaveLength(1));
  batches[0]?.reject(new Error('of the batch'));
  await expect(c).rejects.toThrow('of the batch');
  await expect(d).rejects.toThrow('of the batch');
  single.get('b')?.resolve(found('b'));
  expect(await b).toEqual(found('b'));
  const next = reads.read(name('e'));
  await vi.waitFor(() => expect([...single.keys()]).toContain('e'));
  single.get('e')?.resolve(found('e'));
  expect(await next).toEqual(found('e'));
});

test('a statement takes half of those who wait for an answer', async () => {
  const { reads, single, batches } = batcher();
  const refs = Array.from({ length: 10 }, (_, n) => `${n}`);
  const answers = refs.map((ref) => reads.read(name(ref)));
  single.get('0')?.resolve(found('0'));
  await vi.waitFor(() => expect(batches.map((batch) => batch.refs.length)).toEqual([5]));
  single.get('1')?.resolve(found('1'));
  await vi.waitFor(() => expect(batches.map((batch) => batch.refs.length)).toEqual([5, 3]));
  for (const { refs: asked, resolve } of batches) resolve(asked.map(found));
  expect(await Promise.all(answers)).toEqual(refs.map(found));
});

test('those who were answered together and read on at once share a statement again', async () => {
  const { reads, single, batches } = batcher();
  const twice = async (ref: string): Promise<Found[]> => [
    await reads.read(name(ref)),
    await reads.read(name(ref)),
  ];
  const answers = ['a', 'b', 'c', 'd', 'e'].map(twice);
  single.get('a')?.resolve(found('a'));
  await vi.waitFor(() => expect(batches.map(({ refs }) => refs)).toEqual([['c', 'd', 'e']]));
  batches[0]?.resolve(['c', 'd', 'e'].map(found));
  // The second read of `a` has been waiting.
  await vi.waitFor(() => expect(batches[1]?.refs).toEqual(['a', 'c', 'd']));
  single.get('b')?.resolve(found('b'));
  await vi.waitFor(() => expect(batches[2]?.refs).toEqual(['e', 'b']));
  for (const { refs, resolve } of batches) resolve(refs.map(found));
  expect(await Promise.all(answers)).toEqual(
    ['a', 'b', 'c', 'd', 'e'].map((ref) => [found(ref), found(ref)]),
  );
});

test('a read alone waits for no turn of the event loop', async () => {
  const { reads, single } = batcher();
  const first = reads.read(name('a'));
  single.get('a')?.resolve(found('a'));
  await first;
  void reads.read(name('b'));
  void reads.read(name('c'));
  expect([...single.keys()]).toEqual(['a', 'b', 'c']);
});

test('a statement takes no more than 256', async () => {
  const { reads, single, batches } = batcher();
  const refs = Array.from({ length: 602 }, (_, n) => `${n}`);
  const answers = refs.map((ref) => reads.read(name(ref)));
  single.get('0')?.resolve(found('0'));
  single.get('1')?.resolve(found('1'));
  await vi.waitFor(() => expect(batches.map((batch) => batch.refs.length)).toEqual([256, 256]));
  for (const { refs: asked, resolve } of batches) resolve(asked.map(found));
  await vi.waitFor(() => expect(batches.map((batch) => batch.refs.length)).toEqual([256, 256, 44, 44]));
  for (const { refs: asked, resolve } of batches) resolve(asked.map(found));
  expect(await Promise.all(answers)).toEqual(refs.map(found));
});
