import { nest } from './nest.js';

/** A value that no record can hold. */
export interface BadValue {
  readonly name: string;
  /** Makes the value anew. */
  make(): unknown;
  /** Where inside the value the trouble is, as it appears at the end of an error's path; absent: the value itself. */
  readonly at?: string;
  /** The error names the record rather than a place in it. */
  readonly blamesRecord?: boolean;
}

class Point {
  readonly x = 1;
}
class Celsius extends Date {}
class Registry extends Map {}
class List extends Array {}

/** A value is refused wherever it is; here it sits in a field of the record. */
export const badValues: readonly BadValue[] = [
  { name: 'a function', make: () => () => true },
  { name: 'a function deep inside', make: () => ({ a: [{ b: () => true }] }), at: '.a[0].b' },
  { name: 'a class', make: () => Point },
  { name: 'a symbol', make: () => Symbol('a') },
  { name: 'a well-known symbol in an array', make: () => [1, Symbol.iterator], at: '[1]' },
  { name: 'a symbol as property name', make: () => ({ [Symbol('a')]: 1 }) },
  { name: 'an instance of a class', make: () => new Point() },
  { name: 'an instance of a class in an array', make: () => ({ list: [0, new Point()] }), at: '.list[1]' },
  { name: 'an instance of a class derived from Date', make: () => new Celsius(0) },
  { name: 'an instance of a class derived from Map', make: () => new Registry() },
  { name: 'an instance of a class derived from Array', make: () => List.from([1]) },
  { name: 'an error', make: () => new Error('a') },
  { name: 'a promise', make: () => Promise.resolve(1) },
  { name: 'a WeakMap', make: () => new WeakMap() },
  { name: 'a String object', make: () => Object('a') },
  { name: 'a Number object', make: () => Object(1) },
  { name: 'an iterator', make: () => [1].values() },
  {
    name: 'a getter',
    make: () => ({
      get a() {
        return 1;
      },
    }),
    at: '.a',
  },
  {
    name: 'a getter that throws',
    make: () => ({
      get a() {
        throw new Error('called');
      },
    }),
    at: '.a',
  },
  { name: 'a setter', make: () => ({ set a(_: unknown) {} }), at: '.a' },
  {
    name: 'a getter in an array',
    make: () => Object.defineProperty([1, 2], 1, { get: () => 2, enumerable: true }),
    at: '[1]',
  },
  { name: 'an array with a named property', make: () => Object.assign([1], { name: 'x' }), at: '.name' },
  { name: 'a Date with a property of its own', make: () => Object.assign(new Date(0), { zone: 'UTC' }) },
  {
    name: 'an own property named __proto__',
    make: () => JSON.parse('{"__proto__":{"polluted":true}}'),
    at: '.__proto__',
  },
  {
    name: 'an own property named __proto__ deep inside',
    make: () => JSON.parse('{"a":[{"__proto__":{"polluted":true}}]}'),
    at: '.a[0].__proto__',
  },
  { name: 'an object that holds itself', make: circularObject, at: '.self' },
  { name: 'an array that holds itself', make: circularArray, at: '[0]' },
  { name: 'a map that holds itself', make: circularMap, at: '.self' },
  { name: '200 levels of nesting inside the record', make: () => nest(200, 'object'), blamesRecord: true },
  { name: '200 levels of arrays inside the record', make: () => nest(200, 'array'), blamesRecord: true },
  { name: '10,000 levels of nesting', make: () => nest(10_000, 'object'), blamesRecord: true },
  { name: '20 MiB of text', make: () => 'x'.repeat(20 * 1024 * 1024), blamesRecord: true },
  { name: '18 MB of three-byte characters', make: () => '\u20ac'.repeat(6_000_000), blamesRecord: true },
  {
    name: '20 MiB in small pieces',
    make: () => Array.from({ length: 20 }, () => 'x'.repeat(1024 * 1024)),
    blamesRecord: true,
  },
];

/** What cannot be a record at all. */
export const badRecords: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  'a string': 'users.create',
  'a number': 1,
  'a boolean': true,
  'a bigint': 1n,
  'a symbol': Symbol('a'),
  'a function': () => ({}),
  'an array': [],
  'an empty object': {},
  'a Date': new Date(0),
  'a Map': new Map([['handlerId', 'a']]),
  'a promise': Promise.resolve({}),
};

/** Values that are no `createdAt`. */
export const badTimes: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  'a string': '1700000000000',
  'a Date': new Date(0),
  'a bigint': 1_700_000_000_000n,
  'a boolean': true,
  'an object': { valueOf: 'x' },
};

function circularObject(): object {
  const value: Record<string, unknown> = {};
  value.self = value;
  return value;
}

function circularArray(): unknown[] {
  const value: unknown[] = [];
  value.push(value);
  return value;
}

function circularMap(): unknown {
  const map = new Map<string, unknown>();
  map.set('self', map);
  return map;
}
