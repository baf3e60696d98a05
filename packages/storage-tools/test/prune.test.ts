import { type Change, createInMemoryStorage, type Storage } from '@gati-framework/manifest-store';
import { expect, it } from 'vitest';
import { manifest } from '../../../test/support/records.js';
import { type PruneOptions, planPrune } from '../src/prune/index.js';
import { verifyStorage } from '../src/verify/index.js';

const NOW = 1000;

it('versions go that are decommissioned and old, with what belongs to them, and the graph forgets them', async () => {
  const storage = await orders();
  const { versions } = await prune(storage, { olderThan: 998 });
  expect(versions).toEqual([{ handlerId: 'orders', version: '1' }]);
  expect((await storage.getAllManifestVersions('orders')).map(({ version }) => version)).toEqual([
    '2',
    '3',
    '4',
    '5',
  ]);
  expect(await storage.getTimescapeMetadata('orders', '1')).toBeUndefined();
  expect((await storage.getVersionGraph('orders'))?.versions.map(({ version }) => version)).toEqual([
    '2',
    '3',
    '4',
    '5',
  ]);
});

it.each([
  ['the newest of a handler are kept', { keep: 4 }, ['1']],
  [
    'those in use are not taken, however old',
    { olderThan: 0 },
    ['1', '2 made from it', '3 made from it', '4 current'],
  ],
  [
    'those that are protected stay',
    { keep: 1, protect: (_: string, version: string) => version === '1' },
    ['1 protected', '2 made from it', '3 made from it', '4 current'],
  ],
])('%s', async (_, options, expected) => {
  const { versions } = await planPrune(await orders(), { ...options, now: NOW });
  expect(versions.map(({ version, keptFor = '' }) => [version, keptFor])).toEqual(
    expected.map((line) => {
      const [version, ...reason] = line.split(' ');
      return [version, reason.length === 0 ? '' : expect.stringContaining(reason.join(' '))];
    }),
  );
});

it('a version whose parent goes is made from the nearest that stays, and breaks what any step on the way broke', async () => {
  const storage = await orders();
  await prune(storage, { keep: 0, force: true, protect: (_, version) => version === '2' });
  expect((await storage.getVersionGraph('orders'))?.versions).toMatchObject([
    { version: '2' },
    { version: '4', parent: '2', breaking: true },
    { version: '5', parent: '4', breaking: false },
  ]);
});

it('by force, those go that others refer to, and what is left refers to nothing that is gone', async () => {
  const storage = await orders();
  await prune(storage, { keep: 0, force: true });
  expect((await storage.getVersionGraph('orders'))?.versions).toMatchObject([
    { version: '4', breaking: false, transformers: [] },
    { version: '5', parent: '4', breaking: false },
  ]);
  expect(await storage.getTransformer('t')).toBeUndefined();
  const problems = [];
  for await (const problem of verifyStorage(storage)) problems.push(problem.message);
  expect(problems.filter((problem) => !problem.includes('gtype'))).toEqual([]);
});

it('a version that has a transformer stays', async () => {
  const storage = await orders();
  await storage.commit([{ delete: 'versionGraph', key: { handlerId: 'orders' } }]);
  const { versions } = await planPrune(storage, { keep: 0, now: NOW });
  expect(versions.filter(({ keptFor }) => keptFor !== undefined)).toEqual([
    { handlerId: 'orders', version: '3', keptFor: 'transformer t refers to it' },
    { handlerId: 'orders', version: '4', keptFor: 'transformer t refers to it' },
  ]);
});

it('nothing goes when somebody has changed the handler since the plan was made', async () => {
  const storage = await orders();
  const { changes, expect: unchanged } = await planPrune(storage, { keep: 4, now: NOW });
  await storage.storeManifest(manifest('orders', '1', 'deployed again'));
  await expect(storage.commit(changes, { expect: unchanged })).rejects.toMatchObject({
    code: 'STORAGE_CONFLICT',
  });
  expect((await storage.getManifest('orders', '1'))?.hash).toBe('deployed again');
});

it('a handler that is not asked about is left as it is', async () => {
  const storage = await orders();
  await storage.storeManifest(manifest('users', '1'));
  await prune(storage, { keep: 0, force: true });
  expect(await storage.getManifest('users', '1')).toBeDefined();
});

it('a version is kept where nobody has waited for who protects it', async () => {
  const protect = (async () => true) as never;
  const { changes } = await planPrune(await orders(), { keep: 1, now: NOW, protect });
  expect(changes).toEqual([]);
});

it.each([
  [undefined, 'options'],
  [{}, 'options.olderThan'],
  [{ keep: -1 }, 'options.keep'],
  [{ keep: '1' }, 'options.keep'],
  [{ olderThan: Number.NaN }, 'options.olderThan'],
  [{ keep: 1, protects: () => true }, 'options.protects'],
  [{ keep: 1, protect: ['orders'] }, 'options.protect'],
  [{ keep: 1, force: 'no' }, 'options.force'],
])('options %o are refused', async (options, path) => {
  await expect(planPrune(await orders(), options as never)).rejects.toMatchObject({
    code: 'INVALID_OPTIONS',
    path,
  });
});

async function prune(
  storage: Storage,
  options: PruneOptions,
): Promise<Awaited<ReturnType<typeof planPrune>>> {
  const plan = await planPrune(storage, { ...options, now: NOW });
  await storage.commit(plan.changes, { expect: plan.expect });
  return plan;
}

/** Versions 1 to 5; 1 stands alone, 2 to 5 follow each other, 1 to 4 are decommissioned, but 4 is current. */
async function orders(): Promise<Storage> {
  const storage = createInMemoryStorage();
  const names = ['1', '2', '3', '4', '5'];
  const parents = [undefined, undefined, '2', '3', '4'];
  await storage.commit([
    ...names.map(
      (version, i): Change => ({
        put: 'manifest',
        value: { ...manifest('orders', version), createdAt: i + 1 },
      }),
    ),
    ...names.map(
      (version): Change => ({
        put: 'timescapeMetadata',
        value: {
          handlerId: 'orders',
          version,
          fingerprint: 'f',
          compatibility: { compatible: [], incompatible: [], transformable: [] },
          deployment: { strategy: 'rolling', status: version === '5' ? 'active' : 'decommissioned' },
        },
      }),
    ),
    {
      put: 'transformer',
      value: {
        id: 't',
        handlerId: 'orders',
        fromVersion: '4',
        toVersion: '3',
        direction: 'backward',
        transformations: [],
        hash: 'h',
        createdAt: 1,
      },
    },
    {
      put: 'versionGraph',
      value: {
        handlerId: 'orders',
        currentVersion: '4',
        latestVersion: '5',
        versions: names.map((version, i) => ({
          version,
          manifestHash: 'h',
          deployedAt: i,
          active: version >= '4',
          breaking: version === '3',
          ...(parents[i] === undefined ? {} : { parent: parents[i] }),
          ...(version === '4' ? { transformers: [{ to: '3', transformerId: 't' }] } : {}),
        })),
      },
    },
  ]);
  return storage;
}
