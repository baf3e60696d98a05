import { expect, test } from 'vitest';
import { gtype } from '../../../test/support/records.js';
import { CheckedPut, checkedPut, prepareChange, preparePut } from '../src/backend.js';
import { createInMemoryStorage, type PutChange } from '../src/index.js';

function checked(value: object): PutChange {
  return checkedPut(preparePut('gtype', { ...gtype('A'), ...value }));
}

test('a put that was checked is stored as it is, with the text that was made of it', async () => {
  const change = checked({ description: 'é' });
  const text = CheckedPut.textOf(change);
  expect(text).toBe(JSON.stringify(change.value));
  expect(prepareChange(change, undefined, 'change')).toEqual({
    ...preparePut('gtype', change.value as never),
    text,
  });
  await using storage = createInMemoryStorage();
  await storage.commit([change]);
  expect(await storage.getGType('A')).toEqual({ ...gtype('A'), description: 'é' });
});

test('nobody can change it, nor pass for it', () => {
  const change = checked({});
  expect(() => Object.assign(change, { value: { ref: 'B' } })).toThrow(TypeError);
  expect(() => Object.assign(change.value, { ref: 'B' })).toThrow(TypeError);
  for (const like of [{ ...change }, Object.create(change), new Proxy(change, {})]) {
    expect(CheckedPut.textOf(like)).toBeUndefined();
    expect(CheckedPut.preparedOf(like)).toBeUndefined();
  }
});

test('a value that could still be changed is looked at again by the commit', () => {
  const change = checked({ since: new Date(0) });
  expect(change).toEqual({ put: 'gtype', value: { ...gtype('A'), since: new Date(0) } });
  expect(CheckedPut.textOf(change)).toBeUndefined();
});

test('one that is too large for a store is refused with the place, as every other', () => {
  const change = checked({ description: 'é'.repeat(100) });
  expect(() => prepareChange(change, 150, 'changes[3]')).toThrow(/^changes\[3\]\.value /);
  expect(prepareChange(change, 300, 'change')).toMatchObject({ op: 'put', key: ['A'] });
});
