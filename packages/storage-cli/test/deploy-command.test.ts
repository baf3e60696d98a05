import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openStorage } from '@gati-framework/storage-tools';
import { beforeEach, describe, expect, test } from 'vitest';
import { manifest } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { bundle, bundleHandler, USER } from '../../api-import/test/support/gati-bundles.js';
import { type Result, runCommand, type Surroundings } from './support/command.js';
import { serverStore } from './support/stores.js';

let folder: string;
let store: string;

beforeEach(() => {
  folder = temporaryFolder();
  store = `sqlite:${join(folder, 'gati.db')}`;
});

function gati(args: readonly string[], more: Surroundings = {}): Promise<Result> {
  return runCommand(args, { env: { GATI_STORAGE: store }, columns: undefined, ...more });
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const records = (hash: string): string =>
  JSON.stringify({
    format: 'gati-storage-deployment',
    version: 1,
    manifests: [{ ...manifest('users\u001b[2J', '1.0.0', hash), policies: { roles: [hash.repeat(200)] } }],
  });

test('with --dry-run says what would change, and makes no store', async () => {
  const path = await file('records.json', records('a'));
  const { code, out } = await gati(['deploy', path, '--dry-run']);
  expect(code).toBe(0);
  expect(out).toContain(
    `Would deploy ${path} (records of a deployment)\n+ manifest (users\\u001b[2J, 1.0.0)\n`,
  );
  expect(out).toContain('1 record added, 0 changed, 0 left alone');
  expect(existsSync(join(folder, 'gati.db'))).toBe(false);
});

test('reads a bundle from a pipe, which messages and the note call standard input', async () => {
  const { code, out } = await gati(['deploy', '-'], { input: records('a') });
  expect([code, out]).toEqual([0, expect.stringContaining('Deployed standard input as revision 1')]);
  expect((await gati(['log'])).out).toContain('deploy standard input');
  const { err } = await gati(['deploy', '-'], { input: '{}' });
  expect(err).toContain('standard input');
  expect(err).not.toContain('gati-deploy-');
});

test('says by field what changed, whole in a file, cut and coloured on a terminal', async () => {
  await gati(['deploy', await file('old.json', records('a'))]);
  const path = await file('new.json', records('b'));
  const wide = await gati(['deploy', path, '--dry-run']);
  expect(wide.out).toContain(`\n    hash: "a" -> "b"\n`);
  expect(wide.out).toContain(`\n  + policies.roles[0]: "${'b'.repeat(200)}"\n`);
  expect(wide.out).not.toContain('\u001b');
  const narrow = await gati(['deploy', path, '--dry-run'], { columns: 60 });
  expect(narrow.out).toContain('\u001b[33m~ manifest (users\\u001b[2J, 1.0.0)\u001b[39m');
  expect(narrow.out).toMatch(/\+ policies\.roles\[0\]: "b+…/);
  const plain = await gati(['deploy', path, '--dry-run'], {
    columns: 60,
    env: { GATI_STORAGE: store, NO_COLOR: '1' },
  });
  expect(plain.out).not.toContain('\u001b');
  expect((await gati(['deploy', path])).out).toContain('as revision 2');
});

test('of the same bundle again changes no byte, and says so', async () => {
  const path = await file('manifest-bundle.json', bundle());
  expect((await gati(['deploy', path])).out).toContain(`Deployed ${path} as revision 1 (manifest bundle`);
  const before = await readFile(join(folder, 'gati.db'));
  const again = await gati(['deploy', path]);
  expect(again).toMatchObject({ code: 0, out: expect.stringContaining('Nothing to change') });
  expect((await readFile(join(folder, 'gati.db'))).equals(before)).toBe(true);
});

test('of a newer bundle says what it does to callers', async () => {
  await gati(['deploy', await file('old.json', bundle())]);
  const newer = bundle({
    generated: '2026-11-27T12:00:00.000Z',
    handlers: [bundleHandler({ timescapeVersion: 'v1764244800000-ffffffff' })],
    schemas: { User: { ...USER, required: [] } },
  });
  const { out } = await gati(['deploy', await file('new.json', newer)]);
  expect(out).toContain('v1764158400123-0a1b2c3d -> v1764244800000-ffffffff');
  expect(out).toContain('    ! response.id is now optional');
  expect(out).toContain('Not stored, as no record has a place for it: modules (1)');
});

test('with --json tells programs, also why a bundle is refused', async () => {
  const path = await file('records.json', records('a'));
  const { out } = await gati(['deploy', path, '--json']);
  expect(JSON.parse(out)).toEqual({
    file: path,
    format: 'deployment',
    dryRun: false,
    revision: 1,
    unchanged: 0,
    differences: [{ change: 'added', kind: 'manifest', key: ['users\u001b[2J', '1.0.0'], fields: [] }],
    omitted: [],
  });
  const damaged = await file('damaged.json', bundle().replace('"/users/:id"', '"/admin"'));
  const { code, out: nothing, err } = await gati(['deploy', damaged, '--json']);
  expect([code, nothing]).toEqual([1, '']);
  expect(JSON.parse(err)).toMatchObject({
    error: { code: 'INVALID_BUNDLE', path: 'checksum', message: expect.stringContaining(damaged) },
  });
});

test('keeps its note, and stores nothing when the store has moved on, or cannot do so', async () => {
  await gati(['deploy', await file('a.json', records('a'))]);
  const path = await file('b.json', records('b'));
  const deploy = (revision: string): Promise<Result> =>
    gati(['deploy', path, '--note', 'prices in cents', '--expect-revision', revision, '--json']);
  await using storage = await openStorage(store);
  const { history } = storage.capabilities;
  const refused = await deploy('0');
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(JSON.parse(refused.err).error.code).toBe(history ? 'STORAGE_CONFLICT' : 'INVALID_OPTIONS');
  expect((await storage.stats()).revision).toBe(1);
  expect((await deploy('1')).code).toBe(history ? 0 : 1);
  const notes: unknown[] = [];
  await storage.storeGType({ ref: 'Last', kind: 'object' });
  for await (const { note, changes } of storage.watch({ after: 1 })) {
    if (changes.some((change) => 'put' in change && change.put === 'gtype')) break;
    notes.push(note);
  }
  expect(notes).toEqual(history ? [`deploy ${path}: prices in cents`] : []);
});

test.each(['x', '', '-1', '0x10', '1.5', '99999999999999999999'])(
  '--expect-revision %j is wrong usage',
  async (text) => {
    const path = await file('records.json', records('a'));
    expect(await gati(['deploy', path, `--expect-revision=${text}`])).toMatchObject({ code: 2, out: '' });
    expect(existsSync(join(folder, 'gati.db'))).toBe(false);
  },
);

describe('on PostgreSQL', () => {
  const url = serverStore('deploy');

  test('a bundle of many records is one commit, and deployed again none', async () => {
    const gtypes = Array.from({ length: 1000 }, (_, i) => ({ ref: `T${i}`, kind: 'object' }));
    const text = JSON.stringify({ format: 'gati-storage-deployment', version: 1, gtypes });
    const path = await file('records.json', text);
    const env = { GATI_STORAGE: url };
    expect((await gati(['deploy', path, '--dry-run'], { env })).out).toContain('1000 records added');
    expect((await gati(['deploy', path, '--json'], { env })).out).toContain('"revision": 1');
    expect((await gati(['deploy', path], { env })).out).toContain(
      '0 records added, 0 changed, 1000 left alone',
    );
    expect((await gati(['list'], { env })).out).toContain('revision 1');
  });
});
