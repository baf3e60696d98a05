import { type Change, createInMemoryStorage, type Entry } from '@gati-framework/manifest-store';
import { describe, expect, it } from 'vitest';
import { gtype, manifest } from '../../../test/support/records.js';
import { fieldDifferences, recordDifferences } from '../src/diff/index.js';

describe('two values differ', () => {
  it.each([
    [
      'where a field has another value',
      { a: { b: 1 } },
      { a: { b: 2 } },
      [{ path: 'a.b', before: 1, after: 2 }],
    ],
    ['where a field came', {}, { 'x y': null }, [{ path: '["x y"]', after: null }]],
    ['where a field went', { roles: ['a'] }, {}, [{ path: 'roles', before: ['a'] }]],
    [
      'by what is in an element that stands where one of its kind stood',
      [{ type: 'custom', value: { names: ['a'] } }, 'x'],
      [{ type: 'custom', value: { names: ['a', 'b'] } }, 'x'],
      [{ path: '[0].value.names[1]', after: 'b' }],
    ],
    ['by an element that was inserted', ['a', 'b'], ['x', 'a', 'b'], [{ path: '[0]', after: 'x' }]],
    [
      'by elements that were exchanged',
      { roles: ['a', 'b', 'c'] },
      { roles: ['a', 'c', 'd'] },
      [
        { path: 'roles[1]', before: 'b' },
        { path: 'roles[2]', after: 'd' },
      ],
    ],
    [
      'in an element that has a name, wherever it stands',
      { versions: [{ version: '1', active: true }] },
      {
        versions: [
          { version: '2', active: true },
          { version: '1', active: false },
        ],
      },
      [
        { path: 'versions[1].active', before: true, after: false },
        { path: 'versions[2]', after: { version: '2', active: true } },
      ],
    ],
    [
      'where a Date is another',
      { at: new Date(1) },
      { at: new Date(2) },
      [{ path: 'at', before: new Date(1), after: new Date(2) }],
    ],
    ['where a list became something else', [1], { 0: 1 }, [{ path: '', before: [1], after: { 0: 1 } }]],
  ])('%s', (_, before, after, differences) => {
    expect(fieldDifferences(before, after)).toEqual(differences);
  });

  it('nowhere, when only the order of their fields does', () => {
    expect(fieldDifferences({ a: 1, b: [Number.NaN, -0] }, { b: [Number.NaN, -0], a: 1 })).toEqual([]);
  });
});

describe('two stores differ', () => {
  const common: Change[] = [
    { put: 'gtype', value: gtype('A') },
    { put: 'gtype', value: gtype('B') },
    { put: 'manifest', value: manifest('m', '1') },
  ];

  it('by what was added, removed and changed, kind by kind', async () => {
    expect(
      await differences(
        [...common, { put: 'gtype', value: gtype('old') }],
        [
          ...common,
          { put: 'manifest', value: manifest('m', '1', 'other') },
          { put: 'manifest', value: manifest('m', '2') },
        ],
      ),
    ).toEqual(['changed manifest m,1 hash', 'added manifest m,2 ', 'removed gtype old ']);
  });

  it('not by the order in which their records came', async () => {
    expect(await differences(common, [...common].reverse())).toEqual([]);
  });

  it('by everything, when one of them is empty', async () => {
    expect(await differences([], common)).toHaveLength(3);
    expect(await differences(common, [])).toHaveLength(3);
  });

  it('and comparing them ends both readings, also when it is given up', async () => {
    const ended: string[] = [];
    const endless = async function* (name: string): AsyncGenerator<Entry> {
      try {
        for (let i = 0; ; i += 1) {
          const value = gtype(`T${i}`, name);
          yield { kind: 'gtype', key: { ref: value.ref }, value, revision: 1 };
        }
      } finally {
        ended.push(name);
      }
    };
    for await (const difference of recordDifferences(endless('left'), endless('right'))) {
      expect(difference.change).toBe('changed');
      break;
    }
    expect(ended.sort()).toEqual(['left', 'right']);
  });
});

async function differences(before: readonly Change[], after: readonly Change[]): Promise<string[]> {
  const [left, right] = [createInMemoryStorage(), createInMemoryStorage()];
  await left.commit(before);
  await right.commit(after);
  const found: string[] = [];
  for await (const { change, kind, key, fields } of recordDifferences(left.entries(), right.entries())) {
    found.push(`${change} ${kind} ${key} ${fields.map(({ path }) => path)}`);
  }
  return found;
}
