import { type RecordKind, StorageError } from '@gati-framework/manifest-store';
import { BaseStorage, type PreparedPut, type StorageParts } from '@gati-framework/manifest-store/backend';
import { gtype, manifest, transformer } from '@gati-framework/storage-testkit';
import { expect, test } from 'vitest';

/** Parts over an array, which note what is asked of them. */
function partsOver(asked: string[] = [], parts: Partial<StorageParts> = {}): StorageParts {
  const rows: PreparedPut[] = [];
  return {
    put(record) {
      asked.push(`put ${record.kind}`);
      rows.push(record);
    },
    find(kind, key) {
      asked.push(`find ${kind} ${key.join(' ')}`);
      return rows.find((row) => row.kind === kind && row.key.join() === key.join())?.value;
    },
    list(kind, fields) {
      asked.push(`list ${kind} ${Object.entries(fields).flat().join(' ')}`.trim());
      return rows.filter((row) => row.kind === kind).map(({ value }) => value);
    },
    count: (kind) => rows.filter((row) => row.kind === kind).length,
    clear: () => rows.splice(0),
    ...parts,
  };
}

test('each lookup asks for a key or for fields, by their names and in their order', async () => {
  const asked: string[] = [];
  const storage = new BaseStorage(partsOver(asked));
  await storage.getManifest('users', '1');
  await storage.getManifest('users');
  await storage.getAllManifestVersions('users');
  await storage.getHookManifest('users');
  await storage.listHookManifests();
  await storage.getGType('User');
  await storage.getTransformer('t');
  await storage.getTransformersForVersions('users', '1', '2');
  await storage.getVersionGraph('users');
  await storage.getTimescapeMetadata('users', '1');
  expect(asked).toEqual([
    'find manifest users 1',
    'list manifest handlerId users',
    'list manifest handlerId users',
    'find hookManifest users',
    'list hookManifest',
    'find gtype User',
    'find transformer t',
    'list transformer handlerId users fromVersion 1 toVersion 2',
    'find versionGraph users',
    'find timescapeMetadata users 1',
  ]);
});

test('nothing that is refused reaches a part', async () => {
  const asked: string[] = [];
  const storage = new BaseStorage(partsOver(asked, { maxRecordBytes: 100 }));
  const refused = { code: 'INVALID_RECORD' };
  await expect(storage.storeGType(gtype({ ref: '' }))).rejects.toMatchObject(refused);
  await expect(storage.storeGType({ ref: 'x'.repeat(100), kind: 'object' })).rejects.toMatchObject(refused);
  await expect(storage.getManifest('users', 'a\0')).rejects.toMatchObject(refused);
  await expect(storage.getTransformersForVersions('users', '1', '')).rejects.toMatchObject(refused);
  expect(asked).toEqual([]);
});

test('a storage that is not open is asked before a record is looked at', async () => {
  const assertOpen = (): void => {
    throw new StorageError('STORAGE_CLOSED', 'closed');
  };
  const storage = new BaseStorage(partsOver([], { assertOpen }));
  await expect(storage.storeGType(gtype({ ref: '' }))).rejects.toMatchObject({ code: 'STORAGE_CLOSED' });
});

test('versions are in the order of their age, those of one age as they were stored', async () => {
  const storage = new BaseStorage(partsOver());
  for (const [version, createdAt] of [
    ['a', 2],
    ['b', 1],
    ['c', 2],
    ['d', 0],
  ] as const) {
    await storage.storeManifest(manifest({ version, createdAt }));
  }
  const versions = await storage.getAllManifestVersions('users.create');
  expect(versions.map(({ version }) => version)).toEqual(['d', 'b', 'a', 'c']);
  expect((await storage.getManifest('users.create'))?.version).toBe('c');
});

test('a storage that finds the latest version by itself is asked for no list', async () => {
  const asked: string[] = [];
  const latest = async (handlerId: string): Promise<object> => manifest({ handlerId, version: 'latest' });
  const storage = new BaseStorage(partsOver(asked, { latest }));
  expect((await storage.getManifest('users', ''))?.version).toBe('latest');
  expect(asked).toEqual([]);
});

test('a list belongs to the caller, whatever array the part has answered with', async () => {
  const kept = [Object.freeze(transformer())];
  const storage = new BaseStorage(partsOver([], { list: () => kept }));
  (await storage.getTransformersForVersions('users.create', '1.0.0', '2.0.0')).length = 0;
  expect(kept).toHaveLength(1);
});

test('counts and clearing are those of the parts', async () => {
  const counts: Partial<Record<RecordKind, number>> = { gtype: 3, transformer: 1 };
  const storage = new BaseStorage(partsOver([], { count: (kind) => counts[kind] ?? 0 }));
  expect(storage.getStats()).toEqual({
    manifestCount: 0,
    hookManifestCount: 0,
    gtypeCount: 3,
    transformerCount: 1,
    versionGraphCount: 0,
    timescapeMetadataCount: 0,
  });
  const other = new BaseStorage(partsOver());
  await other.storeGType(gtype());
  await expect(other.clear()).resolves.toBeUndefined();
  expect(other.getStats().gtypeCount).toBe(0);
});

test('methods work when they are taken off the storage', async () => {
  const { storeGType, getGType } = new BaseStorage(partsOver());
  await expect(storeGType(gtype())).resolves.toBeUndefined();
  expect(await getGType('User')).toEqual(gtype());
});
