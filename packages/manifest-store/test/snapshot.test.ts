import { runInNewContext } from 'node:vm';
import { createInMemoryStorage, StorageError } from '@gati-framework/manifest-store';
import { heapWeight, MAX_RECORD_DEPTH, snapshot } from '@gati-framework/manifest-store/backend';
import { afterEach, expect, test } from 'vitest';

const polluted = Object.prototype as unknown as Record<string, unknown>;
afterEach(() => {
  delete polluted.polluted;
});

function refusal(value: unknown, maxBytes?: number): StorageError {
  try {
    snapshot(value, 'record', maxBytes);
  } catch (error) {
    if (error instanceof StorageError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

test('plain data of another realm is plain data', () => {
  const foreign = runInNewContext(
    '({ list: [1, { a: 2 }], when: new Date(5), map: new Map([[1, new Uint8Array([7])]]) })',
  );
  const { value } = snapshot(foreign, 'record');
  expect(value).toEqual({ list: [1, { a: 2 }], when: new Date(5), map: new Map([[1, new Uint8Array([7])]]) });
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});

test('a lookalike of a built-in is not one', () => {
  const lookalikes = { Date: class {} };
  expect(lookalikes.Date.name).toBe('Date');
  expect(refusal({ when: new lookalikes.Date() }).path).toBe('record.when');
  expect(refusal({ when: Object.create(Date.prototype) }).path).toBe('record.when');
  expect(refusal({ tag: { [Symbol.toStringTag]: 'Map' } }).path).toBe('record.tag');
});

test('what Object.prototype was given by others is not stored', () => {
  polluted.polluted = true;
  const { value } = snapshot({ a: 1, nested: { b: 2 } }, 'record');
  expect(Object.hasOwn(value, 'polluted')).toBe(false);
  expect(Object.hasOwn(value.nested, 'polluted')).toBe(false);
});

test('a path is written the way code would reach it', () => {
  const f = (): void => {};
  expect(refusal({ a: [{ 'b-c': { d: f } }] }).path).toBe('record.a[0]["b-c"].d');
  expect(refusal({ m: new Map([['k', f]]) }).path).toBe('record.m.k');
  expect(refusal({ s: new Set([1, f]) }).path).toBe('record.s[1]');
});

test('a circular reference is reported where it closes', () => {
  const record: Record<string, unknown> = { list: [{}] };
  (record.list as unknown[])[0] = { back: record };
  const error = refusal(record);
  expect(error.path).toBe('record.list[0].back');
  expect(error.message).toContain('circular');
});

test('a circular reference is found through Maps and Sets, too', () => {
  const map = new Map<string, unknown>();
  map.set('set', new Set([0, { map }]));
  expect(refusal({ map }).path).toBe('record.map.set[1].map');
  expect(refusal([map]).path).toBe('record[0].set[1].map');
});

test('what a trap throws deep inside is told as what it is, and not as a refusal', () => {
  const thrown = new TypeError('no');
  const hostile = new Proxy([], {
    ownKeys: () => {
      throw thrown;
    },
  });
  expect(() => snapshot({ list: [hostile] }, 'record')).toThrow(thrown);
});

test('nesting is limited, whatever nests', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });
  expect(() => snapshot(nested(MAX_RECORD_DEPTH), 'record')).not.toThrow();
  expect(refusal(nested(MAX_RECORD_DEPTH + 1)).message).toContain('nested');
});

test('size is that of the JSON text in UTF-8, not that of the string', () => {
  const limit = 1_000;
  const exact = { text: 'x'.repeat(limit - JSON.stringify({ text: '' }).length) };
  expect(JSON.stringify(exact).length).toBe(limit);
  expect(() => snapshot(exact, 'record', limit)).not.toThrow();
  expect(refusal({ text: `${exact.text}x` }, limit).message).toContain('1000 bytes');
  expect(refusal({ text: '\u20ac'.repeat(400) }, limit).message).toContain('bytes'); // three bytes each
  expect(refusal({ text: '\0'.repeat(200) }, limit).message).toContain('bytes'); // six characters each
});

test('a structure that is shared without end is refused soon', () => {
  let bomb: unknown = ['lol'];
  for (let i = 0; i < 60; i++) bomb = [bomb, bomb];
  expect(refusal({ bomb })).toMatchObject({ code: 'INVALID_RECORD' });
});

test('an array may be sparse and long, but carries nothing but elements', () => {
  const sparse: unknown[] = [];
  sparse[4_000_000_000] = 'far';
  const { value, json } = snapshot(sparse, 'record');
  expect(value.length).toBe(4_000_000_001);
  expect(json).toBe(false);
  expect(Object.keys(value)).toEqual(['4000000000']);
  expect(heapWeight(value)).toBeLessThan(100);
  expect(refusal(Object.assign([1], { extra: 2 })).path).toBe('record.extra');
  const holeAndName = Object.assign([1], { extra: 2 });
  holeAndName.length = 2;
  expect(refusal(holeAndName).path).toBe('record.extra');
  expect(refusal(Object.assign([], { '01': 2 })).path).toBe('record["01"]');
});

test('an accessor is refused without being called, on objects and on arrays', () => {
  let called = 0;
  const accessor = { enumerable: true, get: () => called++ };
  expect(refusal(Object.defineProperty({}, 'a', accessor)).path).toBe('record.a');
  expect(refusal(Object.defineProperty([1], 0, accessor)).path).toBe('record[0]');
  expect(refusal(Object.defineProperty({}, 'a', { enumerable: true, set: () => {} })).path).toBe('record.a');
  expect(refusal(Object.defineProperty([1], 0, { enumerable: true, set: () => {} })).path).toBe('record[0]');
  expect(called).toBe(0);
});

test('a proxy whose traps throw gets a typed error', async () => {
  const hostile = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new TypeError('no');
      },
    },
  );
  await expect(createInMemoryStorage().storeGType(hostile as never)).rejects.toMatchObject({
    name: 'StorageError',
    code: 'INVALID_RECORD',
  });
});

test('every value counts towards the size, not only strings', () => {
  const limit = 1_000;
  expect(refusal({ list: Array(400).fill(null) }, limit).message).toContain('bytes');
  expect(refusal({ list: Array(200).fill(false) }, limit).message).toContain('bytes');
  expect(refusal({ list: Array(90).fill(-Number.MIN_VALUE * 12345) }, limit).message).toContain('bytes');
  expect(refusal({ big: 10n ** 2_000n }, limit).message).toContain('bytes');
});

test('a class derived from a built-in is refused whatever its name, and none of its code runs', () => {
  let called = 0;
  const derived = {
    Date: class extends Date {
      override getTime(): number {
        called += 1;
        return 0;
      }
    },
    Map: class extends Map {},
    List: class extends Array {
      override flatMap(): never {
        throw new Error();
      }
    },
  };
  expect(refusal({ a: new derived.Date() }).path).toBe('record.a');
  expect(refusal({ a: new derived.Map() }).path).toBe('record.a');
  expect(refusal({ a: new derived.List() }).path).toBe('record.a');
  expect(refusal({ a: Object.assign(new Map(), { [Symbol('s')]: 1 }) }).path).toBe('record.a');
  expect(called).toBe(0);
});

test('whatever throws while input is read becomes a typed error', async () => {
  const storage = createInMemoryStorage();
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const throwing = {
    get put(): never {
      throw new TypeError('no');
    },
  };
  const invalid = expect.objectContaining({ name: 'StorageError' });
  await expect(storage.storeGType(proxy as never)).rejects.toEqual(invalid);
  await expect(storage.commit([throwing as never])).rejects.toEqual(invalid);
  await expect(storage.commit([], null as never)).rejects.toEqual(invalid);
  await expect(storage.get(proxy as never)).rejects.toEqual(invalid);
  await expect(storage.watch(null as never).next()).rejects.toEqual(invalid);
  await expect(storage.watch({ signal: {} as never }).next()).rejects.toEqual(invalid);
  expect((await storage.stats()).revision).toBe(0);
});
