import { createInMemoryStorage, StorageError } from '@gati-framework/manifest-store';
import {
  jsonText,
  keyObject,
  prepareChanges,
  preparePut,
  readFilter,
  readOptions,
} from '@gati-framework/manifest-store/backend';
import { expect, test } from 'vitest';

/** Does `act` while Object.prototype or Array.prototype has this property; nothing may be awaited meanwhile. */
function whilePolluted<T>(prototype: object, name: string, descriptor: PropertyDescriptor, act: () => T): T {
  Object.defineProperty(prototype, name, { configurable: true, ...descriptor });
  try {
    return act();
  } finally {
    Reflect.deleteProperty(prototype, name);
  }
}

const enumerable = (value: unknown): PropertyDescriptor => ({ value, enumerable: true, writable: true });

test('toJSON of Array.prototype and Object.prototype does not reach the text', () => {
  const record = { list: [1, 'a', null, { b: [] }], nested: { yes: true } };
  const text = JSON.stringify(record);
  const toJSON = { value: () => 'gone' };
  expect(whilePolluted(Array.prototype, 'toJSON', toJSON, () => jsonText(record))).toBe(text);
  expect(whilePolluted(Object.prototype, 'toJSON', toJSON, () => jsonText(record))).toBe(text);
});

test('a field is stored where Object.prototype has a setter or a constant of its name', () => {
  const record = { ref: 'a', tags: ['x'] };
  let taken: unknown;
  const setter = {
    get: () => taken,
    set: (value: unknown) => {
      taken = value;
    },
  };
  const stored = whilePolluted(Object.prototype, 'tags', setter, () => preparePut('gtype', record as never));
  expect(Object.keys(stored.value)).toEqual(['ref', 'tags']);
  expect(taken).toBeUndefined();
  const constant = { value: 1, writable: false };
  const kept = whilePolluted(Object.prototype, 'tags', constant, () => preparePut('gtype', record as never));
  expect(kept.value).toEqual(record);
  const key = whilePolluted(Object.prototype, 'ref', { set: () => {} }, () => keyObject('gtype', ['a']));
  expect(key).toEqual({ ref: 'a' });
});

test('a key that is missing is not made up from Object.prototype', () => {
  const put = () => preparePut('gtype', { kind: 'object' } as never);
  expect(() => whilePolluted(Object.prototype, 'ref', enumerable('made up'), put)).toThrow('gtype.ref');
});

test('the size of a sparse array is that of its elements', () => {
  const sparse: unknown[] = [];
  sparse[100] = 'x'.repeat(20);
  const put = () => preparePut('gtype', { ref: 'a', sparse } as never, 100);
  expect(() => whilePolluted(Object.prototype, 'config', enumerable('y'.repeat(500)), put)).not.toThrow();
});

test('options, filters and changes are what they say themselves', () => {
  const kinds = ['gtype', 'manifest'];
  const read = whilePolluted(Object.prototype, 'kinds', enumerable(kinds), () => readFilter({}));
  expect(read.kinds).toHaveLength(6);
  const options = whilePolluted(Object.prototype, 'limit', enumerable(5), () => readOptions({}, ['limit']));
  expect(options).not.toHaveProperty('limit', 5);
  const change = { delete: 'gtype' as const, key: { ref: 'a' } };
  const prepared = whilePolluted(Object.prototype, 'put', enumerable('gtype'), () =>
    prepareChanges([change]),
  );
  expect(prepared).toEqual([{ op: 'delete', kind: 'gtype', key: ['a'] }]);
});

test('options that are inherited from a class are options', () => {
  class Options {
    get historyLimit(): number {
      return 1;
    }
  }
  expect(readOptions(new Options(), ['historyLimit']).historyLimit).toBe(1);
});

test('an error tells only what it was given', () => {
  const make = () => new StorageError('STORAGE_FAILED', 'no');
  const error = whilePolluted(Object.prototype, 'path', enumerable('made up'), make);
  expect(error.path).toBeUndefined();
});

test('a polluted process stores and reads what it is given', async () => {
  const storage = createInMemoryStorage();
  const store = () => storage.storeGType({ ref: 'a', nested: { list: [1] } } as never);
  await whilePolluted(Object.prototype, 'config', enumerable({ x: 1 }), store);
  const reading = whilePolluted(Object.prototype, 'config', enumerable({ x: 1 }), () =>
    storage.getGType('a'),
  );
  expect(await reading).toEqual({ ref: 'a', nested: { list: [1] } });
});
