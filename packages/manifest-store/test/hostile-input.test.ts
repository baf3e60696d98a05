import { createInMemoryStorage, StorageError } from '@gati-framework/manifest-store';
import { snapshot } from '@gati-framework/manifest-store/backend';
import { expect, test } from 'vitest';

function revoked(): never {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy as never;
}

const throwing = (...names: string[]): never =>
  new Proxy(
    {},
    {
      get: (_, name) => {
        if (names.includes(String(name))) throw new TypeError('no');
        return undefined;
      },
    },
  ) as never;

const typed = (code: string) => expect.objectContaining({ name: 'StorageError', code });

test('whatever throws while a call is read becomes a typed error', async () => {
  const storage = createInMemoryStorage();
  const invalidOptions = typed('INVALID_OPTIONS');
  const invalidRecord = typed('INVALID_RECORD');
  await expect(storage.commit([], revoked())).rejects.toEqual(invalidOptions);
  await expect(storage.commit([], throwing('expect'))).rejects.toEqual(invalidOptions);
  await expect(storage.commit(revoked())).rejects.toEqual(invalidOptions);
  await expect(storage.commit([], { expect: revoked() })).rejects.toEqual(invalidOptions);
  await expect(storage.commit([], { expect: [throwing('revision', 'kind')] })).rejects.toEqual(
    invalidOptions,
  );
  await expect(storage.entries(revoked()).next()).rejects.toEqual(invalidOptions);
  await expect(storage.entries({ kinds: revoked() }).next()).rejects.toEqual(invalidOptions);
  await expect(storage.entries(throwing('handlerId')).next()).rejects.toEqual(invalidOptions);
  for (const call of ['getManifest', 'getGType', 'getAllManifestVersions', 'getVersionGraph'] as const) {
    await expect(storage[call](revoked())).rejects.toEqual(invalidRecord);
  }
  await expect(storage.get(throwing('key'))).rejects.toEqual(invalidOptions);
  expect(() => createInMemoryStorage(revoked())).toThrow(StorageError);
  expect(() => createInMemoryStorage(throwing('historyLimit'))).toThrow(StorageError);
  expect(() => createInMemoryStorage({ historyLimit: Object.create(null) })).toThrow(StorageError);
  expect((await storage.stats()).revision).toBe(0);
});

test('what is neither an array nor an async iterator is told so, and an array is one whatever else it claims to be', async () => {
  const storage = createInMemoryStorage();
  const change = { put: 'gtype', value: { ref: 'a', kind: 'object' } } as const;
  const wrong: unknown[] = [
    new Set([change]),
    [change].values(),
    { [Symbol.asyncIterator]: undefined },
    { [Symbol.asyncIterator]: 1 },
    { length: 1, 0: change },
  ];
  for (const changes of wrong) {
    await expect(storage.commit(changes as never)).rejects.toMatchObject({
      code: 'INVALID_OPTIONS',
      message: expect.stringContaining('must be an array or an async iterator'),
    });
  }
  let asked = 0;
  const fickle = new Proxy([change], {
    has: (target, name) => (name === Symbol.asyncIterator ? asked++ === 0 : name in target),
  });
  expect(await storage.commit(fickle)).toBe(1);
  expect(await storage.getGType('a')).toEqual(change.value);
});

test('a getter that changes its mind is asked once, and a commit stays whole', async () => {
  const storage = createInMemoryStorage();
  const answers = ['gtype', '__proto__', 'gtype'];
  const fickle = {
    get delete(): never {
      return (answers.shift() ?? 'gtype') as never;
    },
    key: { ref: 'x' },
  };
  const put = (ref: string) => ({ put: 'gtype', value: { ref, kind: 'object' } }) as const;
  await storage.commit([put('a'), fickle, put('b')]);
  expect(await storage.getGType('b')).toBeDefined();
  expect(answers).toHaveLength(2);
  const { value } = await storage.watch({ after: 0 }).next();
  expect(value?.changes).toHaveLength(3);
});

test('a change that could mean two things is refused', async () => {
  const storage = createInMemoryStorage();
  const put = { put: 'gtype', value: { ref: 'a', kind: 'object' } } as const;
  const key = { ref: 'b' };
  for (const change of [
    { ...put, delete: 'gtype', key },
    { ...put, clear: true },
    { delete: 'gtype', key, clear: true },
  ]) {
    await expect(storage.commit([change as never])).rejects.toMatchObject({
      code: 'INVALID_OPTIONS',
      path: 'changes[0]',
    });
  }
  // What watch() yields for a put has a key as well, and can be committed elsewhere.
  expect(await storage.commit([{ ...put, key: { ref: 'a' } } as never])).toBe(1);
});

test('a built-in that was given another prototype is refused, not stored as an empty object', () => {
  const disguises = [
    new Date(5),
    new Map([[1, 2]]),
    new Set([1]),
    /a/,
    new Uint8Array(2),
    new ArrayBuffer(2),
  ];
  for (const builtIn of disguises) {
    for (const prototype of [Object.prototype, null]) {
      const value = Object.setPrototypeOf(builtIn, prototype);
      expect(() => snapshot({ value }, 'record')).toThrowError(
        expect.objectContaining({ path: 'record.value' }),
      );
    }
  }
  expect(snapshot({ a: {}, b: Object.create(null), c: new Proxy({}, {}) }, 'record').value).toEqual({
    a: {},
    b: {},
    c: {},
  });
});

test('a class derived from a typed array is refused also when it has the same name', () => {
  const derived = { Uint8Array: class extends Uint8Array {} };
  expect(() => snapshot({ bytes: new derived.Uint8Array(2) }, 'record')).toThrow('record.bytes');
});

test('a storage works through a proxy around it, and its methods without it', async () => {
  const storage = createInMemoryStorage();
  const wrapped = new Proxy(storage, {});
  await wrapped.storeGType({ ref: 'a', kind: 'object' });
  expect(await wrapped.getGType('a')).toEqual({ ref: 'a', kind: 'object' });
  expect(wrapped.getStats().gtypeCount).toBe(1);
  expect((await wrapped.watch({ after: 0 }).next()).value?.revision).toBe(1);
  const { getGType } = storage;
  expect(await getGType('a')).toBeDefined();
  expect(Object.keys(storage)).not.toContain('getGType');
  await wrapped[Symbol.asyncDispose]();
  await expect(storage.getGType('a')).rejects.toMatchObject({ code: 'STORAGE_CLOSED' });
});

test('of a list of kinds no more is looked at than up to the first that is none, however long it is', async () => {
  const looked: string[] = [];
  const kinds = new Proxy(new Array(2 ** 32 - 1), {
    get: (target, name) => {
      if (/^\d+$/.test(String(name))) looked.push(String(name));
      if (looked.length > 1) throw new Error('it is looked at further');
      return Reflect.get(target, name);
    },
  });
  await expect(createInMemoryStorage().entries({ kinds }).next()).rejects.toMatchObject({
    code: 'INVALID_OPTIONS',
    path: 'filter.kinds',
    message: expect.stringContaining('must hold only'),
  });
  expect(looked).toEqual(['0']);
});
