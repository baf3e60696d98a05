import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openStorage } from '@gati-framework/storage-tools';
import { readArchive } from '@gati-framework/storage-tools/archive';
import Database from 'better-sqlite3';
import { beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { BIN, type Result, runCommand } from './support/command.js';

let folder: string;
let store: string;

beforeEach(async () => {
  folder = temporaryFolder();
  store = `sqlite:${join(folder, 'gati.db')}`;
  await using storage = await openStorage(store);
  await storage.commit([
    { put: 'gtype', value: { ref: 'A', kind: 'object' } },
    {
      put: 'versionGraph',
      value: {
        handlerId: 'orders\u001b[2J',
        currentVersion: '1',
        latestVersion: '2',
        versions: [
          { version: '1', manifestHash: 'h', deployedAt: 0, active: true, breaking: false },
          {
            version: '2',
            manifestHash: 'h',
            deployedAt: 86_400_000,
            active: true,
            breaking: true,
            parent: '1',
          },
        ],
      },
    },
  ]);
});

function gati(...args: string[]): Promise<Result> {
  return runCommand([...args, '--store', store]);
}

test('export writes an archive, and says how many records are in it', async () => {
  const file = join(folder, 'backup.jsonl');
  const exported = await gati('export', file);
  expect(exported).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringMatching(/: 2 records, sha256 [0-9a-f]{64}\n$/),
  });
  let records = 0;
  for await (const _ of readArchive(createReadStream(file))) records += 1;
  expect(records).toBe(2);
});

test('export to a pipe writes the same bytes and nothing else', async () => {
  const file = join(folder, 'backup.jsonl');
  await gati('export', file);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    BIN,
    'export',
    '-',
    '--store',
    store,
  ]);
  expect(stdout).toBe(await readFile(file, 'utf8'));
  expect(stderr).toMatch(/^Wrote 2 records, sha256 /);
});

test('export onto the store itself is refused, and the store is as it was', async () => {
  const before = await readFile(join(folder, 'gati.db'));
  expect(await gati('export', join(folder, 'gati.db'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('is no archive, and nothing else is replaced'),
  });
  expect((await readFile(join(folder, 'gati.db'))).equals(before)).toBe(true);
});

test('verify names what is missing and exits with 3', async () => {
  const { code, out } = await gati('verify');
  expect(code).toBe(3);
  expect(out).toContain('missing: versionGraph (orders');
  expect(out).toMatch(/\n2 records and 1 commit read, 5 problems\n$/);
  expect(out).not.toContain('\u001b');
});

test('verify finds a record that was damaged, and tells programs in JSON', async () => {
  const database = new Database(join(folder, 'gati.db'));
  database.exec("UPDATE changes SET value = replace(value, 'object', 'obj3ct') WHERE value LIKE '%object%'");
  database.close();
  const { code, out } = await gati('verify', '--json');
  expect(code).toBe(3);
  expect(JSON.parse(out)).toMatchObject({
    records: 2,
    problems: expect.arrayContaining([
      expect.objectContaining({ code: 'damaged', kind: 'gtype', key: ['A'] }),
    ]),
  });
});

test('verify finds what was damaged of the past alone', async () => {
  const url = `sqlite:${join(folder, 'gati.db')}`;
  await using storage = await openStorage(url);
  const { revision } = await storage.stats();
  await storage.storeGType({ ref: 'Past', kind: 'array', description: 'first' });
  await storage.storeGType({ ref: 'Past', kind: 'array', description: 'second' });
  const database = new Database(join(folder, 'gati.db'));
  database.exec("UPDATE changes SET value = replace(value, 'first', 'f1rst') WHERE value LIKE '%first%'");
  database.close();
  const { code, out } = await gati('verify', '--json');
  expect(code).toBe(3);
  const { problems } = JSON.parse(out);
  expect(problems.filter((problem: { code: string }) => problem.code === 'damaged-past')).toEqual([
    { code: 'damaged-past', revision: revision + 1, message: expect.stringContaining('Past') },
  ]);
  expect(problems.some((problem: { code: string }) => problem.code === 'damaged')).toBe(false);
});

test('graph draws the versions of a handler, and lets no name command the terminal', async () => {
  const drawn = await gati('graph', 'orders\u001b[2J');
  expect(drawn.code).toBe(0);
  expect(drawn.out).toContain('\no 1  1970-01-01  current\n! 2  1970-01-02  breaking, latest\n');
  expect(drawn.out).not.toContain('\u001b');
  expect((await gati('graph', 'orders\u001b[2J', '--mermaid')).out).toMatch(/^flowchart TD\n/);
});

test('graph draws a picture, into a new file or to standard output, with what Timescape has decommissioned', async () => {
  const handlerId = 'orders\u001b[2J';
  {
    await using storage = await openStorage(store);
    await storage.storeTimescapeMetadata({
      handlerId,
      version: '1',
      fingerprint: 'f',
      compatibility: { compatible: [], incompatible: [], transformable: [] },
      deployment: { strategy: 'rolling', status: 'decommissioned' },
    });
  }
  const file = join(folder, 'orders.svg');
  expect(await gati('graph', handlerId, '--svg', '-o', file)).toEqual({ code: 0, out: '', err: '' });
  const { out } = await gati('graph', handlerId, '--svg');
  expect(out).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [\s\S]*<\/svg>\n$/);
  expect(out).toContain('<g class="node current decommissioned"><title>1, ');
  expect(out).not.toContain('\u001b');
  expect(await readFile(file, 'utf8')).toBe(out);
  const again = await gati('graph', handlerId, '-o', file);
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining('is not replaced. Name another one') });
  expect(await readFile(file, 'utf8')).toBe(out);
  const nowhere = await gati('graph', handlerId, '-o', join(folder, 'none', 'a.txt'), '--json');
  expect(JSON.parse(nowhere.err)).toMatchObject({ error: { code: 'STORAGE_UNAVAILABLE', path: 'output' } });
  expect((await gati('graph', handlerId, '--svg', '--mermaid')).code).toBe(2);
});

test('graph of a handler that there is not says how to find one', async () => {
  expect(await gati('graph', 'users')).toMatchObject({
    code: 1,
    err: expect.stringContaining('The store has no handler "users". See: gati-storage list'),
  });
});
