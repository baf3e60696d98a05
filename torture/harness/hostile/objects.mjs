import { runInNewContext } from 'node:vm';
import { refuse } from './errors.mjs';

class Point {
  x = 1;
}
class OwnMap extends Map {}
class OwnArray extends Array {}
class OwnDate extends Date {}

/** Makers of objects that look like data and are none, or look odd and are; `inner` makes what is inside. */
export const OBJECTS = [
  () => ({}),
  () => [],
  () => Object.create(null),
  (inner) => ({ a: inner(), b: inner() }),
  (inner) => [inner(), inner()],
  (inner) => Object.assign(Object.create(null), { a: inner() }),
  (inner) => Object.freeze({ a: inner() }),
  () => JSON.parse('{"__proto__": {"polluted": true}}'),
  (inner) =>
    JSON.parse('{"constructor": {"prototype": {"polluted": true}}, "a": 1}', (_, value) => value ?? inner()),
  (inner) => ({ [Symbol('s')]: inner() }),
  (inner) => Object.defineProperty({}, 'hidden', { value: inner() }),
  // Accessors: one that throws, one that tells something else each time, one that changes what is around it.
  () => Object.defineProperty({}, 'a', { get: refuse, enumerable: true }),
  () => {
    let count = 0;
    return Object.defineProperty({}, 'a', { get: () => count++, enumerable: true });
  },
  () => ({
    z: 1,
    get a() {
      delete this.z;
      this.b = 1;
      return 1;
    },
  }),
  () => Object.defineProperty([1, 2], 1, { get: refuse, enumerable: true }),
  () => ({ set a(_) {} }),
  () => ({ toString: refuse, valueOf: refuse, toJSON: refuse, [Symbol.toPrimitive]: refuse }),
  () => ({ toJSON: () => ({ other: true }) }),
  () => Object.defineProperty({}, Symbol.toStringTag, { get: refuse }),
  // Circles, depth, width.
  () => {
    const circle = { list: [] };
    circle.list.push(circle);
    return circle;
  },
  () => {
    const circle = new Map();
    return circle.set('self', new Set([circle]));
  },
  (_, random) => nest(random.pick([10, 199, 200, 201, 20_000])),
  (_, random) => new Array(random.pick([1, 1_000, 2 ** 32 - 1])),
  (_, random) => Array.from({ length: random.pick([10, 3_000]) }, (__, i) => ({ i })),
  // biome-ignore lint/suspicious/noSparseArray: holes are what is tried
  (inner) => [, inner(), , undefined],
  (inner) => Object.assign([1], { named: inner() }),
  // Built-ins, whole and spoilt.
  (_, random) => new Date(random.pick([0, Number.NaN, 8.64e15, -1])),
  () => Object.assign(new Date(0), { getTime: refuse, toISOString: refuse }),
  (inner) => new Map([[inner(), inner()]]),
  (inner) => new Set([inner(), inner()]),
  () => Object.assign(new Map([['a', 1]]), { entries: refuse, [Symbol.iterator]: refuse }),
  () => /(?:)/g,
  () => Object.assign(/a/y, { lastIndex: { valueOf: refuse } }),
  () => new Uint8Array([1, 2, 3]),
  () => new Float64Array([-0, Number.NaN]),
  () => new ArrayBuffer(8),
  () => new SharedArrayBuffer(8),
  () => new DataView(new ArrayBuffer(8)),
  () => {
    const array = new Uint8Array(8);
    structuredClone(array.buffer, { transfer: [array.buffer] });
    return array;
  },
  () => new Point(),
  () => new OwnMap([['a', 1]]),
  () => OwnArray.from([1]),
  () => new OwnDate(0),
  () => Object.setPrototypeOf({ a: 1 }, Date.prototype),
  () => Object.setPrototypeOf([1], Map.prototype),
  () => Object.create(Map.prototype),
  () => new Error('no data'),
  () => new WeakMap(),
  () => Object('boxed'),
  () => Object(1n),
  () => Promise.resolve(1),
  () => globalThis.process,
  () => runInNewContext('({ a: [1, new Date(7)], m: new Map([[1, [2]]]) })'),
  // Functions, and what calls them.
  () => () => 1,
  () => refuse,
  () => Point,
  () => function* () {},
  () => thenable(refuse),
  (inner) => thenable((resolve) => resolve(inner())),
  () =>
    thenable((resolve) => {
      resolve(1);
      resolve(2);
      refuse();
    }),
  () => Object.defineProperty({}, 'then', { get: refuse }),
];

/** A chain of objects and arrays. */
function nest(depth) {
  let value = 'deep';
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? { a: value } : [value];
  return value;
}

function thenable(value) {
  return Object.defineProperty({}, 'then', { value, enumerable: true });
}
