import { join } from 'node:path';
import type { Change, HandlerManifest } from '@gati-framework/manifest-store';
import { openStorage } from '@gati-framework/storage-tools';
import { beforeEach, expect, test } from 'vitest';
import { manifest } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { type Result, runCommand, type Surroundings } from './support/command.js';

const node = { manifestHash: 'h', active: true, breaking: false };

/** A handler is called as the options that might be taken for it; names hold what a terminal would obey. */
const CHANGES: readonly Change[] = [
  { put: 'manifest', value: { ...manifest('gtype', '1'), createdAt: 0 } },
  { put: 'manifest', value: { ...manifest('gtype', '2'), createdAt: 86_400_000 } },
  {
    put: 'gtype',
    value: {
      ref: 'User',
      kind: 'object',
      description: 'Somebody.\u001b[2J',
      properties: {
        name: { type: { ref: '', kind: 'primitive', primitiveType: 'string' }, optional: false },
        age: {
          type: {
            ref: '',
            kind: 'primitive',
            primitiveType: 'number',
            validators: [{ type: 'max', value: 10n ** 20n }],
          },
          optional: true,
        },
      },
    },
  },
  {
    put: 'hookManifest',
    value: {
      handlerId: 'gtype',
      version: '2',
      createdAt: 0,
      hooks: [
        {
          id: 'auth',
          type: 'before',
          level: 'global',
          isAsync: true,
          timeout: 250,
          retries: 2,
          sourceLocation: { file: 'src/auth.ts', line: 3, column: 1 },
        },
        { id: 'log\u202e', type: 'after', level: 'handler', isAsync: false },
      ],
    },
  },
  {
    put: 'transformer',
    value: {
      id: 'gtype-1-2',
      handlerId: 'gtype',
      fromVersion: '1',
      toVersion: '2',
      direction: 'forward',
      transformations: [
        { path: 'items[].price', type: 'rename', details: { to: 'cost', limit: Number.NaN } },
      ],
      hash: 'abc',
      createdAt: 0,
    },
  },
  {
    put: 'versionGraph',
    value: {
      handlerId: 'gtype',
      currentVersion: '1',
      latestVersion: '3',
      versions: [
        { version: '1', deployedAt: 0, ...node },
        { version: '3', deployedAt: 172_800_000, ...node, parent: '1', breaking: true, active: false },
      ],
    },
  },
  {
    put: 'timescapeMetadata',
    value: {
      handlerId: 'gtype',
      version: '1',
      fingerprint: 'f1',
      compatibility: { compatible: ['0', '2'], incompatible: ['3'], transformable: [] },
      deployment: { strategy: 'canary', rolloutPercentage: 25, status: 'draining' },
      metrics: { requestCount: 1200, errorRate: 0.0125, avgLatency: 18.5, lastUpdated: 0 },
    },
  },
  {
    put: 'timescapeMetadata',
    value: {
      handlerId: 'gtype',
      version: '2',
      fingerprint: 'f2',
      compatibility: { compatible: [], incompatible: [], transformable: [] },
      deployment: { strategy: 'rolling', status: 'pending' },
    },
  },
];

let store: string;

beforeEach(async () => {
  store = `sqlite:${join(temporaryFolder(), 'gati.db')}`;
  await using storage = await openStorage(store);
  await storage.commit(CHANGES);
});

function show(args: readonly string[], more: Surroundings = {}): Promise<Result> {
  return runCommand(['show', ...args, '--store', store], more);
}

test('a handler that is called gtype is shown, in the version that follows it or the latest', async () => {
  expect((await show(['gtype'])).out).toContain('gtype  GET /x\nversion 2, latest is 3\n');
  expect((await show(['gtype', '1'])).out).toContain('\nversion 1, latest is 3\n');
  expect((await show(['gtype', '--version', '1'])).out).toBe((await show(['gtype', '1'])).out);
  expect(JSON.parse((await show(['gtype', '1', '--json'])).out)).toMatchObject({
    manifest: { version: '1' },
  });
});

test('--versions shows every version that there is something of, and what is particular about it', async () => {
  expect((await show(['gtype', '--versions'])).out).toBe(
    [
      'VERSION  STORED                    FROM  STATUS    NOTES',
      '1        1970-01-01T00:00:00.000Z  -     draining  current',
      '2        1970-01-02T00:00:00.000Z  -     pending   not in the graph',
      '3        1970-01-03T00:00:00.000Z  1     -         breaking, latest, inactive, no manifest',
      '',
    ].join('\n'),
  );
  expect(JSON.parse((await show(['gtype', '--versions', '--json'])).out)).toMatchObject({
    handlerId: 'gtype',
    versions: [{ version: '1', status: 'draining', marks: ['current'] }, { version: '2' }, { parent: '1' }],
  });
});

test('--gtype shows a type, in words that no terminal obeys', async () => {
  expect(await show(['--gtype', 'User'])).toEqual({
    code: 0,
    err: '',
    out: 'GType User\nSomebody.\\u001b[2J\n\n{\n  name: string\n  age?: number (max 100000000000000000000)\n}\n',
  });
  const { properties } = JSON.parse((await show(['--gtype', 'User', '--json'])).out);
  expect(properties.age.type.validators).toEqual([{ type: 'max', value: '100000000000000000000' }]);
});

test('--hooks shows the hooks of a handler', async () => {
  expect((await show(['gtype', '--hooks'])).out).toBe(
    [
      'hooks of gtype, version 2, stored 1970-01-01T00:00:00.000Z',
      '',
      'HOOK       TYPE    LEVEL    RUNS   TIMEOUT  RETRIES  SOURCE',
      'auth       before  global   async  250 ms   2        src/auth.ts:3:1',
      'log\\u202e  after   handler  sync   -        -        -',
      '',
    ].join('\n'),
  );
  expect(JSON.parse((await show(['gtype', '--hooks', '--json'])).out)).toMatchObject({
    handlerId: 'gtype',
    hooks: [{ id: 'auth' }, { id: 'log\u202e' }],
  });
});

test('--transformer shows what it does', async () => {
  expect((await show(['--transformer', 'gtype-1-2'])).out).toBe(
    [
      'transformer gtype-1-2',
      'gtype  1 -> 2, forward',
      'stored 1970-01-01T00:00:00.000Z, hash abc',
      '',
      'PATH           CHANGE  DETAILS',
      'items[].price  rename  {"to":"cost","limit":"NaN"}',
      '',
    ].join('\n'),
  );
  const { transformations } = JSON.parse((await show(['--transformer', 'gtype-1-2', '--json'])).out);
  expect(transformations[0].details).toEqual({ to: 'cost', limit: 'NaN' });
});

test('a record without a hash has none', async () => {
  const { hash: _, ...value } = manifest('unhashed', '1');
  {
    await using storage = await openStorage(store);
    await storage.commit([{ put: 'manifest', value: value as HandlerManifest }]);
  }
  expect((await show(['unhashed'])).out).toMatch(/\nstored [\d:.TZ-]+\n/);
});

test('--timescape shows how one version is deployed, or all of them', async () => {
  const first = [
    'gtype  1',
    'draining, canary, rolled out to 25%',
    'fingerprint f1',
    'compatible    0, 2',
    'incompatible  3',
    'transformable -',
    '1200 requests, 1.25% errors, 18.5 ms on average, as of 1970-01-01T00:00:00.000Z',
  ].join('\n');
  expect((await show(['gtype', '1', '--timescape'])).out).toBe(`${first}\n`);
  expect((await show(['gtype', '--timescape'])).out).toMatch(`${first}\n\ngtype  2\npending, rolling\n`);
  const all = JSON.parse((await show(['gtype', '--timescape', '--json'])).out);
  expect(all.map(({ version }: { version: string }) => version)).toEqual(['1', '2']);
});

test.each([
  [['users'], 'handler "users". See: gati-storage list'],
  [['GTYPE'], 'handler "GTYPE". Similar ones: gtype. All: gati-storage list'],
  [['gtype', '9'], 'in version 9. Versions: 1, 2.'],
  [['--gtype', 'Order'], 'GType "Order". See: gati-storage list --kind gtype'],
  [['--gtype', 'user'], 'Similar ones: User. All: gati-storage list --kind gtype'],
  [['--transformer', '1-2'], 'Similar ones: gtype-1-2. All: gati-storage list --kind transformer'],
  [['users', '--hooks'], 'hook manifest of "users". See: gati-storage list --kind hookManifest'],
  [['gtype', '7', '--timescape'], '"gtype" in version 7. Similar ones: gtype. All: gati-storage list --kind'],
])('show %j says what there is instead', async (args, message) => {
  const { code, err, out } = await show(args);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain(message);
});

test.each([
  [[]],
  [['--hooks']],
  [['gtype', '--hooks', '--timescape']],
  [['gtype', '--gtype', 'User']],
  [['--gtype', 'User', '--transformer', 'x']],
  [['gtype', '1', '--version', '2']],
])('show %j is wrong usage', async (args) => {
  expect((await show(args)).code).toBe(2);
});

test('list --kind lists the keys of every kind that show can be given', async () => {
  const list = (...args: string[]): Promise<Result> => runCommand(['list', ...args, '--store', store]);
  expect((await list('--kind', 'timescapeMetadata')).out).toBe(
    'HANDLER  VERSION  REVISION\ngtype    1        1\ngtype    2        1\n\n2 records of the kind timescapeMetadata; revision 1\n',
  );
  expect((await list('--kind', 'gtype')).out).toBe(
    'REF   REVISION\nUser  1\n\n1 record of the kind gtype; revision 1\n',
  );
  expect(JSON.parse((await list('--kind', 'hookManifest', '--json')).out)).toEqual({
    revision: 1,
    kind: 'hookManifest',
    records: [{ key: ['gtype'], revision: 1 }],
  });
  expect(await list('--kind', 'gtype', '--role', 'admin')).toMatchObject({ code: 2 });
  expect(await list('--kind', 'handler')).toMatchObject({
    code: 2,
    err: expect.stringContaining('manifest, '),
  });
});
