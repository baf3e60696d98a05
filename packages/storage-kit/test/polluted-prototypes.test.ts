import { type PreparedPut, preparePut } from '@gati-framework/manifest-store/backend';
import { expect, test } from 'vitest';
import { toStorageEvent } from '../src/feed/storage-event.js';
import type { EncodedPut } from '../src/record-driver.js';
import { toLogEntry } from '../src/records/answers.js';
import { decodeRecord } from '../src/records/decode-record.js';
import { encodeChange } from '../src/records/encode-change.js';

const plain = { ref: 'a', nested: { list: [{ b: 1 }], tags: 'x' } };
const rich = { ref: 'a', when: new Date(5), list: [undefined, { tags: new Map([[1, { tags: 2 }]]) }] };
const encode = (record: object): EncodedPut =>
  encodeChange(preparePut('gtype', record as never) as PreparedPut) as EncodedPut;

/** What others do to Object.prototype and Array.prototype. */
const pollutions: readonly [string, object, string, PropertyDescriptor][] = [
  ['an object on Object.prototype', Object.prototype, 'config', { value: { x: 1 }, enumerable: true }],
  ['an object on Array.prototype', Array.prototype, 'last', { value: { x: 1 }, enumerable: true }],
  ['an object that arrays hide', Object.prototype, 'push', { value: { x: 1 }, enumerable: true }],
  ['toJSON of arrays', Array.prototype, 'toJSON', { value: () => 'gone' }],
  ['toJSON of objects', Object.prototype, 'toJSON', { value: () => 'gone', enumerable: true }],
  ["a setter of a field's name", Object.prototype, 'tags', { get: () => 1, set: () => {} }],
  ["a constant of a field's name", Object.prototype, 'tags', { value: 1 }],
];

for (const [what, prototype, name, descriptor] of pollutions) {
  test(`${what} changes neither what is stored nor what is read`, () => {
    const texts = [plain, rich].map((record) => encode(record).text);
    Object.defineProperty(prototype, name, { ...descriptor, configurable: true });
    let stored: EncodedPut[];
    let read: { readonly value: object }[];
    try {
      stored = [plain, rich].map(encode);
      read = stored.map((put) => decodeRecord('gtype', ['a'], put, 1));
    } finally {
      Reflect.deleteProperty(prototype, name);
    }
    expect(stored.map(({ text }) => text)).toEqual(texts);
    expect(read.map(({ value }) => value)).toEqual([plain, rich]);
    expect(Object.isFrozen(Reflect.get(read[0]?.value ?? {}, 'nested'))).toBe(true);
  });
}

test('a commit without a note has none, whatever others gave Object.prototype', async () => {
  const commit = { revision: 1, committedAt: 5, changes: [{ op: 'clear' }] } as const;
  Object.defineProperty(Object.prototype, 'note', { value: 'of nobody', configurable: true });
  let told: readonly object[];
  try {
    told = [toLogEntry({ ...commit, changeCount: 1 }), await toStorageEvent(commit, undefined)];
  } finally {
    Reflect.deleteProperty(Object.prototype, 'note');
  }
  expect(told.map(Object.keys)).toEqual([
    ['revision', 'committedAt', 'changeCount', 'changes'],
    ['revision', 'committedAt', 'changes'],
  ]);
});
