import {
  type Change,
  createInMemoryStorage,
  type Storage,
  type VersionGraph,
} from '@gati-framework/manifest-store';
import { describe, expect, it } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { type DeletionOptions, type DeletionTarget, planDeletion } from '../src/delete/index.js';
import { verifyStorage } from '../src/verify/index.js';

const ORDERS = { handlerId: 'orders' };

describe('a handler', () => {
  it('goes with all its records, and leaves those of others', async () => {
    const storage = await shop();
    const { differences, referrers } = await remove(storage, ORDERS);
    expect(referrers).toEqual([]);
    expect(differences.map(({ change, kind }) => `${change} ${kind}`).sort()).toEqual([
      'removed hookManifest',
      'removed manifest',
      'removed manifest',
      'removed manifest',
      'removed timescapeMetadata',
      'removed transformer',
      'removed versionGraph',
    ]);
    expect(await names(storage)).toEqual(['manifest users,1', 'gtype A', 'gtype B', 'gtype Unused']);
  });

  it('is kept when another one calls its hooks, unless by force', async () => {
    const storage = await shop();
    await storage.storeManifest({ ...manifest('users', '1'), hooks: { before: ['log'], after: [] } });
    const kept = await remove(storage, ORDERS);
    expect(kept).toMatchObject({
      changes: [],
      referrers: [{ kind: 'manifest', key: ['users', '1'], path: 'hooks.before[0]' }],
    });
    expect(await storage.getHookManifest('orders')).not.toBeNull();
    await remove(storage, ORDERS, { force: true });
    expect(await storage.getHookManifest('orders')).toBeNull();
  });

  it('can go when another hook manifest holds the hooks, too', async () => {
    const storage = await shop();
    await storage.storeManifest({ ...manifest('users', '1'), hooks: { before: ['log'], after: [] } });
    await storage.storeHookManifest({ ...hooks('users'), version: '1' });
    expect((await planDeletion(storage, ORDERS)).referrers).toEqual([]);
  });
});

describe('a version', () => {
  it('that nothing refers to goes with its metadata, and its graph forgets it', async () => {
    const storage = await shop();
    await storage.storeVersionGraph({ ...graph(), currentVersion: '2', latestVersion: '2' });
    await storage.storeTimescapeMetadata(metadata('3'));
    const { differences } = await remove(storage, { ...ORDERS, version: '3' });
    expect(differences).toMatchObject([
      { change: 'removed', kind: 'manifest', key: ['orders', '3'] },
      { change: 'removed', kind: 'timescapeMetadata', key: ['orders', '3'] },
      { change: 'changed', kind: 'versionGraph', fields: [{ path: 'versions[3]' }] },
    ]);
    expect((await storage.getVersionGraph('orders'))?.versions.map(({ version }) => version)).toEqual([
      '1',
      '2',
    ]);
    expect(await problems(storage)).toEqual([]);
  });

  it('that has a tag is kept unless by force, and takes the tag along', async () => {
    const storage = await shop();
    const tag = { label: 'stable', version: '3', createdAt: 1, createdBy: 'Ada' };
    const tags = [tag, { ...tag, label: 'oldest', version: '1' }];
    await storage.storeVersionGraph({ ...graph(), currentVersion: '2', latestVersion: '2', tags });
    const target = { ...ORDERS, version: '3' };
    expect((await remove(storage, target)).referrers).toMatchObject([{ path: 'tags[0].version' }]);
    expect(await storage.getManifest('orders', '3')).toBeDefined();
    await remove(storage, target, { force: true });
    expect((await storage.getVersionGraph('orders'))?.tags).toEqual([tags[1]]);
    expect(await problems(storage)).toEqual([]);
  });

  it('is kept when it is current or latest, others were made from it, or a transformer reaches it', async () => {
    const storage = await shop();
    const paths = async (version: string): Promise<string[]> => {
      const { changes, referrers } = await planDeletion(storage, { ...ORDERS, version });
      expect(changes).toEqual([]);
      return referrers.map(({ kind, path }) => `${kind} ${path}`);
    };
    expect(await paths('1')).toEqual(['versionGraph versions[1].parent', 'transformer fromVersion']);
    expect(await paths('2')).toEqual(['versionGraph versions[2].parent', 'transformer toVersion']);
    expect(await paths('3')).toEqual(['versionGraph currentVersion', 'versionGraph latestVersion']);
  });

  it('by force goes all the same: what was made from it follows what it was made from, and others are current', async () => {
    const storage = await shop();
    await remove(storage, { ...ORDERS, version: '2' }, { force: true });
    expect(await storage.getVersionGraph('orders')).toMatchObject({
      currentVersion: '3',
      versions: [
        { version: '1', transformers: [] },
        { version: '3', parent: '1', breaking: true },
      ],
    });
    expect(await storage.getTransformer('t')).toBeUndefined();
    await remove(storage, { ...ORDERS, version: '3' }, { force: true });
    expect(await storage.getVersionGraph('orders')).toMatchObject({
      currentVersion: '1',
      latestVersion: '1',
    });
    expect(await problems(storage)).toEqual([]);
    await remove(storage, { ...ORDERS, version: '1' }, { force: true });
    expect(await storage.getVersionGraph('orders')).toBeUndefined();
  });

  it('that was current gives way to the one that it was made from, and as the latest to the newest', async () => {
    const storage = await shop();
    const [one, two, three] = graph().versions as [Node, Node, Node];
    const versions = [one, { ...two, parent: '1' }, { ...three, parent: '1' }];
    await storage.storeVersionGraph({ ...graph(), versions });
    await remove(storage, { ...ORDERS, version: '3' }, { force: true });
    expect(await storage.getVersionGraph('orders')).toMatchObject({
      currentVersion: '1',
      latestVersion: '2',
    });
  });
});

describe('a record', () => {
  it('goes by its kind and key when nothing names it', async () => {
    const storage = await shop();
    await remove(storage, { kind: 'gtype', key: ['Unused'] });
    await remove(storage, { kind: 'timescapeMetadata', key: ['orders', '1'] });
    expect(await names(storage)).not.toContain('gtype Unused');
    expect(await storage.getTimescapeMetadata('orders', '1')).toBeUndefined();
  });

  it.each([
    ['gtype', ['A'], 4, 'manifest gtypes.request'],
    ['transformer', ['t'], 1, 'versionGraph versions[0].transformers[0].transformerId'],
    ['manifest', ['orders', '2'], 3, 'transformer toVersion'],
  ] as const)('is kept while others name it: %s %o', async (kind, key, count, first) => {
    const storage = await shop();
    const { changes, referrers } = await planDeletion(storage, { kind, key });
    expect(changes).toEqual([]);
    expect(referrers).toHaveLength(count);
    expect(referrers.map((referrer) => `${referrer.kind} ${referrer.path}`)).toContain(first);
  });

  it('is kept while another type stands for it', async () => {
    const storage = await shop();
    const type = { ref: 'Unused', kind: 'object' } as const;
    await storage.storeGType({ ref: 'List', kind: 'array', items: type });
    expect((await planDeletion(storage, { kind: 'gtype', key: ['Unused'] })).referrers).toEqual([
      { kind: 'gtype', key: ['List'], path: 'a type inside that is Unused' },
    ]);
  });

  it('that is a transformer is forgotten by the graph when it goes by force', async () => {
    const storage = await shop();
    await remove(storage, { kind: 'transformer', key: ['t'] }, { force: true });
    expect((await storage.getVersionGraph('orders'))?.versions[0]).toMatchObject({ transformers: [] });
    expect(await problems(storage)).toEqual([]);
  });

  it.each([
    [{ kind: 'gtype', key: ['a'] }, 'target'],
    [{ handlerId: 'order' }, 'target'],
    [{ handlerId: 'orders', version: '4' }, 'target'],
    [{ handlerId: '' }, 'target.handlerId'],
    [{ kind: 'handler', key: ['orders'] }, 'target.kind'],
    [{ kind: 'manifest', key: ['orders'] }, 'target.key.version'],
  ] as const)('that there is not is refused: %o', async (target, path) => {
    await expect(planDeletion(await shop(), target as never)).rejects.toMatchObject({ path });
  });
});

it('nothing goes when somebody has changed one of the records since the plan was made', async () => {
  const storage = await shop();
  const { changes, expect: unchanged } = await planDeletion(storage, ORDERS);
  await storage.storeManifest(manifest('orders', '2', 'deployed again'));
  await expect(storage.commit(changes, { expect: unchanged })).rejects.toMatchObject({
    code: 'STORAGE_CONFLICT',
  });
  expect(await storage.getVersionGraph('orders')).toBeDefined();
});

type Node = VersionGraph['versions'][number];

async function remove(
  storage: Storage,
  target: DeletionTarget,
  options?: DeletionOptions,
): Promise<Awaited<ReturnType<typeof planDeletion>>> {
  const plan = await planDeletion(storage, target, options);
  if (plan.changes.length > 0) await storage.commit(plan.changes, { expect: plan.expect });
  return plan;
}

async function names(storage: Storage): Promise<string[]> {
  const found = [];
  for await (const { kind, key } of storage.entries()) found.push(`${kind} ${Object.values(key)}`);
  return found;
}

async function problems(storage: Storage): Promise<string[]> {
  const found = [];
  for await (const { message } of verifyStorage(storage)) found.push(message);
  return found;
}

function hooks(handlerId: string): Parameters<Storage['storeHookManifest']>[0] {
  const hook = { id: 'log', type: 'before', level: 'handler', isAsync: false } as const;
  return { handlerId, version: '1', createdAt: 1, hooks: [hook] };
}

function metadata(version: string): Parameters<Storage['storeTimescapeMetadata']>[0] {
  return {
    ...{ handlerId: 'orders', version, fingerprint: 'f' },
    compatibility: { compatible: [], incompatible: [], transformable: [] },
    deployment: { strategy: 'rolling', status: 'active' },
  };
}

/** 1 to 3 follow each other; 3 is current and latest, and 2 breaks callers of 1. */
function graph(): VersionGraph {
  const versions = ['1', '2', '3'].map((version, i) => ({
    ...{ version, manifestHash: 'h', deployedAt: i, active: true, breaking: version === '2' },
    ...(i === 0 ? { transformers: [{ to: '2', transformerId: 't' }] } : { parent: String(i) }),
  }));
  return { ...ORDERS, versions, currentVersion: '3', latestVersion: '3' };
}

async function shop(): Promise<Storage> {
  const storage = createInMemoryStorage();
  const manifests = ['1', '2', '3'].map((version) => manifest('orders', version));
  await storage.commit([
    ...[...manifests, manifest('users', '1')].map((value): Change => ({ put: 'manifest', value })),
    { put: 'hookManifest', value: hooks('orders') },
    ...['A', 'B', 'Unused'].map((ref): Change => ({ put: 'gtype', value: gtype(ref) })),
    {
      put: 'transformer',
      value: {
        ...{ id: 't', handlerId: 'orders', fromVersion: '1', toVersion: '2', direction: 'forward' },
        ...{ transformations: [], hash: 'h', createdAt: 1 },
      },
    },
    { put: 'versionGraph', value: graph() },
    { put: 'timescapeMetadata', value: metadata('1') },
  ]);
  return storage;
}
