import { runInNewContext } from 'node:vm';
import { nest } from './nest.js';

/** A value that is easily lost on the way to a database and back. */
export interface OddValue {
  readonly name: string;
  /** Makes the value anew. */
  make(): unknown;
  /** Makes what is read back, where that differs. */
  expected?(): unknown;
}

const numbers: readonly OddValue[] = [
  {
    name: 'NaN and the infinities',
    make: () => [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  },
  { name: 'negative zero', make: () => [-0, { zero: -0 }, 0] },
  {
    name: 'extreme numbers',
    make: () => [
      ...[Number.MAX_VALUE, Number.MIN_VALUE, Number.EPSILON, Number.MAX_SAFE_INTEGER, 2 ** 53, -(2 ** 63)],
      ...[0.1 + 0.2, 1e21, 1e-7, 123456789012345680000, 1 / 3],
    ],
  },
  { name: 'bigints', make: () => [0n, -1n, 2n ** 64n, -(2n ** 200n), { big: 9007199254740993n }] },
];

const texts: readonly OddValue[] = [
  { name: 'NUL characters', make: () => ['\0', 'a\0b', { 'na\0me': '\0\0' }] },
  { name: 'lone surrogates', make: () => ['\ud800', 'a\udc00b', '\udc00\ud800', { '\ud83d': 'x' }] },
  {
    name: 'NUL characters and lone surrogates beside what JSON cannot carry',
    make: () => [new Date(0), '\0', 'a\ud800b', '\udfff', { '\ud83d\0': 1n }],
  },
  {
    name: 'text of every plane, in every normal form',
    make: () => [
      'é',
      'e\u0301',
      'ß',
      '日本語',
      '\u{1f468}\u200d\u{1f469}',
      '\u202e',
      '\ufeff',
      '\u2028\u2029',
      '\uffff',
    ],
  },
  {
    name: 'text that looks like something else',
    make: () => [
      ...[
        'null',
        'undefined',
        'NaN',
        '-0',
        '1n',
        '',
        ' ',
        '[]',
        '{}',
        '"',
        '\\',
        '\\u0000',
        '\u0001\u001f\u007f',
      ],
      ...[
        '1970-01-01T00:00:00.000Z',
        '/a/g',
        '</script><!--',
        "'; DROP TABLE manifests; --",
        '$1 %s $(x) {{x}}',
      ],
      ...['\r\n', '\n', '\t', '\\n', '\b\f\v'],
    ],
  },
  { name: 'long strings', make: () => ['x'.repeat(1_000_000), '\u20ac'.repeat(100_000)] },
];

const containers: readonly OddValue[] = [
  {
    name: 'empty objects, arrays and strings',
    make: () => ({ a: {}, b: [], c: '', d: [[], {}, [[]]], e: null }),
  },
  { name: 'undefined in arrays', make: () => [undefined, 1, undefined, [undefined], { a: [undefined] }] },
  {
    name: 'no properties that hold undefined',
    make: () => ({ a: undefined, b: { c: undefined, d: 1 }, e: [{ f: undefined }], g: undefined }),
    expected: () => ({ b: { d: 1 }, e: [{}] }),
  },
  { name: 'null', make: () => [null, { a: null }, [[null]]] },
  // biome-ignore-start lint/suspicious/noSparseArray: the point of the sample
  { name: 'holes in arrays', make: () => [[, 1], [1, , 3], [1, ,], [,], [, undefined, , null]] },
  // biome-ignore-end lint/suspicious/noSparseArray: the point of the sample
  { name: 'a nearly empty array', make: () => sparse(100_000, 99_998, 'x') },
  { name: 'the order of properties', make: () => ({ z: 1, a: 2, m: { y: 1, b: 2 }, '': 3, B: 4 }) },
  {
    name: 'property names that look like indices',
    make: () => ({ b: 0, 10: 'ten', 9: 'nine', '01': 'not an index', '-1': 1, 1.5: 2, 4294967295: 3 }),
  },
  {
    name: 'property names that mean something elsewhere',
    make: () => ({
      ...{
        constructor: 1,
        prototype: 2,
        toString: 3,
        hasOwnProperty: 4,
        valueOf: 5,
        length: 6,
        toLocaleString: 7,
      },
      ...{
        __defineGetter__: 8,
        'a.b': 9,
        'a[0]': 10,
        "it's": 11,
        '"': 12,
        '\n': 13,
        ' ': 14,
        '\u{1f600}': 15,
      },
    }),
  },
  {
    name: 'plain data that looks like an encoding',
    make: () => [
      ...[{ toJSON: 'data' }, { $date: 0 }, { __type: 'Date', value: 0 }, { type: 'Buffer', data: [1] }],
      ...[['Date', '1970-01-01T00:00:00.000Z'], ['Map', 1, 2], [-1], [-3], -1, { json: [], meta: {} }],
      ...[{ $ref: '#' }, { '@type': 'Map' }, ['undefined'], [[1], 0], { encoding: 'json', text: '{}' }],
    ],
  },
  {
    name: 'objects without a prototype',
    make: () => withoutPrototype({ a: 1, b: withoutPrototype({ c: [withoutPrototype({})] }), d: {} }),
  },
  {
    name: 'the same object in several places',
    make: () => {
      const shared = { list: [1, new Date(1)] };
      return [shared, shared, { shared }, [shared.list, shared.list]];
    },
  },
  { name: '190 levels of nesting', make: () => nest(190, 'object') },
  { name: '190 levels of arrays', make: () => nest(190, 'array') },
  { name: 'ten thousand items', make: () => Array.from({ length: 10_000 }, (_, i) => (i % 3 ? i : { i })) },
  {
    name: 'plain values of another realm',
    make: () => runInNewContext('({ a: [1, { b: "c" }], at: new Date(7), m: new Map([[1, [2]]]) })'),
    expected: () => ({ a: [1, { b: 'c' }], at: new Date(7), m: new Map([[1, [2]]]) }),
  },
];

const builtIns: readonly OddValue[] = [
  {
    name: 'dates, valid or not',
    make: () => [0, 1, -1, 8.64e15, -8.64e15, Number.NaN, 1_700_000_000_123].map((time) => new Date(time)),
  },
  {
    name: 'regular expressions',
    make: () => [/a/, /\/[/]"'\n</gimsuy, /\p{L}\u{1f600}/u, /(?<name>x)\k<name>/d, /(?:)/],
  },
  {
    name: 'maps',
    make: () =>
      new Map<unknown, unknown>([
        ['z', 1],
        ['a', new Map([[{ key: [1] }, new Map()]])],
        [Number.NaN, Number.NaN],
        [undefined, undefined],
        [null, { a: [] }],
        [1, 'number'],
        ['1', 'string'],
        [1n, 'bigint'],
      ]),
  },
  {
    name: 'sets',
    make: () => new Set<unknown>(['z', 'a', Number.NaN, undefined, null, new Set([[1]]), { a: 1 }]),
  },
  {
    name: 'typed arrays',
    make: () => [
      ...[new Uint8Array([0, 255]), new Int8Array([-128]), new Uint8ClampedArray([300]), new Uint8Array()],
      ...[
        new Uint16Array([65535]),
        new Int16Array([-1]),
        new Uint32Array([2 ** 32 - 1]),
        new Int32Array([-1]),
      ],
      ...[new Float32Array([0.5, Number.NaN]), new Float64Array([-0, 1 / 3, Number.POSITIVE_INFINITY])],
      ...[new BigInt64Array([-1n]), new BigUint64Array([2n ** 64n - 1n])],
    ],
  },
  {
    name: 'views of a part of a buffer',
    make: () => [new Uint8Array([1, 2, 3, 4, 5]).subarray(1, 4), new Uint16Array(new ArrayBuffer(8), 2, 2)],
  },
  { name: 'array buffers', make: () => [new Uint8Array([1, 2, 3]).buffer, new ArrayBuffer(0)] },
];

/** Everything that a record can hold and JSON text cannot, or easily spoils. */
export const oddValues: readonly OddValue[] = [...numbers, ...texts, ...containers, ...builtIns];

function withoutPrototype(fields: object): object {
  return Object.assign(Object.create(null), fields);
}

function sparse(length: number, index: number, value: unknown): unknown[] {
  const array: unknown[] = [];
  array[index] = value;
  array.length = length;
  return array;
}
