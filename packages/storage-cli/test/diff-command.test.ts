import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openStorage } from '@gati-framework/storage-tools';
import { beforeEach, describe, expect, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { users } from '../../api-import/test/support/documents.js';
import { BIN, type Result, runCommand, type Surroundings } from './support/command.js';
import { serverStore } from './support/stores.js';

let folder: string;
let older: string;
let newer: string;

beforeEach(async () => {
  folder = temporaryFolder();
  [older, newer] = [`sqlite:${join(folder, 'older.db')}`, `sqlite:${join(folder, 'newer.db')}`];
  for (const [version, type] of [
    ['1.0.0', 'string'],
    ['2.0.0', 'number'],
  ] as const)
    await writeFile(join(folder, `${version}.json`), users(type, version));
  for (const store of [older, newer]) await gati(['import', join(folder, '1.0.0.json'), '--store', store]);
  await gati(['import', join(folder, '2.0.0.json'), '--store', newer]);
});

function gati(args: readonly string[], more: Surroundings = {}): Promise<Result> {
  return runCommand(args, { columns: undefined, ...more });
}

test('of two stores says by field what differs, and what it does to callers', async () => {
  const { code, out } = await gati(['diff', older, newer]);
  expect(code).toBe(3);
  expect(out).toContain('+ manifest (users.get, 2.0.0)\n');
  expect(out).toMatch(/~ versionGraph \(users\.get\)\n( {4}| {2}\+ ).*\n/);
  expect(out).toContain('    latestVersion: "1.0.0" -> "2.0.0"\n');
  expect(out).toContain('\nFor callers (! breaks them, ? cannot be told)\n  users.get   1.0.0 -> 2.0.0\n');
  expect(out).toContain('    ! response User.name is now number, was string\n');
  expect(out).toMatch(/\n\d+ added, 0 removed, \d+ changed\n$/);
  expect(out).not.toContain('\u001b');
});

test('of a store with itself says that there is nothing', async () => {
  expect(await gati(['diff', newer, newer])).toEqual({ code: 0, out: 'No differences\n', err: '' });
  const { out } = await gati(['diff', newer, newer, '--json']);
  expect(JSON.parse(out)).toEqual({ differences: [], callers: [], added: 0, removed: 0, changed: 0 });
});

test('of an archive and a store compares their content', async () => {
  const archive = join(folder, 'backup.jsonl.gz');
  await gati(['export', archive, '--store', newer]);
  expect((await gati(['diff', archive, newer])).code).toBe(0);
  await using storage = await openStorage(newer);
  await storage.storeGType(gtype('x\u001b[2J'));
  const { code, out } = await gati(['diff', newer, archive]);
  expect([code, out]).toEqual([
    3,
    '- gtype (x\\u001b[2J)\n0 added, 0 removed, 0 changed\n'.replace('0 removed', '1 removed'),
  ]);
});

test('of two versions says what differs for callers, in colour on a terminal', async () => {
  const args = ['diff', 'users.get@1.0.0', 'users.get@2.0.0', '--store', newer];
  const { code, out } = await gati(args);
  expect(code).toBe(3);
  expect(out).toContain('~ manifest (users.get, 1.0.0)\n    version: "1.0.0" -> "2.0.0"\n');
  expect(out).toContain('    ! response User.name is now number, was string\n');
  const coloured = await gati(args, { columns: 80 });
  expect(coloured.out).toContain('\u001b[31m    ! response User.name is now number, was string\u001b[39m\n');
  expect((await gati(args, { columns: 80, env: { NO_COLOR: '1' } })).out).not.toContain('\u001b');
  const same = await gati(['diff', 'users.get@2.0.0', 'users.get@2.0.0', '--store', newer]);
  expect(same).toEqual({ code: 0, out: 'No differences\n', err: '' });
});

test('with --json tells programs all of it', async () => {
  const { code, out } = await gati(['diff', older, newer, '--json']);
  expect(code).toBe(3);
  const { differences, callers, added, changed } = JSON.parse(out);
  expect(differences).toHaveLength(added + changed);
  expect(differences).toContainEqual({
    change: 'added',
    kind: 'manifest',
    key: ['users.get', '2.0.0'],
    fields: [],
  });
  expect(callers).toMatchObject([
    { handlerId: 'users.get', before: '1.0.0', after: '2.0.0', verdict: 'breaking' },
  ]);
});

test('to a pipe writes everything, and ends when nobody reads any more', async () => {
  await using storage = await openStorage(newer);
  await storage.commit(
    Array.from({ length: 5000 }, (_, i) => ({ put: 'gtype', value: gtype(`T${i}`) }) as const),
  );
  const all = await promisify(execFile)(process.execPath, [BIN, 'diff', older, newer]).catch(
    (error) => error,
  );
  expect([all.code, all.stdout.match(/^\+ gtype \(T\d+\)$/gm)?.length]).toEqual([3, 5000]);
});

test.each([
  [['users.get@1.0.0', 'sqlite:x'], 2, 'compared with a version only'],
  [['users.get', 'users.get'], 2, 'There is no file users.get. Write the URL of a store'],
  [['users.get@1.0.0', 'users.get@9'], 1, 'no version 9 of "users.get". Versions: 1.0.0, 2.0.0.'],
  [['user.get@1.0.0', 'users.get@1.0.0'], 1, 'The store has no handler "user.get"'],
  [['mysql://me:geheim@host/db', 'memory:'], 2, 'does not name a store'],
  [['sqlite:./missing.db', 'memory:'], 1, 'does not exist'],
  [['postgres://me:geheim@127.0.0.1:1/x', 'memory:'], 1, 'STORAGE_UNAVAILABLE'],
  [[BIN, 'memory:'], 2, 'is a file and no archive'],
  [['memory:'], 2, 'missing required argument'],
])('%o exits with %d, and tells no secret', async (args, code, words) => {
  const found = await gati(['diff', ...args, '--store', newer]);
  expect(found).toMatchObject({ code, out: '', err: expect.stringContaining(words) });
  expect(found.err).not.toContain('geheim');
});

describe('with PostgreSQL', () => {
  const url = serverStore('diff');

  test('a store on a server and one in a file are compared, in both directions', async () => {
    await gati(['import', join(folder, '1.0.0.json'), '--store', url]);
    const { out } = await gati(['diff', url, newer]);
    expect(out).toContain('+ manifest (users.get, 2.0.0)\n');
    expect(out).toContain('    ! response User.name is now number, was string\n');
    expect((await gati(['diff', newer, url])).out).toContain('- manifest (users.get, 2.0.0)\n');
    expect(await gati(['diff', url, url])).toMatchObject({ code: 0, out: 'No differences\n' });
  });
});
