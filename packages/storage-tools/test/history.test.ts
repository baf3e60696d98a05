import { createInMemoryStorage, type Storage, type Transformer } from '@gati-framework/manifest-store';
import { expect, it } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { withoutFigures } from '../../storage-testkit/src/without-figures.js';
import { handlerLog, storageAt } from '../src/history/index.js';
import { collect } from './support/collect.js';

function transformer(id: string, handlerId: string): Transformer {
  const versions = { fromVersion: '1', toVersion: '2' } as const;
  return {
    ...{ id, handlerId, ...versions },
    direction: 'forward',
    transformations: [],
    hash: 'h',
    createdAt: 1,
  };
}

/** Revisions of the commits that touched it. */
async function revisionsOf(storage: Storage, handlerId: string, options = {}): Promise<number[]> {
  const found: number[] = [];
  for await (const { revision } of handlerLog(storage, handlerId, options)) found.push(revision);
  return found;
}

it('the past answers every read as it was, whatever was committed since', async () => {
  const storage = createInMemoryStorage();
  await storage.commit([
    { put: 'manifest', value: { ...manifest('users', '2'), createdAt: 1 } },
    { put: 'manifest', value: { ...manifest('users', '1'), createdAt: 1 } },
    { put: 'gtype', value: gtype('User', 'then') },
    { put: 'transformer', value: transformer('t', 'users') },
    { put: 'hookManifest', value: { handlerId: 'users', version: '1', createdAt: 1, hooks: [] } },
    {
      put: 'versionGraph',
      value: { handlerId: 'users', currentVersion: '1', latestVersion: '1', versions: [] },
    },
    {
      put: 'timescapeMetadata',
      value: {
        ...{ handlerId: 'users', version: '1', fingerprint: 'f' },
        compatibility: { compatible: [], incompatible: [], transformable: [] },
        deployment: { strategy: 'rolling', status: 'active' },
      },
    },
  ]);
  const answers = (from: Pick<Storage, keyof ReturnType<typeof storageAt>>) =>
    Promise.all([
      from.getManifest('users'),
      from.getManifest('users', '2'),
      from.getAllManifestVersions('users'),
      from.getHookManifest('users'),
      from.listHookManifests(),
      from.getGType('User'),
      from.getTransformer('t'),
      from.getTransformersForVersions('users', '1', '2'),
      from.getTransformersForVersions('users', '2', '1'),
      from.getVersionGraph('users'),
      from.getTimescapeMetadata('users', '1'),
      from.getHookManifest('orders'),
      from.getManifest('orders'),
      from.get({ kind: 'gtype', key: { ref: 'User' } }),
      collect(from.entries({ handlerId: 'users' })),
    ]);
  const then = await answers(storage);
  const { oldestRevision: _, ...stats } = withoutFigures(await storage.stats());
  const past = storageAt(storage, 1);
  await storage.clear();
  await storage.storeGType(gtype('User', 'now'));
  expect(await answers(past)).toEqual(then);
  expect(await past.stats()).toEqual(stats);
});

it('a past that is not there says so when it is read', async () => {
  await using storage = createInMemoryStorage();
  await expect(storageAt(storage, 7).getGType('User')).rejects.toMatchObject({
    code: 'STORAGE_COMPACTED',
    details: { at: 7, current: 0 },
  });
});

it('the log of a handler has the commits that touched it, and no others', async () => {
  const storage = createInMemoryStorage();
  await storage.storeManifest(manifest('users', '1')); // 1
  await storage.storeManifest(manifest('orders', '1')); // 2
  await storage.storeGType(gtype('users')); // 3: belongs to no handler
  await storage.storeTransformer(transformer('t', 'users')); // 4
  await storage.storeTransformer(transformer('o', 'orders')); // 5
  await storage.commit([{ delete: 'transformer', key: { id: 'o' } }]); // 6
  await storage.commit([{ delete: 'transformer', key: { id: 't' } }]); // 7
  await storage.clear(); // 8
  await storage.clear(); // 9: there was nothing left
  expect(await revisionsOf(storage, 'users')).toEqual([1, 4, 7, 8]);
  expect(await revisionsOf(storage, 'orders', { reverse: true })).toEqual([8, 6, 5, 2]);
  expect(await revisionsOf(storage, 'users', { reverse: true, limit: 2 })).toEqual([8, 7]);
  expect(await revisionsOf(storage, 'users', { after: 1, before: 8 })).toEqual([4, 7]);
  expect(await revisionsOf(storage, 'nobody')).toEqual([]);
});

it('a handler is found in a commit of more changes than are listed', async () => {
  const storage = createInMemoryStorage();
  const others = Array.from({ length: 5 }, (_, i) => ({ put: 'gtype', value: gtype(`T${i}`) }) as const);
  await storage.commit([...others, { put: 'manifest', value: manifest('users', '1') }]);
  await storage.commit([...others, { delete: 'manifest', key: { handlerId: 'users', version: '1' } }]);
  await storage.commit(others);
  expect(await revisionsOf(storage, 'users', { maxChanges: 2 })).toEqual([1, 2]);
});

it('of the changes of a commit, the log of a handler lists those that are its own or may be', async () => {
  const storage = createInMemoryStorage();
  await storage.commit([
    { put: 'manifest', value: manifest('orders', '1') },
    { put: 'manifest', value: manifest('users', '1') },
    { put: 'gtype', value: gtype('User') },
    { put: 'transformer', value: transformer('t', 'orders') },
  ]);
  const [commit] = await collect(handlerLog(storage, 'users'));
  expect(commit).toMatchObject({
    changeCount: 4,
    changes: [
      { put: 'manifest', key: { handlerId: 'users' } },
      { put: 'transformer', key: { id: 't' } },
    ],
  });
  expect(commit?.changes).toHaveLength(2);
});
