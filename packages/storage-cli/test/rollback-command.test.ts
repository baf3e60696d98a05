import type { Change } from '@gati-framework/manifest-store';
import { openStorage } from '@gati-framework/storage-tools';
import { planRollback, rollBack } from '@gati-framework/storage-tools/rollback';
import { beforeEach, describe, expect, test } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { type Result, runCommand } from './support/command.js';
import { ownStore } from './support/stores.js';

async function recordsOf(store: string, at?: number): Promise<string> {
  await using storage = await openStorage(`${store}`);
  const records: object[] = [];
  for await (const { kind, value } of storage.entries(at === undefined ? {} : { at }))
    records.push({ kind, value });
  return JSON.stringify(records);
}

describe.each(['sqlite', 'sqljs', 'postgres'] as const)('a %s: store', (scheme) => {
  let store: string;

  beforeEach(async () => {
    store = ownStore(scheme);
    const types = ['A', 'B', 'C'].map((ref): Change => ({ put: 'gtype', value: gtype(ref) }));
    await using storage = await openStorage(store);
    await storage.commit([...types, { put: 'manifest', value: manifest('users', '1') }], { note: 'first' });
    await storage.commit(
      [
        { put: 'gtype', value: gtype('B', 'now') },
        { put: 'gtype', value: gtype('D') },
      ],
      { note: 'prices' },
    );
    await storage.commit([
      { delete: 'gtype', key: { ref: 'A' } },
      { put: 'manifest', value: manifest('users', '2') },
    ]);
  });

  function gati(...args: string[]): Promise<Result> {
    return runCommand([...args, '--store', store], { columns: undefined });
  }

  test('rollback says what would change, and does it when it is told to', async () => {
    const before = await recordsOf(store);
    const then = await recordsOf(store, 1);
    const { code, out } = await gati('rollback', '--to', '1');
    expect(code).toBe(0);
    expect(out.replaceAll(/\d{4}-\d\d-\d\d .{15}/g, 'TIME')).toBe(
      [
        'Takes back 2 commits',
        '  revision 3  TIME',
        '  revision 2  TIME  prices',
        '',
        '- manifest (users, 2)',
        '~ gtype (B)',
        '    description: "now" -> ""',
        '- gtype (D)',
        '+ gtype (A)',
        '',
        'Would roll back from revision 3 to 1: 1 added, 2 removed, 1 changed; --yes does it',
        '',
      ].join('\n'),
    );
    expect(await recordsOf(store)).toBe(before);
    const done = await gati(
      'rollback',
      '--to',
      '1',
      '--yes',
      '--note',
      'wrong \u001b prices',
      '--expect-revision',
      '3',
    );
    expect(done.out).toMatch(/\nRolled back to revision 1 as revision 4: 1 added, 2 removed, 1 changed\n$/);
    expect(await recordsOf(store)).toBe(then);
    expect((await gati('log', '-n', '1')).out).toContain('    rollback to 1: wrong \\u001b prices\n');
    // And what was taken back can be brought back.
    await gati('rollback', '--to', '3', '--yes');
    expect(await recordsOf(store)).toBe(before);
  });

  test('rollback with --json tells programs the same', async () => {
    const { code, out } = await gati('rollback', '--to', '2', '--json', '--yes');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      differences: [
        { change: 'removed', kind: 'manifest', key: ['users', '2'] },
        { change: 'added', kind: 'gtype', key: ['A'] },
      ],
      ...{ added: 1, removed: 1, changed: 0, from: 3, to: 2, dryRun: false, revision: 4 },
      commits: [{ revision: 3, changeCount: 2 }],
    });
    const same = JSON.parse((await gati('rollback', '--to', '2', '--json', '--yes')).out);
    expect(same).toMatchObject({ differences: [], from: 4, revision: null });
  });

  test('a store that is as it was is told so, and one of which only the order differs, too', async () => {
    expect((await gati('rollback', '--to', '3')).out).toBe(
      'Nothing to roll back: the store is at revision 3\n',
    );
    {
      await using storage = await openStorage(store);
      await storage.commit([
        { delete: 'gtype', key: { ref: 'B' } },
        { put: 'gtype', value: gtype('B', 'now') },
      ]);
    }
    expect((await gati('rollback', '--to', '3')).out).toContain(
      'revision 4 to 3: the order of records; --yes',
    );
    const then = await recordsOf(store, 3);
    expect((await gati('rollback', '--to', '3', '--yes')).out).toContain(
      'as revision 5: the order of records\n',
    );
    expect(await recordsOf(store)).toBe(then);
    expect((await gati('rollback', '--to', '3', '--yes')).out).toContain(
      'Nothing to roll back: the store, at revision 5, is what it was at revision 3\n',
    );
  });

  test.each([
    [['rollback'], 2, "required option '--to <revision>' not specified"],
    [['rollback', '--to', 'yesterday'], 2, 'It must be a revision, such as 41.'],
    [['rollback', '--to', '9', '--yes'], 1, 'Revision 9 was never made in this store'],
    [['rollback', '--to', '1', '--expect-revision', '2', '--yes'], 1, 'gati-storage log --after 2'],
    [['show', 'users', '--at', '9'], 1, 'STORAGE_COMPACTED'],
    [['list', '--at', '-1'], 2, 'It must be a revision'],
    [['diff', '9'], 1, 'STORAGE_COMPACTED'],
  ])('%j exits with %d, and changes nothing', async (args, code, words) => {
    expect(await gati(...args)).toMatchObject({ code, err: expect.stringContaining(words) });
    expect((await gati('stats')).out).toMatch(/^revision +3$/m);
  });

  test('nothing is rolled back when somebody has committed since the plan, and it is said who', async () => {
    await using storage = await openStorage(store);
    const plan = await planRollback(storage, 1);
    await storage.commit([{ put: 'gtype', value: gtype('X') }], { note: 'faster' });
    await expect(rollBack(storage, plan)).rejects.toMatchObject({
      code: 'STORAGE_CONFLICT',
      message: expect.stringMatching(
        /^Somebody has committed revision 4 at \S+Z, with the note "faster", since .* revision 3\. Nothing was/,
      ),
    });
    expect((await storage.stats()).revision).toBe(4);
    expect(await storage.getGType('A')).toBeUndefined();
  });

  test('a note that is too long is refused, and nothing is rolled back', async () => {
    const { code, err } = await gati('rollback', '--to', '1', '--note', 'x'.repeat(2000), '--yes');
    expect([code, err]).toEqual([1, expect.stringContaining('INVALID_OPTIONS: options.note')]);
    expect((await gati('stats')).out).toMatch(/^revision +3$/m);
  });

  test('diff compares revisions: two, one with the present, and those of a URL', async () => {
    const later = '- gtype (A)\n';
    const { code, out } = await gati('diff', '1', '2');
    expect(code).toBe(3);
    expect(out).toBe(
      '~ gtype (B)\n    description: "" -> "now"\n+ gtype (D)\n1 added, 0 removed, 1 changed\n',
    );
    expect((await gati('diff', '2')).out).toContain(later);
    expect((await gati('diff', `${store}@2`)).out).toContain(later);
    expect((await gati('diff', `${store}@2`, '3')).out).toContain(later);
    expect((await gati('diff', '3', '3')).out).toBe('No differences\n');
    // Another store as it was.
    const other = ownStore('sqlite');
    await using empty = await openStorage(other);
    await empty.open();
    expect((await gati('diff', other, `${store}@1`)).out).toContain('4 added, 0 removed, 0 changed\n');
  });

  test('what only reads does so at a revision, too', async () => {
    expect((await gati('list', '--at', '1')).out).toMatch(/^users +GET +\/x +1$/m);
    expect((await gati('list', '--at', '1')).out).toMatch(/revision 1\n3 GTypes,/);
    expect((await gati('list')).out).toMatch(/^users +GET +\/x +1 2$/m);
    expect((await gati('list', '--kind', 'gtype', '--at', '1')).out).toContain(
      '3 records of the kind gtype; revision 1',
    );
    expect(JSON.parse((await gati('show', '--gtype', 'B', '--at', '1', '--json')).out).description).toBe('');
    expect((await gati('show', 'users', '2', '--at', '1')).err).toContain('Versions: 1.');
    expect((await gati('graph', 'users', '--at', '1')).err).toContain('no handler "users"');
    const { err } = await gati('export', '-', '--at', '1');
    expect(err).toContain('Wrote 4 records');
  });
});

test('a file whose name ends as a revision does is meant by its name', async () => {
  const store = `${ownStore('sqlite')}@41`;
  await using storage = await openStorage(store);
  await storage.storeGType(gtype('A'));
  const { code, out } = await runCommand(['diff', store, store]);
  expect([code, out]).toEqual([0, 'No differences\n']);
});
