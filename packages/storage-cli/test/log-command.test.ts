import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { openStorage } from '@gati-framework/storage-tools';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { BIN, type Result, runCommand } from './support/command.js';
import { ownStore } from './support/stores.js';

/** With much room for a machine that is busy with something else; on one that is not, it is a tenth of a second. */
const SOON = 5_000;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Four commits: a manifest, five GTypes, others with hostile names, and none of it any more. */
async function fill(store: string): Promise<void> {
  await using storage = await openStorage(store);
  await storage.commit([{ put: 'manifest', value: manifest('users', '1') }], { note: 'first\nof all' });
  await storage.commit(
    ['A', 'B', 'C', 'D', 'E'].map((ref) => ({ put: 'gtype', value: gtype(ref) }) as const),
  );
  await storage.commit(
    [
      { put: 'manifest', value: manifest('orders\u001b[2J', '1') },
      { delete: 'gtype', key: { ref: 'A' } },
    ],
    { note: '\u001b[31mred' },
  );
  await storage.commit([{ clear: true }]);
}

describe.each(['sqlite', 'sqljs', 'postgres'] as const)('a %s: store', (scheme) => {
  let store: string;

  beforeEach(async () => {
    store = ownStore(scheme);
    await fill(store);
  });

  function gati(...args: string[]): Promise<Result> {
    return runCommand([...args, '--store', store], { columns: undefined });
  }

  test('log tells commits newest first, with time, note and records, and nothing that a terminal obeys', async () => {
    const { code, out } = await gati('log');
    expect(code).toBe(0);
    const times = / {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d$/gm;
    expect(out.match(times)).toHaveLength(4);
    expect(out.replaceAll(times, '')).toBe(
      [
        'revision 4',
        '    cleared the store',
        '',
        'revision 3',
        '    \\u001b[31mred',
        '',
        '    stored manifest: orders\\u001b[2J@1',
        '    deleted gtype: A',
        '',
        'revision 2',
        '    stored gtype: A, B, C and 2 more',
        '',
        'revision 1',
        '    first',
        '    of all',
        '',
        '    stored manifest: users@1',
        '',
      ].join('\n'),
    );
  });

  test('log with --json is a line for each commit', async () => {
    const { out } = await gati('log', '--json', '--reverse');
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ revision }) => revision)).toEqual([1, 2, 3, 4]);
    expect(lines[2]).toEqual({
      revision: 3,
      committedAt: expect.stringMatching(TIME),
      note: '\u001b[31mred',
      changeCount: 2,
      changes: [
        { put: 'manifest', key: ['orders\u001b[2J', '1'] },
        { delete: 'gtype', key: ['A'] },
      ],
    });
    expect(lines[3].changes).toEqual([{ clear: true }]);
  });

  test.each([
    [
      ['-n', '2'],
      [4, 3],
    ],
    [
      ['--after', '1', '--before', '4'],
      [3, 2],
    ],
    [['--reverse', '--limit', '1'], [1]],
    [['users'], [4, 1]],
    [['users', '--reverse', '-n', '1'], [1]],
  ])('log %j', async (args, revisions) => {
    const { code, out } = await gati('log', '--json', ...args);
    expect(code).toBe(0);
    expect([...out.matchAll(/^\{"revision":(\d+)/gm)].map(([, found]) => Number(found))).toEqual(revisions);
  });

  test.each([
    [['log', '--limit', '0'], 2, 'It must be a number of commits'],
    [['log', '--after', '0x1'], 2, 'It must be a revision'],
    [['log', '--after', '9'], 1, 'STORAGE_COMPACTED: The commits after revision 9 are not in this store'],
    [['log', 'user'], 1, 'The store has no handler "user"'],
  ])('%j exits with %d', async (args, code, words) => {
    expect(await gati(...args)).toMatchObject({ code, out: '', err: expect.stringContaining(words) });
  });
});

describe.each(['sqlite', 'postgres'] as const)('a %s: store', (scheme) => {
  let store: string;

  beforeEach(async () => {
    store = ownStore(scheme);
    await fill(store);
  });

  test('watch says how to go on where commits are no longer kept', async () => {
    const { code, err } = await runCommand(['watch', '--after', '9', '--store', store]);
    expect([code, err]).toEqual([1, expect.stringContaining('then go on with --after that revision')]);
  });

  test('watch tells what was committed and what is, as it is committed, and Ctrl-C ends it within a second', async () => {
    const child = spawn(process.execPath, [BIN, 'watch', '--after', '2', '--json', '--store', store]);
    onTestFinished(() => void child.kill('SIGKILL'));
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const next = async () => JSON.parse((await lines.next()).value);
    expect([await next(), await next()]).toMatchObject([{ revision: 3 }, { revision: 4 }]);
    await using storage = await openStorage(store);
    await storage.commit([{ put: 'gtype', value: gtype('X') }], { note: 'while watched' });
    expect(await next()).toMatchObject({
      revision: 5,
      note: 'while watched',
      changes: [{ put: 'gtype', key: ['X'] }],
    });
    const sent = performance.now();
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    expect(performance.now() - sent).toBeLessThan(SOON);
    expect([code, JSON.parse(err).error.code]).toEqual([130, 'INTERRUPTED']);
  });

  test('watch ends when nobody reads any more', async () => {
    const child = spawn(process.execPath, [BIN, 'watch', '--after', '3', '--store', store]);
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = once(child, 'close');
    await once(child.stdout, 'data');
    child.stdout.destroy();
    await using storage = await openStorage(store);
    let over = false;
    void ended.finally(() => {
      over = true;
    });
    // The first that is told after the end of the pipe may still fit into it.
    while (!over) await storage.storeGType(gtype('X'));
    expect((await ended)[0]).toBe(0);
  });
});

test('on a terminal a commit is cut to its width', async () => {
  const store = ownStore('postgres');
  await using storage = await openStorage(store);
  await storage.commit([{ put: 'gtype', value: gtype('T'.repeat(200)) }], { note: 'n'.repeat(200) });
  const { out } = await runCommand(['log', '--store', store], { columns: 40, env: { NO_COLOR: '1' } });
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
});

test.each(['sqljs:', 'memory:'])(
  'watch refuses a %s store, of which it would never be told',
  async (scheme) => {
    const store = scheme === 'memory:' ? scheme : ownStore('sqljs');
    await using storage = await openStorage(store);
    await storage.open();
    const { code, out, err } = await runCommand(['watch', '--store', store]);
    expect([code, out, err]).toEqual([2, '', expect.stringContaining('Watch one that processes share')]);
  },
);
