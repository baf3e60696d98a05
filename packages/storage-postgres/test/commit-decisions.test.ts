import { StorageError } from '@gati-framework/manifest-store';
import { digestOf, type EncodedChange, type EncodedCommit } from '@gati-framework/storage-kit';
import { describe, expect, test } from 'vitest';
import { readAnswer } from '../dist/commit/commit-answer.js';
import { statementFor } from '../dist/commit/group-parameters.js';
import { remedyFor } from '../dist/commit/remedy.js';
import { stepsOf, valuesOf } from '../dist/commit/steps.js';

const put = (ref: string): EncodedChange => ({
  op: 'put',
  kind: 'gtype',
  key: [ref],
  columns: { lookup: [], createdAt: undefined },
  encoding: 'json',
  text: '{}',
  digest: 7,
});
const remove: EncodedChange = { op: 'delete', kind: 'gtype', key: ['a'] };
const expectation = { kind: 'gtype', key: ['a'], revision: 3 } as const;
const commit = (...changes: EncodedChange[]): EncodedCommit => ({ changes, expect: [] });

describe('the statement for a group', () => {
  test.each<[string, string, EncodedCommit[]]>([
    ['one put', 'putOne', [commit(put('a'))]],
    ['puts of one commit', 'putAll', [commit(put('a'), put('b'))]],
    ['puts of several commits', 'putAll', [commit(put('a')), commit(put('b'))]],
    ['one record twice', 'commit', [commit(put('a')), commit(put('a'))]],
    ['a deletion', 'commit', [commit(put('b'), remove)]],
    ['a clearing', 'commit', [commit({ op: 'clear' })]],
    ['an expectation', 'commit', [{ changes: [put('a')], expect: [expectation] }]],
    ['an empty commit beside a put', 'commit', [commit(put('a')), commit()]],
    ['an empty commit', 'commit', [commit()]],
    ['puts with a note', 'putAll', [{ ...commit(put('a'), put('b')), note: 'why' }]],
    ['a put that expects a revision', 'putOne', [{ ...commit(put('a')), expectRevision: 4 }]],
    [
      'a put that expects a revision after others',
      'commit',
      [commit(put('b')), { ...commit(put('a')), expectRevision: 4 }],
    ],
    ['an empty commit that expects a revision', 'commit', [{ ...commit(), expectRevision: 4 }]],
  ])('%s: %s', async (_, statement, commits) => {
    expect(await statementFor(stepsOf(commits), commits)).toBe(statement);
  });
});

test('a record whose names run into each other is not another one', async () => {
  const named = (key: [string, string]): EncodedChange => ({
    ...put('a'),
    ...({ kind: 'manifest', key } as const),
  });
  const commits = [commit(named(['a', 'b'])), commit(named(['ab', '']))];
  expect(await statementFor(stepsOf(commits), commits)).toBe('putAll');
});

test('a step has a value for each column, and none where its kind has no such field', () => {
  const columns = { lookup: ['h', '1', '2'], createdAt: 9 };
  const transformer = { ...put('t'), ...({ kind: 'transformer', columns } as const) };
  expect(
    stepsOf([{ changes: [transformer, remove, { op: 'clear' }], expect: [expectation] }]).map(valuesOf),
  ).toEqual([
    [1, 'expect', 'gtype', 'a', '', null, null, 3, null, null, null, null],
    [1, 'put', 'transformer', 't', '', 'json', '{}', 7, 'h', '1', '2', 9],
    [1, 'delete', 'gtype', 'a', '', null, null, digestOf('a'), null, null, null, null],
    [1, 'clear', ...Array(10).fill(null)],
  ]);
});

describe('the remedy for a failed attempt', () => {
  const tooIsolated = { code: 'GT003' };
  const logTooShort = { code: 'GT001' };
  const duplicate = { code: '23505', constraint: 'changes_operation' };
  test.each<[object, boolean, boolean, string]>([
    [tooIsolated, false, false, 'isolate'],
    [tooIsolated, true, false, 'none'],
    [logTooShort, false, false, 'start-over'],
    [logTooShort, false, true, 'none'],
    [duplicate, false, true, 'ask'],
    [{ code: '23505', constraint: 'records_pkey' }, false, false, 'none'],
    [new Error('Connection terminated'), false, false, 'none'],
  ])('%o, isolated %s, lost before %s: %s', (error, isIsolated, wasLost, remedy) => {
    expect(remedyFor(error, { isIsolated, wasLost })).toBe(remedy);
  });
});

describe('the answer for a group', () => {
  const commits = [
    commit(put('a')),
    { changes: [put('b')], expect: [expectation] },
    commit(),
    commit(put('c')),
  ];
  const steps = stepsOf(commits);
  const read = (answer: Partial<Parameters<typeof readAnswer>[0]>) =>
    readAnswer({ epoch: 'e', base: 4, ...answer }, commits, steps, 'g');

  test('gives each commit its revision, an empty one that of the commit before it, and a refused one its conflict', () => {
    const group = read({
      committed: [1, 4],
      revisions: [5, 6],
      missed: [2],
      actual: [0],
      added: { gtype: 1 },
    });
    expect(group).toMatchObject({ base: 4, last: 6, added: { gtype: 1 }, cleared: false, groupId: 'g' });
    expect(group.outcomes).toMatchObject([
      { revision: 5 },
      { error: { code: 'STORAGE_CONFLICT', details: { expected: 3, actual: null } } },
      { revision: 5 },
      { revision: 6 },
    ]);
  });

  test('that was lost and found out later names what a refused commit expected', () => {
    const { outcomes, added } = read({ committed: [1, 4], revisions: [5, 6], isIncomplete: true });
    expect(added).toBeUndefined();
    const { error } = outcomes[1] ?? {};
    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({ code: 'STORAGE_CONFLICT', details: { kind: 'gtype', expected: 3 } });
  });
});
