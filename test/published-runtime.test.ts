import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ours from '@gati-framework/runtime';
import { createBetterSqlite3Storage } from '@gati-framework/storage-better-sqlite3';
import * as published from 'gati-runtime-published';
import { expect, test } from 'vitest';

const manifest: ours.HandlerManifest = {
  handlerId: 'users.create',
  version: '1.0.0',
  path: '/users',
  method: 'POST',
  gtypes: { request: 'CreateUser', response: 'User' },
  hooks: { before: ['auth'], after: [] },
  timescapeVersion: '1',
  policies: { roles: ['admin'] },
  dependencies: { modules: ['db'] },
  hash: 'abc',
  createdAt: 1,
};

const graph: ours.VersionGraph = {
  handlerId: 'users.create',
  currentVersion: '1.0.0',
  latestVersion: '1.0.0',
  versions: [{ version: '1.0.0', manifestHash: 'abc', deployedAt: 1, active: true, breaking: false }],
};

/** What an application does with a store, through whichever runtime made it. */
async function useStore(store: published.ManifestStore | ours.ManifestStore): Promise<void> {
  await store.storeManifest(manifest);
  await store.storeManifest({ ...manifest, version: '1.1.0' });
  await store.storeHookManifest({ handlerId: 'users.create', hooks: [], createdAt: 1, version: '1.0.0' });
  await store.storeGType({ ref: 'User', kind: 'object', properties: {} });
  await store.storeVersionGraph(graph);
  expect(await store.getManifest('users.create', '1.0.0')).toEqual(manifest);
  // Both were created in the same millisecond: the one stored last is the latest.
  expect((await store.getManifest('users.create'))?.version).toBe('1.1.0');
  expect((await store.getAllManifestVersions('users.create')).map(({ version }) => version)).toEqual([
    '1.0.0',
    '1.1.0',
  ]);
  expect(await store.getHookManifest('missing')).toBeNull();
  expect(await store.listHookManifests()).toHaveLength(1);
  expect(await store.getVersionGraph('users.create')).toEqual(graph);
  expect(store.getStats()).toEqual({
    manifestCount: 2,
    gtypeCount: 1,
    transformerCount: 0,
    versionGraphCount: 1,
    timescapeMetadataCount: 0,
    hookManifestCount: 1,
  });
  await store.clear();
  expect(store.getStats().manifestCount).toBe(0);
}

test.each([
  ['ours', ours.createManifestStore],
  ['the published 2.0.8', published.createManifestStore],
] as const)('both backends work behind createManifestStore of %s', async (_, createManifestStore) => {
  await useStore(createManifestStore(ours.createInMemoryStorage()));
  const folder = mkdtempSync(join(tmpdir(), 'gati-published-'));
  const storage = createBetterSqlite3Storage({ filename: join(folder, 'store.db') });
  try {
    await useStore(createManifestStore(storage));
  } finally {
    await storage.close();
    rmSync(folder, { recursive: true });
  }
});

test('code that asks for a store with nothing else, or with new, gets one', async () => {
  await useStore(ours.createManifestStore());
  await useStore(new ours.InMemoryManifestStore());
});

test("the published runtime's own storage works behind our createManifestStore", async () => {
  const store = ours.createManifestStore(published.createInMemoryStorage());
  await store.storeManifest(manifest);
  expect(await store.getManifest('users.create')).toEqual(manifest);
});
