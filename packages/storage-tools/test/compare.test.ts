import { type Change, createInMemoryStorage, type GType, type Storage } from '@gati-framework/manifest-store';
import { expect, it } from 'vitest';
import { manifest } from '../../../test/support/records.js';
import { compareLatest, compareVersions } from '../src/compare/index.js';

/** A response that is a list of users, whose names are of this type. */
function types(primitiveType: 'string' | 'number'): GType[] {
  const name: GType = { ref: 'User.name', kind: 'primitive', primitiveType };
  return [
    { ref: 'A', kind: 'object', properties: {} },
    { ref: 'B', kind: 'array', items: { ref: 'User', kind: 'object' } },
    {
      ref: 'User',
      kind: 'object',
      properties: { name: { type: name, optional: false } },
      required: ['name'],
    },
  ];
}

async function store(
  gtypes: readonly GType[],
  ...versions: readonly (readonly [string, string])[]
): Promise<Storage> {
  const storage = createInMemoryStorage();
  await storage.commit([
    ...gtypes.map((value): Change => ({ put: 'gtype', value })),
    ...versions.map(
      ([handlerId, version], i): Change => ({
        put: 'manifest',
        value: { ...manifest(handlerId, version, version), createdAt: i },
      }),
    ),
  ]);
  return storage;
}

it('latest versions differ for callers by what their types reach, and handlers that are gone break them', async () => {
  const before = await store(types('string'), ['a', '1'], ['a', '2'], ['gone', '1']);
  const after = await store(types('number'), ['a', '2'], ['new', '1']);
  expect(await compareLatest(before, after)).toEqual([
    {
      handlerId: 'a',
      before: '2',
      after: '2',
      verdict: 'breaking',
      differences: [
        {
          where: 'response User.name',
          what: 'is now number, was string',
          breaking: true,
          verdict: 'breaking',
        },
      ],
    },
    {
      handlerId: 'gone',
      before: '1',
      verdict: 'breaking',
      differences: [{ where: 'handler', what: 'is gone', breaking: true, verdict: 'breaking' }],
    },
  ]);
  expect(await compareLatest(before, after, { handlerIds: new Set(['new']) })).toEqual([]);
  expect(await compareLatest(before, before)).toEqual([]);
});

it('versions that say the same to callers do not differ for them', async () => {
  const storage = await store(types('string'), ['a', '1'], ['a', '2']);
  const version = async (name: string) => ({
    manifest: { ...manifest('a', '?'), ...(await storage.getManifest('a', name)) },
    state: storage,
  });
  expect(await compareVersions(await version('1'), await version('2'))).toEqual({
    verdict: 'compatible',
    differences: [],
  });
  const stricter = await version('2');
  const compared = await compareVersions(await version('1'), {
    ...stricter,
    manifest: { ...stricter.manifest, policies: { roles: ['admin'] }, path: '/y' },
  });
  expect(compared.verdict).toBe('breaking');
  expect(compared.differences.map(({ where, what }) => `${where} ${what}`)).toEqual([
    'path changed from /x to /y',
    'policies now need one of the roles admin',
  ]);
});

it('types that are not stored are not known', async () => {
  const [a, ...rest] = types('string') as [GType, ...GType[]];
  const before = await store([a, ...rest], ['a', '1']);
  const after = await store([a], ['a', '2']);
  expect(await compareLatest(before, after)).toMatchObject([
    {
      verdict: 'unknown',
      differences: [{ where: 'response', what: 'cannot be compared: its type is not stored' }],
    },
  ]);
});

it('others are served while many handlers are compared', async () => {
  const versions = Array.from({ length: 5_000 }, (_, i) => [`h${i}`, '1'] as const);
  const [before, after] = [
    await store(types('string'), ...versions),
    await store(types('number'), ...versions),
  ];
  let turns = 0;
  const comparing = compareLatest(before, after).finally(() => (turns = -turns));
  const count = (): void => {
    if (turns < 0) return;
    turns += 1;
    setImmediate(count);
  };
  setImmediate(count);
  expect(await comparing).toHaveLength(5_000);
  expect(-turns).toBeGreaterThan(3);
});
