import { type Change, createInMemoryStorage, StorageError } from '@gati-framework/manifest-store';
import { VersionRegistry } from '@gati-framework/runtime/timescape/registry';
import type { TSV } from '@gati-framework/runtime/timescape/types';
import { createManifestView } from '@gati-framework/runtime-adapter';
import { createVersionRegistry, currentVersionAt } from '@gati-framework/runtime-adapter/timescape';
import { planPrune } from '@gati-framework/storage-tools/prune';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { graphOf, manifestOf } from './support/records.js';
import { opened, register, routeManagerOf } from './support/registries.js';

const DAY = 86_400_000;
const SECONDS = Math.floor(Date.now() / 1000) - 3_600;
const FIRST: TSV = `tsv:${SECONDS}-users-001`;
const SECOND: TSV = `tsv:${SECONDS + 60}-users-002`;

const codeOf = (error: unknown) => (error instanceof StorageError ? error.code : error);

describe('a registry behind the route manager of the runtime', () => {
  test('finds versions by label, time and name, in the instance that registered them and in another one', async () => {
    const storage = createInMemoryStorage();
    const registry = await opened(storage);
    const manager = routeManagerOf(registry);
    register(manager, '/users', FIRST, manifestOf('users', '1'));
    register(manager, '/users', SECOND, manifestOf('users', '2'));
    expect(manager.resolveVersion('/users')).toBe(SECOND); // before it is stored
    await registry.tagVersion(FIRST, 'stable', 'Ada');

    const other = routeManagerOf(await opened(storage));
    expect(other.resolveVersion('/users', { version: 'stable' })).toBe(FIRST);
    expect(other.resolveVersion('/users', {}, { 'x-gati-version': String(SECONDS + 30) })).toBe(FIRST);
    expect(other.resolveVersion('/users', { v: SECOND })).toBe(SECOND);
    expect(other.resolveVersion('/users')).toBe(SECOND);
    expect(other.resolveVersion('/users', { version: 'production' })).toMatchObject({ code: 'NO_VERSION' });
  });

  test('stores nothing anew when an instance starts again with the same versions', async () => {
    const storage = createInMemoryStorage();
    for (let start = 0; start < 2; start++) {
      const registry = await opened(storage);
      const manager = routeManagerOf(registry);
      register(manager, '/users', FIRST, manifestOf('users', '1'));
      register(manager, '/users', SECOND, manifestOf('users', '2'));
      await registry.flush();
    }
    expect((await storage.stats()).revision).toBe(1);
  });

  test('counts requests without a commit for each, and adds up what instances counted', async () => {
    const storage = createInMemoryStorage();
    const registries = [await opened(storage), await opened(storage)];
    await registries[0]?.registerVersion('/users', FIRST, { hash: 'a' });
    const { revision } = await storage.stats();
    await Promise.all(
      registries.map(async (registry) => {
        const manager = routeManagerOf(registry);
        register(manager, '/users', FIRST, { ...manifestOf('users', '1'), hash: 'a' });
        for (let i = 0; i < 500; i++)
          await manager.routeRequest({ path: '/users', method: 'GET', headers: {}, query: {} } as never);
      }),
    );
    expect(registries[0]?.getVersionInfo(FIRST)).toMatchObject({ requestCount: 500, status: 'hot' });
    expect((await storage.stats()).revision).toBe(revision);
    await Promise.all(registries.map((registry) => registry.flush()));
    expect((await storage.stats()).revision).toBe(revision + 2);
    const metadata = await storage.getTimescapeMetadata('/users', FIRST);
    expect(metadata?.metrics).toMatchObject({ requestCount: 1_000 });
    for (const registry of registries) {
      await vi.waitUntil(() => registry.getVersionInfo(FIRST)?.requestCount === 1_000);
      registry.recordRequest(FIRST);
    }
    await Promise.all(registries.map((registry) => registry.close()));
    expect((await storage.getTimescapeMetadata('/users', FIRST))?.metrics?.requestCount).toBe(1_002);
  });
});

test('counts that cannot be written are written later, and none of them twice', async () => {
  const storage = createInMemoryStorage();
  const registry = await opened(storage);
  await registry.registerVersion('/users', FIRST, {});
  const commit = vi.spyOn(storage, 'commit');
  commit.mockRejectedValueOnce(new StorageError('STORAGE_UNAVAILABLE', 'The server is away.'));
  registry.recordRequest(FIRST);
  await expect(registry.flush()).rejects.toThrow('away');
  expect(registry.getVersionInfo(FIRST)?.requestCount).toBe(1);
  registry.recordRequest(FIRST);
  await registry.flush();
  await registry.flush();
  expect((await storage.getTimescapeMetadata('/users', FIRST))?.metrics?.requestCount).toBe(2);
  expect(() => createVersionRegistry(storage, { usageInterval: 1_000 })).toThrow('at least 60000');
});

describe('labels', () => {
  test('are of a handler, point to one version, and several may point to the same', async () => {
    const storage = createInMemoryStorage();
    const registry = await opened(storage);
    const orders: TSV = `tsv:${SECONDS}-orders-001`;
    await Promise.all([
      registry.registerVersion('/users', FIRST, { tags: ['stable'] }),
      registry.registerVersion('/users', SECOND, {}),
      registry.registerVersion('/orders', orders, {}),
    ]);
    await Promise.all([
      registry.tagVersion(orders, 'stable'),
      registry.tagVersion(SECOND, 'stable', 'Ada'),
      registry.tagVersion(SECOND, 'production', 'Ada'),
    ]);
    const other = await opened(storage);
    expect(other.getVersionByTag('/users', 'stable')).toBe(SECOND);
    expect(other.getVersionByTag('/orders', 'stable')).toBe(orders);
    expect(other.getTagsForVersion(SECOND)).toEqual(['stable', 'production']);
    expect(other.getTagsForVersion(FIRST)).toEqual([]);
    expect(other.getAllTags()).toHaveLength(3);
    expect(other.getAllTags()[0]).toMatchObject({ label: 'stable', tsv: SECOND, createdBy: 'Ada' });

    expect(other.untagVersion('stable', '/users')).toBe(true);
    expect(other.untagVersion('nightly')).toBe(false);
    expect(other.getVersionByTag('/users', 'stable')).toBeUndefined();
    await other.flush();
    await vi.waitUntil(() => registry.getVersionByTag('/users', 'stable') === undefined);
    expect(registry.getVersionByTag('/orders', 'stable')).toBe(orders);
  });

  test('keep a deactivated version from being pruned, also by force', async () => {
    const storage = createInMemoryStorage();
    const createdAt = Date.now() - 90 * DAY;
    const versions = ['1', '2', '3'];
    const manifests = versions.map(
      (version, i): Change => ({
        put: 'manifest',
        value: manifestOf('users', version, { createdAt: createdAt + i }),
      }),
    );
    await storage.commit([...manifests, { put: 'versionGraph', value: graphOf('users', versions, '3') }]);
    const registry = await opened(storage);
    const [first, second] = registry.getVersions('users').map(({ tsv }) => tsv) as [TSV, TSV];
    await Promise.all([
      registry.tagVersion(first, 'stable'),
      registry.markCold(first),
      registry.markCold(second),
    ]);
    const options = { olderThan: DAY, force: true };
    const plan = await planPrune(storage, options);
    expect(plan.versions).toEqual([
      { handlerId: 'users', version: '1', keptFor: 'it is tagged stable' },
      { handlerId: 'users', version: '2' },
    ]);
    await storage.commit(plan.changes, { expect: plan.expect });
    registry.untagVersion('stable');
    await registry.flush();
    expect((await planPrune(storage, options)).versions).toEqual([{ handlerId: 'users', version: '1' }]);
  });
});

describe('a version', () => {
  test('is hot, warm or cold by age and use, and cold for good once it is deactivated', async () => {
    const storage = createInMemoryStorage();
    const at = (days: number): TSV => `tsv:${Math.floor((Date.now() - days * DAY) / 1000)}-users-${days}`;
    const registry = await opened(storage);
    const ages = [0, 2, 9];
    await Promise.all(ages.map((days) => registry.registerVersion('users', at(days), {})));
    const statuses = () => ages.map((days) => registry.getVersionInfo(at(days))?.status);
    expect(statuses()).toEqual(['hot', 'warm', 'cold']);
    expect(registry.getUsageStats('users')).toMatchObject({ hot: 1, warm: 1, cold: 1, totalVersions: 3 });
    for (const days of [2, 9]) registry.recordRequest(at(days));
    expect(statuses()).toEqual(['hot', 'warm', 'warm']);
    for (let i = 0; i < 100; i++) registry.recordRequest(at(9));
    expect(statuses()).toEqual(['hot', 'warm', 'hot']);

    await registry.markCold(at(9));
    registry.recordRequest(at(9));
    expect(statuses()).toEqual(['hot', 'warm', 'cold']);
    expect(registry.getActiveVersions('users')).toEqual([at(2), at(0)]);
    expect((await storage.getTimescapeMetadata('users', at(9)))?.deployment.status).toBe('decommissioned');
    await registry.updateVersionStatus(at(9), 'warm');
    expect(statuses()).toEqual(['hot', 'warm', 'hot']);
    registry.updateClassificationConfig({ hotThresholdRequests: 1_000 });
    expect(statuses()).toEqual(['hot', 'warm', 'warm']);
  });

  test('that was deployed without the runtime has the same name in every instance', async () => {
    const storage = createInMemoryStorage();
    await storage.commit([
      { put: 'manifest', value: manifestOf('users.get', '1.0.0') },
      { put: 'manifest', value: manifestOf('users-get', '1.0.0') },
      { put: 'versionGraph', value: graphOf('users-get', ['1.0.0'], '1.0.0') },
    ]);
    const view = createManifestView(storage);
    onTestFinished(() => view.close());
    const registries = [await opened(storage), await opened(storage, { view })];
    const names = registries.map((registry) =>
      ['users.get', 'users-get'].map((id) => registry.getLatestVersion(id)),
    );
    expect(names[0]).toEqual(names[1]);
    expect(new Set(names[0]).size).toBe(2);
    for (const name of names[0] ?? []) expect(name).toMatch(/^tsv:\d+-[a-zA-Z0-9_-]+-\d+$/);

    const manager = routeManagerOf(registries[1] as never);
    expect(manager.resolveVersion('users.get', { v: String(names[0]?.[0]) })).toBe(names[0]?.[0]);
    const copy = VersionRegistry.deserialize(registries[0]?.serialize() ?? '');
    expect(copy.getVersions('users.get')).toEqual(registries[0]?.getVersions('users.get'));
  });

  test('is found by when it was deployed, and what was current then by the history', async () => {
    const storage = createInMemoryStorage();
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const registry = await opened(storage);
    await registry.registerVersion('users', FIRST, {});
    await registry.registerVersion('users', SECOND, {});
    expect(registry.getVersionAt('users', SECONDS - 1)).toBeUndefined();
    expect(registry.getVersionAt('users', SECONDS + 59)).toBe(FIRST);
    expect(registry.getVersionAt('users', SECONDS + 60)).toBe(SECOND);
    expect(registry.getCurrentVersion('users')).toBe(SECOND);

    const graph = await storage.getVersionGraph('users');
    if (graph === undefined) throw new Error('There is no graph.');
    await storage.storeVersionGraph({ ...graph, currentVersion: FIRST });
    await vi.waitUntil(() => registry.getCurrentVersion('users') === FIRST);
    const moments: number[] = [];
    for await (const { committedAt } of storage.log()) moments.push(committedAt);
    const [first = 0, , last = 0] = moments;
    expect(await currentVersionAt(storage, 'users', first - 1)).toBeUndefined();
    expect(await currentVersionAt(storage, 'users', new Date(last + 60_000))).toBe(FIRST);
  });
});

describe('a change', () => {
  test('by many instances at once is made by each of them', async () => {
    const storage = createInMemoryStorage();
    const registries = await Promise.all(Array.from({ length: 4 }, () => opened(storage)));
    const name = (instance: number, i: number): TSV => `tsv:${SECONDS + i}-of${instance}-${i}`;
    await Promise.all(
      registries.flatMap((registry, instance) =>
        Array.from({ length: 10 }, async (_, i) => {
          await registry.registerVersion('users', name(instance, i), {});
          await registry.tagVersion(name(instance, i), `label-${instance}-${i}`);
        }),
      ),
    );
    const graph = await storage.getVersionGraph('users');
    expect(graph?.versions).toHaveLength(40);
    expect(graph?.tags).toHaveLength(40);
    expect(new Set(graph?.versions.map(({ version }) => version)).size).toBe(40);
  });

  test('that is refused or fails is gone again, and ends nobody who ignores it', async () => {
    const storage = createInMemoryStorage();
    const registry = await opened(storage);
    expect(await registry.tagVersion(FIRST, 'stable').catch(codeOf)).toBe('INVALID_OPTIONS');
    expect(await registry.markCold(FIRST).catch(codeOf)).toBe('INVALID_OPTIONS');
    expect(await registry.registerVersion('timescape:timeline/x', FIRST, {}).catch(codeOf)).toBe(
      'INVALID_OPTIONS',
    );
    vi.spyOn(storage, 'commit').mockRejectedValue(new StorageError('STORAGE_READONLY', 'It is read-only.'));
    void registry.registerVersion('users', FIRST, {}); // as the runtime does
    expect(registry.getLatestVersion('users')).toBe(FIRST);
    await registry.flush();
    expect(registry.getLatestVersion('users')).toBeUndefined();
    expect(await registry.registerVersion('users', FIRST, {}).catch(codeOf)).toBe('STORAGE_READONLY');
    await registry.close();
    expect(await registry.registerVersion('users', FIRST, {}).catch(codeOf)).toBe('STORAGE_CLOSED');
    const unopened = createVersionRegistry(storage);
    expect(await unopened.registerVersion('users', FIRST, {}).catch(codeOf)).toBe('STORAGE_NOT_OPEN');
  });
});

test('versions of modules, schemas and the configuration are shared, with those before', async () => {
  const storage = createInMemoryStorage();
  const [registry, other] = [await opened(storage), await opened(storage)];
  const artifact = (type: 'module' | 'config', version: TSV) => ({ id: 'mailer', type, version, hash: 'h' });
  await registry.register(artifact('module', 'tsv:1-mailer-1'));
  await registry.register(artifact('module', 'tsv:2-mailer-2'));
  await registry.register(artifact('config', 'tsv:3-mailer-1'));
  await registry.register(artifact('config', 'tsv:3-mailer-1')); // as it starts again
  await vi.waitUntil(() => other.getConfigVersion() === 'tsv:3-mailer-1');
  expect(other.get('module', 'mailer')).toBe('tsv:2-mailer-2');
  expect(other.getHistory('module', 'mailer')).toEqual(['tsv:1-mailer-1', 'tsv:2-mailer-2']);
  expect((await opened(storage)).getAll().modules).toEqual({ mailer: 'tsv:2-mailer-2' });
  expect((await storage.stats()).revision).toBe(3);
});
