import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, symlinkSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Storage } from '@gati-framework/manifest-store';
import { openStorage } from '@gati-framework/storage-tools';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { BIN, runCommand } from './support/command.js';
import { ownStore } from './support/stores.js';

const SHA = /sha256 [0-9a-f]{64}\n$/;

async function store(url: string, ...refs: string[]): Promise<string> {
  await using storage: Storage = await openStorage(url);
  await storage.commit(refs.map((ref) => ({ put: 'gtype', value: gtype(ref) })));
  return url;
}

async function refsOf(url: string): Promise<string[]> {
  await using storage = await openStorage(url, { readOnly: true });
  const refs: string[] = [];
  for await (const { key } of storage.entries()) if ('ref' in key) refs.push(key.ref);
  return refs;
}

test('copy fills a store, says so, and says when there is nothing to do', async () => {
  const folder = temporaryFolder();
  const [from, to] = [await store(`sqljs:${folder}/a.db`, 'A', 'B'), `sqlite:${folder}/b.db`];
  const planned = await runCommand(['copy', from, to, '--dry-run']);
  expect(planned).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Would copy 2 records to an empty store, /),
  });
  expect(existsSync(join(folder, 'b.db'))).toBe(false);
  const copied = await runCommand(['copy', from, to]);
  expect(copied).toMatchObject({ code: 0, err: '', out: expect.stringMatching(SHA) });
  expect(copied.out).toMatch(/^Copied 2 records to an empty store as revision 1, read back and compared, /);
  const again = await runCommand(['copy', from, to]);
  expect(again).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Nothing to copy: the target holds just this already, 2 records, /),
  });
  expect(await refsOf(to)).toEqual(['A', 'B']);
});

test.skipIf(inject('etcdUrl') === '')(
  'copy goes from a file to etcd, and from there to PostgreSQL',
  async () => {
    const [file, etcd, postgres] = [ownStore('sqljs'), ownStore('etcd'), ownStore('postgres')];
    await store(file, 'B', 'A');
    const told = [await runCommand(['copy', file, etcd]), await runCommand(['copy', etcd, postgres])];
    for (const { code, out } of told) {
      expect(code).toBe(0);
      expect(out).toMatch(
        /^Copied 2 records to an empty store as revision 1, read back and compared, sha256 /,
      );
    }
    expect(told[1]?.out).toBe(told[0]?.out);
    expect(await refsOf(postgres)).toEqual(['B', 'A']);
    expect((await runCommand(['diff', etcd, postgres])).out).toBe('No differences\n');
  },
);

test('copy replaces and merges only when it is told to', async () => {
  const folder = temporaryFolder();
  const [from, to] = [
    await store(`sqlite:${folder}/a.db`, 'A'),
    await store(`sqljs:${folder}/b.db`, 'B', 'C'),
  ];
  const refused = await runCommand(['copy', from, to]);
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.err).toContain('TARGET_NOT_EMPTY: The target holds 2 records already');
  expect(refused.err).toContain('Give --replace to store this in the place of all of it, or --merge to');
  expect((await runCommand(['copy', from, to, '--merge'])).out).toMatch(
    /^Copied 1 record beside and over the 2 records of the target as revision 2/,
  );
  expect(await refsOf(to)).toEqual(['B', 'C', 'A']);
  const { code, out } = await runCommand(['copy', from, to, '--replace', '--json']);
  expect(JSON.parse(out)).toMatchObject({
    outcome: 'stored',
    records: 1,
    held: 3,
    revision: 3,
    verified: true,
  });
  expect(code).toBe(0);
  expect(await refsOf(to)).toEqual(['A']);
});

test('copy refuses what cannot be meant, and says which command is', async () => {
  const folder = temporaryFolder();
  const from = await store(`sqlite:${folder}/a.db`, 'A');
  symlinkSync(join(folder, 'a.db'), join(folder, 'link.db'));
  const archive = join(folder, 'a.jsonl');
  await runCommand(['export', archive, '--store', from]);
  const cases: [args: string[], told: string][] = [
    [[from, from], 'the same store'],
    [[from, `sqljs:${folder}/link.db`], 'the same store'],
    [[from, `sqlite:${folder}/b.db`, '--replace', '--merge'], "cannot be used with option '--merge'"],
    [
      [`sqlite:${folder}/none.db`, `sqlite:${folder}/b.db`],
      'none.db does not exist. Name the store that is to be copied.',
    ],
    [[archive, `sqlite:${folder}/b.db`], `gati-storage restore ${archive} --store`],
    [[from, 'b.jsonl.gz'], 'gati-storage export b.jsonl.gz --store'],
    [[from, 'b.db'], 'does not name a store'],
  ];
  for (const [args, told] of cases) {
    const { code, err } = await runCommand(['copy', ...args]);
    expect(err).toContain(told);
    expect(code, told).toBe(told.includes('does not exist') ? 1 : 2);
  }
  expect(existsSync(join(folder, 'b.db'))).toBe(false);
});

test('restore stores an archive, from a file or a pipe', async () => {
  const folder = temporaryFolder();
  const from = await store(`sqlite:${folder}/a.db`, 'A', 'B');
  const { out: input, err } = await runCommand(['export', '-', '--store', from]);
  expect(err).toMatch(/^Wrote 2 records, sha256/);
  const to = `sqljs:${folder}/b.db`;
  const restored = await runCommand(['restore', '-', '--store', to], { input });
  expect(restored).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringMatching(/^Restored 2 records to an empty store as revision 1, /),
  });
  expect(await refsOf(to)).toEqual(['A', 'B']);
  const cut = await runCommand(['restore', '-', '--store', to, '--replace'], { input: input.slice(0, -10) });
  expect(cut).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('INVALID_ARCHIVE: Line 4 of the archive'),
  });
  await writeFile(join(folder, 'notes.txt'), 'no archive');
  const other = `sqljs:${folder}/other.db`;
  for (const wrong of ['notes.txt', 'none']) {
    expect(await runCommand(['restore', join(folder, wrong), '--store', other])).toMatchObject({ code: 1 });
    expect(existsSync(join(folder, 'other.db'))).toBe(false);
  }
  const missing = await runCommand(['restore', join(folder, 'none'), '--store', to]);
  expect(missing).toMatchObject({ code: 1, err: expect.stringContaining('cannot be read: ENOENT') });
  await writeFile(join(folder, 'a.jsonl'), input);
  const again = await runCommand(['restore', join(folder, 'a.jsonl'), '--store', to, '--json']);
  expect(JSON.parse(again.out)).toMatchObject({ outcome: 'unchanged', revision: null, records: 2 });
});

test.each(['sqlite', 'sqljs'])(
  'a restore that fails leaves no %s: store that was not there',
  async (scheme) => {
    const folder = temporaryFolder();
    const from = await store(`sqlite:${folder}/a.db`, 'A', 'B');
    const { out } = await runCommand(['export', '-', '--store', from]);
    const input = out.replace('"B"', '"C"');
    const [to, archive] = [`${scheme}:${folder}/new/b.db`, join(folder, 'a.jsonl')];
    await writeFile(archive, input);
    for (const file of [archive, '-'])
      expect(await runCommand(['restore', file, '--store', to], { input })).toMatchObject({
        code: 1,
        err: expect.stringContaining('INVALID_ARCHIVE: Line 3 of the archive'),
      });
    expect(await readdir(join(folder, 'new'))).toEqual([]);
  },
);

test('both say how far they are on a terminal, in two steps, and not with --json', async () => {
  const folder = temporaryFolder();
  const from = await store(`sqlite:${folder}/a.db`, 'A', 'B');
  let time = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    time += 1000;
    return time;
  });
  onTestFinished(() => void vi.restoreAllMocks());
  const { err } = await runCommand(['copy', from, `sqljs:${folder}/b.db`], { errorColumns: 80 });
  expect(err).toContain('\r2 of 2 records, 100%, ');
  expect(err).toContain('\r2 of 2 records compared, 100%, ');
  expect(err.endsWith('\r\u001b[K')).toBe(true);
  const quiet = await runCommand(['copy', from, `sqljs:${folder}/c.db`, '--json'], { errorColumns: 80 });
  expect(quiet.err).toBe('');
});

test('export and restore are joined by a pipe, and Ctrl-C ends a restore that waits for more', async () => {
  const folder = temporaryFolder();
  const from = await store(`sqlite:${folder}/a.db`, 'A', 'B');
  const to = `sqlite:${folder}/b.db`;
  const start = (...args: string[]) =>
    spawn(process.execPath, [BIN, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  const restoring = start('restore', '-', '--store', to);
  restoring.stdin.write('{"format":"gati-storage-archive","version":1}\n');
  // Its store is there as soon as it reads.
  await vi.waitFor(() => expect(existsSync(join(folder, 'b.db'))).toBe(true), {
    timeout: 20_000,
    interval: 20,
  });
  const sent = performance.now();
  restoring.kill('SIGINT');
  expect((await once(restoring, 'close'))[0]).toBe(130);
  expect(performance.now() - sent).toBeLessThan(5000);
  const [reader, writer] = [start('restore', '-', '--store', to), start('export', '-', '--store', from)];
  writer.stdout.pipe(reader.stdin);
  expect((await once(reader, 'close'))[0]).toBe(0);
  expect(await refsOf(to)).toEqual(['A', 'B']);
});
