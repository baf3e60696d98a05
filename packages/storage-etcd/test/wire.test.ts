import { expect, test } from 'vitest';
import { FrameReader, frame } from '../dist/client/grpc-frames.js';
import { nest } from '../dist/commit/operations.js';
import { decodeStatus, decodeTxn, decodeWatch, encodeTxn, type Operation } from '../dist/wire/messages.js';
import {
  bytesField,
  intField,
  join,
  message,
  nested,
  type Pieces,
  readMessage,
} from '../dist/wire/protobuf.js';

test('integers are as Protocol Buffers write them, up to the largest that is exact', () => {
  for (const [value, hex] of [
    [1, '0801'],
    [300, '08ac02'],
    [2 ** 32, '088080808010'],
    [Number.MAX_SAFE_INTEGER, '08ffffffffffffff0f'],
  ] as const) {
    const written = join(message(intField(1, value)));
    expect(written.toString('hex')).toBe(hex);
    const read: number[] = [];
    readMessage(written, { 1: ({ int }) => read.push(int) });
    expect(read).toEqual([value]);
  }
});

test('a transaction is the bytes that etcd reads', () => {
  const put: Operation = { op: 'put', key: 'k', value: Buffer.from('v') };
  const request = encodeTxn({
    compare: [{ key: 'k', target: 'modRevision', is: 'equal', value: 0 }],
    success: [put, { op: 'delete', key: 'a', end: 'b' }],
    failure: [{ op: 'range', key: 'k', limit: 2 }],
  });
  // compare { target: MOD, key: k, mod_revision: 0 }, success { put { k, v } }, { delete [a, b) }, failure { range { k, limit: 2 } }
  expect(request.toString('hex')).toBe(
    '0a0710021a016b3000120812060a016b12017612081a060a01611201621a070a050a016b1802',
  );
});

test('what is compared with a value says so', () => {
  const request = encodeTxn({
    compare: [{ key: 'k', target: 'value', is: 'less', value: 'v~' }],
    success: [],
  });
  // compare { result: LESS, target: VALUE, key: k, value: v~ }
  expect(request.toString('hex')).toBe('0a0b080210031a016b3a02767e');
});

test('an answer with nested transactions tells the ranges of all in their order', () => {
  const kv = (key: string): Pieces =>
    nested(2, message(bytesField(1, key), intField(3, 7), bytesField(5, 'v')));
  const range = (key: string): Pieces => nested(3, nested(1, kv(key)));
  const inner = message(intField(2, 1), range('b'), nested(3, nested(2, message())), range('c'));
  const answer = join(
    message(
      nested(1, message(intField(3, 42))),
      intField(2, 1),
      range('a'),
      nested(3, nested(4, inner)),
      range('d'),
    ),
  );
  const { succeeded, revision, ranges } = decodeTxn(answer);
  expect([succeeded, revision]).toEqual([true, 42]);
  expect(ranges.map(({ kvs }) => kvs.map(({ key }) => key).join())).toEqual(['a', 'b', '', 'c', 'd']);
  expect(ranges[0]?.kvs[0]).toMatchObject({ key: 'a', modRevision: 7 });
});

test('identities of 64 bits are told exactly, and unknown fields are passed over', () => {
  const cluster = 0xddd67b312462fd7bn;
  const id = [8];
  for (let rest = cluster; rest > 0n; rest >>= 7n) id.push(Number(rest & 0x7fn) + (rest > 0x7fn ? 0x80 : 0));
  const bytes = (list: Uint8Array): Pieces => ({ length: list.length, list: [list] });
  const fixed = Buffer.concat([
    Buffer.from([0x79]),
    Buffer.alloc(8, 1),
    Buffer.from([0x7d]),
    Buffer.alloc(4, 1),
  ]);
  const status = message(
    nested(1, bytes(Buffer.from(id))),
    bytesField(2, '3.5.21'),
    bytes(fixed),
    intField(99, 1),
  );
  expect(decodeStatus(join(status))).toEqual({ cluster: 'ddd67b312462fd7b', version: '3.5.21' });
});

test('a message that ends within a field is an error, and not half a message', () => {
  const whole = join(message(bytesField(2, 'version')));
  expect(() => decodeStatus(whole.subarray(0, -1))).toThrow(RangeError);
  expect(() => decodeStatus(Buffer.from([0x08, 0x80]))).toThrow(RangeError);
});

test('a watch that is cancelled says why', () => {
  expect(decodeWatch(join(message(intField(4, 1), bytesField(6, 'no leader'))))).toMatchObject({
    created: false,
    canceled: 'no leader',
  });
});

test('messages are found in whatever chunks they come', () => {
  const sent = ['', 'a', 'bc'.repeat(40_000)].map((text) => Buffer.from(text));
  const stream = Buffer.concat(sent.map(frame));
  for (const size of [1, 3, 7_001, stream.length]) {
    const read: string[] = [];
    const reader = new FrameReader((bytes) => read.push(bytes.toString()));
    for (let i = 0; i < stream.length; i += size) reader.add(stream.subarray(i, i + size));
    expect(read).toEqual(sent.map(String));
  }
});

/** As etcd counts: the widest list of each level, of those above and below together. */
function countOf(operations: readonly Operation[]): number {
  const below = operations.map((one) => (one.op === 'txn' ? countOf(one.operations) : 0));
  return operations.length + Math.max(0, ...below);
}

test.each([1, 48, 49, 128, 129, 5_000, 60_000])('%d operations are what etcd takes at once', (count) => {
  const operations = Array.from({ length: count }, (_, i): Operation => ({ op: 'delete', key: `${i}` }));
  const taken = nest(operations);
  expect(countOf(taken)).toBeLessThanOrEqual(128);
  const flat = (list: readonly Operation[]): Operation[] =>
    list.flatMap((one) => (one.op === 'txn' ? flat(one.operations) : [one]));
  expect(flat(taken)).toEqual(operations);
});
