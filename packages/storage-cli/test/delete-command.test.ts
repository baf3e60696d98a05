import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Change, TimescapeMetadata } from '@gati-framework/manifest-store';
import { openStorage } from '@gati-framework/storage-tools';
import { beforeEach, describe, expect, test } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { users } from '../../api-import/test/support/documents.js';
import { type Result, runCommand } from './support/command.js';
import { serverStore } from './support/stores.js';

let folder: string;
let store: string;

beforeEach(async () => {
  folder = temporaryFolder();
  store = `sqlite:${join(folder, 'gati.db')}`;
  await fill(store);
});

function gati(...args: string[]): Promise<Result> {
  return runCommand([...args, '--store', store], { columns: undefined });
}

/** Versions 1.0.0 and 1.1.0-lts are decommissioned, 2.0.0 is current. */
async function fill(url: string): Promise<void> {
  await using storage = await openStorage(url);
  const versions = ['1.0.0', '1.1.0-lts', '2.0.0'];
  await storage.commit([
    ...versions.map(
      (version, i): Change => ({ put: 'manifest', value: { ...manifest('a b', version), createdAt: i } }),
    ),
    ...versions.map((version): Change => ({ put: 'timescapeMetadata', value: metadata(version) })),
    { put: 'gtype', value: gtype('A') },
    { put: 'gtype', value: gtype('B') },
    {
      put: 'versionGraph',
      value: {
        ...{ handlerId: 'a b', currentVersion: '2.0.0', latestVersion: '2.0.0' },
        versions: versions.map((version, i) => ({
          ...{ version, manifestHash: 'h', deployedAt: i, active: version === '2.0.0', breaking: false },
        })),
      },
    },
  ]);
}

function metadata(version: string): TimescapeMetadata {
  return {
    ...{ handlerId: 'a b', version, fingerprint: 'f' },
    compatibility: { compatible: [], incompatible: [], transformable: [] },
    deployment: { strategy: 'rolling', status: version === '2.0.0' ? 'active' : 'decommissioned' },
  };
}

describe('delete', () => {
  test('only says what would go, and changes no byte, until it is told to', async () => {
    const before = await readFile(join(folder, 'gati.db'));
    const { code, out } = await gati('delete', 'handler', 'a b');
    expect(code).toBe(0);
    expect(out).toMatch(/^- manifest \(a b, 1\.0\.0\)\n/);
    expect(out).toMatch(/\nWould delete 7 records; --yes does it\n$/);
    expect((await readFile(join(folder, 'gati.db'))).equals(before)).toBe(true);
    expect((await gati('delete', 'handler', 'a b', '--yes')).out).toMatch(
      /\nDeleted 7 records as revision 2\n$/,
    );
    expect((await gati('list')).out).toContain('No handlers yet.');
  });

  test('of a version shows what becomes of its graph', async () => {
    const { out } = await gati('delete', 'version', 'a b', '1.0.0', '--yes');
    expect(out).toContain(
      '- manifest (a b, 1.0.0)\n- timescapeMetadata (a b, 1.0.0)\n~ versionGraph (a b)\n  - versions[1.0.0]: {',
    );
    expect(out).toContain('Deleted 2 records as revision 2');
  });

  test('refuses what others refer to, in words and as JSON, unless by force', async () => {
    const refused = await gati('delete', 'gtype', 'A', '--yes');
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain(
      'RECORD_IN_USE: 3 references would lead to nothing: manifest (a b, 1.0.0) at gtypes.request,',
    );
    const { code, err } = await gati('delete', 'gtype', 'A', '--json');
    expect([code, JSON.parse(err).error.code]).toEqual([1, 'RECORD_IN_USE']);
    const forced = await gati('delete', 'gtype', 'A', '--force', '--yes');
    expect(forced.out).toBe(
      '- gtype (A)\nDeleted 1 record as revision 2\n3 references to what is gone, as verify says\n',
    );
    expect((await gati('verify')).out).toContain('names gtype (A)');
  });

  test('with --json lists what goes', async () => {
    const { out } = await gati('delete', 'timescapeMetadata', 'a b', '2.0.0', '--json');
    expect(JSON.parse(out)).toEqual({
      dryRun: true,
      revision: null,
      differences: [{ change: 'removed', kind: 'timescapeMetadata', key: ['a b', '2.0.0'], fields: [] }],
      referrers: [],
    });
  });

  test.each([
    [['delete', 'handler'], 2],
    [['delete', 'handlers', 'a'], 2],
    [['delete', 'version', 'a b'], 2],
    [['delete', 'gtype', 'A', 'B'], 2],
    [['delete', 'gtype', ''], 2],
    [['delete', 'handler', 'unknown'], 1],
  ])('%o exits with %d, and deletes nothing', async (args, code) => {
    expect(await gati(...args, '--yes')).toMatchObject({ code, out: '' });
    expect((await gati('list')).out).toContain('revision 1');
  });

  test('and prune make no store where there is none', async () => {
    store = `sqlite:${join(folder, 'other.db')}`;
    for (const args of [
      ['delete', 'handler', 'a b'],
      ['prune', '--keep', '1'],
    ]) {
      expect(await gati(...args, '--yes')).toMatchObject({
        code: 1,
        err: expect.stringContaining('does not exist'),
      });
      expect(existsSync(join(folder, 'other.db'))).toBe(false);
    }
  });

  test('of what was imported lets it be imported again', async () => {
    const path = join(folder, 'users.json');
    await writeFile(path, users('string', '1.0.0'));
    await gati('import', path);
    await gati('delete', 'handler', 'users.get', '--yes');
    expect((await gati('list')).out).not.toContain('users.get');
    await gati('import', path);
    expect((await gati('list')).out).toContain('users.get');
  });
});

describe('prune', () => {
  test('only says which versions would go until it is told to', async () => {
    const before = await readFile(join(folder, 'gati.db'));
    const { code, out } = await gati('prune', '--keep', '1', '--protect', '*-lts');
    expect(code).toBe(0);
    expect(out).toMatch(/\na b +1\.0\.0 +would go\na b +1\.1\.0-lts +kept: it is protected\n/);
    expect(out).toMatch(/\nWould delete 1 version, 1 kept; --yes does it\n$/);
    expect((await readFile(join(folder, 'gati.db'))).equals(before)).toBe(true);
    const done = await gati('prune', '--older-than', '1h', '--protect', 'a b@*-lts', '--yes', '--json');
    expect(JSON.parse(done.out)).toEqual({
      dryRun: false,
      revision: 2,
      versions: [
        { handlerId: 'a b', version: '1.0.0' },
        { handlerId: 'a b', version: '1.1.0-lts', keptFor: 'it is protected' },
      ],
    });
    const again = await gati('prune', '--keep', '1', '--protect', '1.1.0-lts', '--yes');
    expect(again.out).toContain('Nothing to delete, 1 kept');
    expect((await gati('list')).out).toContain('revision 2');
  });

  test('takes a pattern for what it says: no sign but * has a meaning, and another handler is not meant', async () => {
    for (const protect of ['1.0.*', '*@1.0.0', 'a b@1.0.0', '1*0'])
      expect((await gati('prune', '--keep', '1', '--protect', protect)).out).toMatch(
        /1\.0\.0 +kept: it is protected/,
      );
    for (const protect of ['1.0', '1.0.?', '[1].0.0', 'a@1.0.0', '1x0x0'])
      expect((await gati('prune', '--keep', '1', '--protect', protect)).out).toMatch(/1\.0\.0 +would go/);
  });

  test.each([
    [[]],
    [['--keep', 'x']],
    [['--keep', '-1']],
    [['--older-than', '90']],
    [['--older-than', '1y']],
    [['--keep', '1', '--protect', '']],
  ])('%o is wrong usage', async (args) => {
    expect(await gati('prune', ...args, '--yes')).toMatchObject({ code: 2, out: '' });
    expect((await gati('list')).out).toContain('3 versions');
  });
});

describe('on PostgreSQL', () => {
  const url = serverStore('delete');

  test('versions are pruned and a handler is deleted, each in one commit', async () => {
    await fill(url);
    const run = async (...args: string[]): Promise<string> =>
      (await runCommand([...args, '--store', url], { columns: undefined })).out;
    expect(await run('prune', '--keep', '1', '--yes')).toContain('Deleted 2 versions as revision 2');
    expect(await run('delete', 'handler', 'a b', '--yes')).toContain('Deleted 3 records as revision 3');
    expect(await run('list')).toContain('0 handlers, 0 versions');
  });
});
