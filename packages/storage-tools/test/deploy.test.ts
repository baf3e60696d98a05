import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Change, createInMemoryStorage, type Storage } from '@gati-framework/manifest-store';
import { beforeEach, describe, expect, it } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { bundle, bundleHandler } from '../../api-import/test/support/gati-bundles.js';
import { exportArchive } from '../src/archive/index.js';
import { deploy, planDeployment, readBundle } from '../src/deploy/index.js';

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const RECORDS = {
  format: 'gati-storage-deployment',
  version: 1,
  manifests: [manifest('users.get', '1.0.0')],
  gtypes: [gtype('A'), gtype('B')],
};

async function contents(storage: Storage): Promise<unknown[]> {
  const found = [];
  for await (const { kind, value } of storage.entries()) found.push({ kind, value });
  return found;
}

describe('the records of a deployment', () => {
  it('are stored in one commit, and deployed again change nothing', async () => {
    const storage = createInMemoryStorage();
    const path = await file('records.json', JSON.stringify(RECORDS));
    const report = await deploy(storage, await readBundle(path));
    expect(report).toMatchObject({ revision: 1, unchanged: 0 });
    expect(await contents(storage)).toEqual([
      { kind: 'manifest', value: RECORDS.manifests[0] },
      { kind: 'gtype', value: RECORDS.gtypes[0] },
      { kind: 'gtype', value: RECORDS.gtypes[1] },
    ]);
    const again = await deploy(storage, await readBundle(path));
    expect(again).toEqual({ revision: null, differences: [], unchanged: 3 });
    expect((await storage.stats()).revision).toBe(1);
  });

  it('say by field what they change, and leave what they do not name', async () => {
    const storage = createInMemoryStorage();
    await storage.commit([
      { put: 'manifest', value: manifest('users.get', '1.0.0', 'older') },
      { put: 'gtype', value: gtype('A') },
      { put: 'gtype', value: gtype('other') },
    ]);
    const read = await readBundle(await file('records.json', JSON.stringify(RECORDS)));
    const { differences, unchanged } = await planDeployment(storage, read);
    expect(differences.map(({ change, kind, key, fields }) => [change, kind, key, fields])).toEqual([
      ['changed', 'manifest', ['users.get', '1.0.0'], [{ path: 'hash', before: 'older', after: 'h' }]],
      ['added', 'gtype', ['B'], []],
    ]);
    expect(unchanged).toBe(1);
    expect((await storage.stats()).revision).toBe(1);
    await deploy(storage, read);
    expect(await storage.getGType('other')).toBeDefined();
  });

  it('are planned anew when somebody else writes in between, and nothing of theirs is lost', async () => {
    const storage = createInMemoryStorage();
    const read = await readBundle(await file('records.json', JSON.stringify(RECORDS)));
    const { commits, target } = disturbed(storage, [{ put: 'gtype', value: gtype('B', 'of somebody else') }]);
    const { revision, differences } = await deploy(target, read);
    expect(revision).toBe(2);
    expect(commits.length).toBe(2);
    expect(differences.map(({ change, key }) => [change, key])).toContainEqual(['changed', ['B']]);
  });

  it('are refused when what they leave as it is has changed by then', async () => {
    const storage = createInMemoryStorage();
    const read = await readBundle(await file('records.json', JSON.stringify(RECORDS)));
    await storage.commit([{ put: 'gtype', value: gtype('A') }]);
    const { changes, expect: expected } = await planDeployment(storage, read);
    await storage.storeGType(gtype('A', 'changed'));
    await expect(storage.commit(changes, { expect: expected })).rejects.toMatchObject({
      code: 'STORAGE_CONFLICT',
    });
    expect((await storage.stats()).manifestCount).toBe(0);
  });

  it('are read from YAML, too', async () => {
    const path = await file(
      'records.yaml',
      'format: gati-storage-deployment\nversion: 1\ngtypes:\n  - {ref: A, kind: object}\n',
    );
    expect((await readBundle(path)).records).toEqual([{ put: 'gtype', value: { ref: 'A', kind: 'object' } }]);
  });

  it('give their note to the history, and nothing is stored when the store has moved on', async () => {
    const storage = createInMemoryStorage();
    const read = await readBundle(await file('records.json', JSON.stringify(RECORDS)));
    await storage.storeGType(gtype('other'));
    const told = { note: 'prices in cents', expectRevision: 0 };
    await expect(deploy(storage, read, told)).rejects.toMatchObject({ code: 'STORAGE_CONFLICT' });
    expect((await storage.stats()).revision).toBe(1);
    expect(await deploy(storage, read, { ...told, expectRevision: 1 })).toMatchObject({ revision: 2 });
    const notes = [];
    for await (const { revision, note } of storage.log()) notes.push([revision, note]);
    expect(notes).toEqual([
      [1, undefined],
      [2, 'prices in cents'],
    ]);
  });

  const json = (more: object): string => JSON.stringify({ ...RECORDS, ...more }, null, 1);
  it.each([
    ['of a newer format', json({ version: 2 }), 'version'],
    ['with a list that there is not', json({ handlers: [], hooks: [] }), 'handlers'],
    ['with what is no list', json({ gtypes: {} }), 'gtypes'],
    ['with a field of another type', json({ gtypes: [{ ref: 'A', kind: 7 }] }), 'gtypes[0].kind'],
    [
      'without a field',
      json({ manifests: [{ ...manifest('a', '1'), hooks: {} }] }),
      'manifests[0].hooks.before',
    ],
    ['with a record twice', json({ gtypes: [gtype('A'), gtype('B'), gtype('A')] }), 'gtypes[2]'],
    ['with a key that no store can have', json({ gtypes: [gtype('')] }), 'gtypes[0].ref'],
    [
      'with a name twice',
      '{"format":"gati-storage-deployment","version":1,"gtypes":[],"gtypes":[]}',
      /^1:\d+$/,
    ],
    [
      'with a name for prototypes',
      '{"format":"gati-storage-deployment","version":1,"__proto__":{}}',
      '__proto__',
    ],
    ['that break off', json({}).slice(0, -20), /^\d+:\d+$/],
    ['that are nothing', '', 'file'],
    ['that are an OpenAPI document', '{"openapi":"3.1.0"}', 'file'],
    ['that are something else', '[1]', 'file'],
    ['that are no text', Buffer.from([0xff, 0xfe, 0x00]), 'file'],
  ])('%s are refused with the place', async (_, content, place) => {
    const path = await file('records.json', content);
    await expect(readBundle(path)).rejects.toMatchObject({
      code: 'INVALID_BUNDLE',
      path: place === 'file' ? path : place instanceof RegExp ? expect.stringMatching(place) : place,
      details: { file: path },
      message: expect.stringMatching(/Nothing was stored\.$/),
    });
  });
});

describe('an archive', () => {
  it.each(['gati.jsonl', 'gati.jsonl.gz'])('is deployed as it is: %s', async (name) => {
    const source = createInMemoryStorage();
    await source.commit([
      { put: 'gtype', value: { ...gtype('A'), validators: [{ type: 'custom', value: new Date(1) }] } },
      { put: 'manifest', value: manifest('a', '1') },
    ]);
    const path = join(folder, name);
    await exportArchive(source, path);
    const storage = createInMemoryStorage();
    expect((await deploy(storage, await readBundle(path))).revision).toBe(1);
    expect(await contents(storage)).toEqual(await contents(source));
  });

  it.each([
    ['gati.jsonl', /^line 2$/],
    ['gati.jsonl.gz', /^(line \d+|archive)$/],
  ])('that is damaged is refused with its line, whole: %s', async (name, place) => {
    const source = createInMemoryStorage();
    await source.commit(
      Array.from({ length: 400 }, (_, i): Change => ({ put: 'gtype', value: gtype(`T${i}`) })),
    );
    const path = join(folder, name);
    await exportArchive(source, path);
    const bytes = await readFile(path);
    const at = name.endsWith('.gz') ? Math.floor(bytes.length / 2) : bytes.indexOf('T0');
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(path, bytes);
    await expect(readBundle(path)).rejects.toMatchObject({
      code: 'INVALID_BUNDLE',
      path: expect.stringMatching(place),
      details: { file: path },
    });
  });

  it('whose end is missing is refused, compressed or not', async () => {
    const source = createInMemoryStorage();
    await source.commit([{ put: 'gtype', value: gtype('A') }]);
    await exportArchive(source, join(folder, 'whole.jsonl'));
    const whole = await readFile(join(folder, 'whole.jsonl'));
    const packed = gzipSync(whole);
    for (const [name, bytes] of [
      ['a.jsonl', whole.subarray(0, -30)],
      ['b.jsonl.gz', packed.subarray(0, -30)],
    ] as const)
      await expect(readBundle(await file(name, bytes))).rejects.toMatchObject({ code: 'INVALID_BUNDLE' });
  });
});

describe('what the framework writes', () => {
  it('as a manifest bundle becomes versions, and its records are those of an empty store', async () => {
    const path = await file('manifest-bundle.json', bundle());
    const read = await readBundle(path);
    expect(read).toMatchObject({ format: 'gati-bundle', file: path });
    const storage = createInMemoryStorage();
    const { report, differences } = await deploy(storage, read);
    expect(report).toMatchObject({ added: [{ handlerId: 'users.ts.getUser' }] });
    expect(differences).toHaveLength(read.records.length);
    expect(await deploy(storage, await readBundle(path))).toMatchObject({
      revision: null,
      differences: [],
      unchanged: 3,
    });
  });

  it('that was edited is refused by its checksum', async () => {
    const path = await file('manifest-bundle.json', bundle().replace('"/users/:id"', '"/admin"'));
    await expect(readBundle(path)).rejects.toMatchObject({ code: 'INVALID_BUNDLE', path: 'checksum' });
  });

  it('is refused when it is older than what the store holds, and nothing is stored', async () => {
    const storage = createInMemoryStorage();
    await deploy(storage, await readBundle(await file('new.json', bundle())));
    const older = bundle({
      generated: '2020-01-01T00:00:00.000Z',
      handlers: [bundleHandler({ timescapeVersion: 'v1577836800000-99999999' })],
    });
    const path = await file('old.json', older);
    await expect(deploy(storage, await readBundle(path))).rejects.toMatchObject({
      code: 'INVALID_BUNDLE',
      path: 'generated',
      message: expect.stringContaining(path),
    });
    expect((await storage.stats()).revision).toBe(1);
  });

  const app = {
    handlers: [{ relativePath: 'handlers/a.ts', route: '/a', method: 'get', exportName: 'a' }],
    modules: [],
  };

  it('as a folder is what its _app.json says, as for an import', async () => {
    await file('_app.json', JSON.stringify({ ...app, timestamp: 1 }));
    await file('a.json', 'of a single file, and not read');
    const storage = createInMemoryStorage();
    const read = await readBundle(folder);
    expect(read).toMatchObject({ format: 'gati-app', file: join(folder, '_app.json') });
    await deploy(storage, read);
    expect(await storage.getManifest('a.a')).toMatchObject({ version: '1.0.0', path: '/a', method: 'GET' });
  });

  it('is refused where a folder has no _app.json, or there is no such file', async () => {
    await expect(readBundle(folder)).rejects.toMatchObject({ code: 'INVALID_BUNDLE', path: folder });
    await expect(readBundle(join(folder, 'x'))).rejects.toMatchObject({ code: 'INVALID_BUNDLE' });
  });
});

/** A storage in which somebody else commits before the first commit does. */
function disturbed(
  storage: Storage,
  others: readonly Change[],
): { commits: unknown[]; target: Pick<Storage, 'commit' | 'entries' | 'get'> } {
  const commits: unknown[] = [];
  const commit: Storage['commit'] = async (changes, options) => {
    commits.push(changes);
    if (commits.length === 1) await storage.commit(others);
    return await storage.commit(changes, options);
  };
  return {
    commits,
    target: { commit, entries: (filter) => storage.entries(filter), get: (key) => storage.get(key) },
  };
}
