import { type Change, createInMemoryStorage } from '@gati-framework/manifest-store';
import { expect, it } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { type StoreProblem, verifyStorage } from '../src/verify/index.js';

const WHOLE: readonly Change[] = [
  { put: 'gtype', value: gtype('A') },
  { put: 'gtype', value: gtype('B') },
  { put: 'manifest', value: { ...manifest('users', '1'), hooks: { before: ['auth'], after: [] } } },
  { put: 'manifest', value: manifest('users', '2') },
  {
    put: 'hookManifest',
    value: {
      handlerId: 'users',
      version: '1',
      createdAt: 1,
      hooks: [{ id: 'auth', type: 'before', level: 'global', isAsync: true }],
    },
  },
  {
    put: 'transformer',
    value: {
      id: 't',
      handlerId: 'users',
      fromVersion: '1',
      toVersion: '2',
      direction: 'forward',
      transformations: [],
      hash: 'h',
      createdAt: 1,
    },
  },
  {
    put: 'versionGraph',
    value: {
      handlerId: 'users',
      currentVersion: '2',
      latestVersion: '2',
      versions: [
        { version: '1', manifestHash: 'h', deployedAt: 1, active: true, breaking: false },
        {
          version: '2',
          manifestHash: 'h',
          deployedAt: 2,
          active: true,
          breaking: true,
          parent: '1',
          transformers: [{ to: '1', transformerId: 't' }],
        },
      ],
    },
  },
  {
    put: 'timescapeMetadata',
    value: {
      handlerId: 'users',
      version: '1',
      fingerprint: 'f',
      compatibility: { compatible: [], incompatible: [], transformable: [] },
      deployment: { strategy: 'canary', rolloutPercentage: 5, status: 'active' },
    },
  },
];

it('finds nothing wrong with a store that is whole', async () => {
  expect(await verify(WHOLE)).toEqual([]);
});

it.each([
  ['gtype', { ref: 'B' }, ['manifest users 1 gtypes.response', 'manifest users 2 gtypes.response']],
  ['hookManifest', { handlerId: 'users' }, ['manifest users 1 hooks.before[0]']],
  ['transformer', { id: 't' }, ['versionGraph users versions[1].transformers[0].transformerId']],
  [
    'manifest',
    { handlerId: 'users', version: '1' },
    [
      'transformer t fromVersion',
      'versionGraph users versions[0].version',
      'versionGraph users versions[1].parent',
      'timescapeMetadata users 1 version',
    ],
  ],
] as const)('names each place that refers to a %s that is not there', async (kind, key, places) => {
  const problems = await verify([...WHOLE, { delete: kind, key } as Change]);
  expect(problems.map((problem) => [problem.kind, ...problem.key, problem.path].join(' '))).toEqual(places);
  expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['missing']));
});

it('finds a graph that speaks of another deployment of a version', async () => {
  const problems = await verify([...WHOLE, { put: 'manifest', value: manifest('users', '2', 'other') }]);
  expect(problems).toMatchObject([
    { code: 'disagreement', kind: 'versionGraph', path: 'versions[1].manifestHash' },
  ]);
});

it('finds fields that are absent or of another type, and follows no reference of such a record', async () => {
  const { hooks: _, ...withoutHooks } = manifest('orders', '1');
  const record = { ...withoutHooks, gtypes: { request: 7, response: 'nowhere' } };
  expect(await verify([{ put: 'manifest', value: record as never }])).toMatchObject([
    { code: 'wrong-type', path: 'gtypes.request', kind: 'manifest', key: ['orders', '1'] },
    { code: 'wrong-type', path: 'hooks' },
  ]);
});

async function verify(changes: readonly Change[]): Promise<StoreProblem[]> {
  const storage = createInMemoryStorage();
  await storage.commit(changes);
  const problems: StoreProblem[] = [];
  for await (const problem of verifyStorage(storage)) problems.push(problem);
  return problems;
}
