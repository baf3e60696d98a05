import { createInMemoryStorage, StorageError } from '@gati-framework/manifest-store';
import { JSONTimelineStore } from '@gati-framework/runtime/timescape/timeline-store';
import type { ArtifactType, ChangeLogItem, TSV } from '@gati-framework/runtime/timescape/types';
import { createManifestView } from '@gati-framework/runtime-adapter';
import { createTimelineStore, storeTransformer } from '@gati-framework/runtime-adapter/timescape';
import { verifyStorage } from '@gati-framework/storage-tools/verify';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { graphOf, manifestOf, transformerOf } from './support/records.js';

const SEED = 20_261_129;
const codeOf = (error: unknown) => (error instanceof StorageError ? error.code : error);

const types: ArtifactType[] = ['config', 'module', 'route', 'plugin'];
const item = fc.record({
  timestamp: fc.nat(20),
  type: fc.constantFrom(...types),
  actor: fc.constantFrom('Ada', 'Grace'),
  payload: fc.jsonValue({ maxDepth: 1 }),
  parents: fc.constant<TSV[]>([]),
});
const filter = fc.record(
  {
    from: fc.nat(20),
    to: fc.nat(20),
    type: fc.constantFrom(...types),
    actor: fc.constantFrom('Ada', 'Nobody'),
  },
  { requiredKeys: [] },
);

test('a timeline answers as the one of the runtime does, oldest first, in every instance', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(item, { maxLength: 12 }),
      fc.array(filter, { maxLength: 6 }),
      async (items, filters) => {
        const storage = createInMemoryStorage();
        const [mine, other] = [createTimelineStore(storage), createTimelineStore(storage)];
        const theirs = new JSONTimelineStore();
        // Their file has its notes in the order in which they came; that of a database is by time.
        const inOrder = [...items].sort((a, b) => a.timestamp - b.timestamp);
        for (const [i, given] of inOrder.entries()) {
          const noted: ChangeLogItem = { ...given, id: `tsv:${given.timestamp}-note-${i}` };
          await mine.append(noted);
          await theirs.append(noted);
        }
        const sorted = (list: ChangeLogItem[]) => list.map(({ id }) => id).sort();
        for (const asked of filters) {
          const found = await other.query(asked);
          expect(sorted(found)).toEqual(sorted(await theirs.query(asked)));
          expect(found).toEqual(found.toSorted((a, b) => a.timestamp - b.timestamp));
        }
        for (const type of types)
          expect(await other.getLatest(type, 'any')).toEqual(await theirs.getLatest(type, 'any'));
      },
    ),
    { seed: SEED, numRuns: 60 },
  );
});

test('a note is stored once, and no other one under its id', async () => {
  const storage = createInMemoryStorage();
  const timeline = createTimelineStore(storage);
  const note: ChangeLogItem = {
    id: 'tsv:1-a-1',
    timestamp: 1,
    type: 'module',
    actor: 'Ada',
    payload: { a: 1 },
    parents: [],
  };
  await timeline.append(note);
  await timeline.append({ ...note, diff: undefined });
  expect(await timeline.append({ ...note, actor: 'Grace' }).catch(codeOf)).toBe('STORAGE_CONFLICT');
  expect(await timeline.append({ ...note, type: 'other' as never }).catch(codeOf)).toBe('INVALID_OPTIONS');
  expect(await timeline.query({})).toEqual([note]);
  await timeline.close();
  expect(await timeline.query({}).catch(codeOf)).toBe('STORAGE_CLOSED');

  // Notes are of no handler: nothing misses a manifest of theirs, and a view does not hold them.
  const problems = [];
  for await (const problem of verifyStorage(storage)) problems.push(problem);
  expect(problems).toEqual([]);
  const view = createManifestView(storage);
  await view.open();
  expect(view.handlerIds()).toEqual([]);
  expect(view.listTimescapeMetadata('timescape:timeline/module')).toEqual([]);
  await view.close();
});

test('a transformer is stored for good: the same one is there already, and another one is refused', async () => {
  const storage = createInMemoryStorage();
  await storage.commit([
    { put: 'manifest', value: manifestOf('users', '1') },
    { put: 'manifest', value: manifestOf('users', '2') },
    { put: 'versionGraph', value: graphOf('users', ['1', '2'], '2') },
  ]);
  const transformer = transformerOf('t', 'users', '1', '2');
  expect(await storeTransformer(storage, transformer)).toBe(true);
  expect(await storeTransformer(storage, { ...transformer, createdAt: 5 })).toBe(false);
  expect(await storeTransformer(storage, { ...transformer, hash: 'x' }).catch(codeOf)).toBe(
    'STORAGE_CONFLICT',
  );
  const rival = { ...transformer, id: 'u', hash: 'x' };
  await expect(storeTransformer(storage, rival)).rejects.toThrow('Transformer t from 1 to 2');
  expect(await storeTransformer(storage, { ...rival, direction: 'backward' })).toBe(true);
  const graph = await storage.getVersionGraph('users');
  expect(graph?.versions[0]?.transformers).toEqual([
    { to: '2', transformerId: 't' },
    { to: '2', transformerId: 'u' },
  ]);
  expect(await storage.getTransformer('t')).toEqual(transformer);
});

test.each([
  ['of a handler that is deployed', ['1', '2']],
  ['of a handler of which nothing is stored yet', []],
])(
  'of two instances that store different transformers for one pair %s, one is refused',
  async (_, versions) => {
    const storage = createInMemoryStorage();
    await storage.commit(versions.map((v) => ({ put: 'manifest', value: manifestOf('users', v) }) as const));
    const results = await Promise.all(
      ['t', 'u', 'v'].map((id) =>
        storeTransformer(storage, transformerOf(id, 'users', '1', '2')).catch(codeOf),
      ),
    );
    expect(results.filter((result) => result === true)).toHaveLength(1);
    expect(results.filter((result) => result === 'STORAGE_CONFLICT')).toHaveLength(2);
    expect(await storage.getTransformersForVersions('users', '1', '2')).toHaveLength(1);
  },
);
