import { importDocument } from '@gati-framework/api-import';
import { createInMemoryStorage, type Storage } from '@gati-framework/manifest-store';
import { describe, expect, test } from 'vitest';
import { contents, ok, openApi, refusalOf } from './support/documents.js';

const get = (operationId: string, type: string): object => ({
  get: { operationId, responses: ok({ type }) },
});

/** A document of two operations, `a` and `b`, that answer with these types. */
function document(version: string, a: string, b: string): string {
  return openApi({ version, paths: { '/a': get('a', a), '/b': get('b', b) } });
}

async function versionsOf(storage: Storage, handlerId: string): Promise<string[]> {
  return (await storage.getAllManifestVersions(handlerId)).map(({ version }) => version);
}

describe('a document that was imported before', () => {
  test.each([
    ['numbers', ['64', '66', '71']],
    ['dates', ['2024-01-01', '2025-01-01', '2026-01-01']],
    ['versions of one number', ['v1', 'v2', 'v3']],
    ['versions', ['1.0.0', '1.1.0', '1.2.0']],
    ['names', ['amber', 'blue', 'crimson']],
  ])('changes nothing when it comes again behind a newer one, versions being %s', async (_, names) => {
    const [first = '', second = '', third = ''] = names;
    const storage = createInMemoryStorage();
    const middle = document(second, 'string', 'number');
    for (const text of [document(first, 'string', 'string'), middle, document(third, 'boolean', 'number')]) {
      await importDocument(storage, { text });
    }
    const before = await contents(storage);
    const report = await importDocument(storage, { text: middle });
    expect(await contents(storage)).toEqual(before);
    expect(report).toMatchObject({ revision: null, unchanged: ['b'], added: [], changed: [], removed: [] });
    expect(report.outdated).toEqual([{ handlerId: 'a', version: first, latest: third }]);
    expect(await versionsOf(storage, 'a')).toEqual([first, third]);
  });

  test('is known in a copy of the store, too', async () => {
    const storage = createInMemoryStorage();
    for (const [name, a] of [
      ['66', 'string'],
      ['71', 'boolean'],
    ] as const) {
      await importDocument(storage, { text: document(name, a, 'string') });
    }
    const copy = createInMemoryStorage();
    for await (const entry of storage.entries()) {
      if (entry.kind === 'gtype') await copy.storeGType(entry.value);
      if (entry.kind === 'manifest') await copy.storeManifest(entry.value);
      if (entry.kind === 'versionGraph') await copy.storeVersionGraph(entry.value);
    }
    expect(await importDocument(copy, { text: document('66', 'string', 'string') })).toMatchObject({
      revision: null,
      outdated: [{ handlerId: 'a', version: '66', latest: '71' }],
    });
  });

  test('is known again, also with a security scheme that says too little', async () => {
    const paths = { '/a': { get: { operationId: 'a', security: [{ Key: [] }], responses: ok({}) } } };
    for (const Key of [{ type: 'apiKey' }, { type: 'openIdConnect' }, { type: 'http' }, { type: 'oauth2' }]) {
      const storage = createInMemoryStorage();
      const text = openApi({ paths, components: { securitySchemes: { Key } } });
      await importDocument(storage, { text });
      expect((await importDocument(storage, { text })).revision).toBeNull();
    }
  });

  test('is told from one that has its content under a new version', async () => {
    const storage = createInMemoryStorage();
    for (const [name, a] of [
      ['1', 'string'],
      ['2', 'boolean'],
      ['3', 'string'],
    ] as const) {
      await importDocument(storage, { text: document(name, a, 'string') });
    }
    expect(await versionsOf(storage, 'a')).toEqual(['1', '2', '3']);
  });
});

describe('a document that is older than one that was imported', () => {
  test.each([
    ['64', '66', '65'],
    ['2024-01-01', '2026-01-01', '2025-01-01'],
    ['v1', 'v3', 'v2'],
    ['1.0.0', '1.2.0', '1.1.0'],
  ])(
    'is refused although the handler was not in the newer one as such: %s, %s, then %s',
    async (first, last, older) => {
      const storage = createInMemoryStorage();
      await importDocument(storage, { text: document(first, 'string', 'string') });
      await importDocument(storage, { text: document(last, 'string', 'number') });
      const error = await refusalOf(document(older, 'boolean', 'string'), storage);
      expect(error.message).toContain(`version ${older} is older than ${last}`);
      expect(error).toMatchObject({ code: 'INVALID_DOCUMENT', path: 'info.version' });
    },
  );
});

describe('a document whose version never changes', () => {
  test('gets a digest behind its version if that is wanted, and is known by it when it comes again', async () => {
    const storage = createInMemoryStorage();
    const options = { versionDigest: true };
    const first = document('1.0.0', 'string', 'string');
    await importDocument(storage, { text: first }, options);
    await importDocument(storage, { text: document('1.0.0', 'number', 'string') }, options);
    const versions = await versionsOf(storage, 'a');
    expect(versions).toHaveLength(2);
    for (const version of versions) expect(version).toMatch(/^1\.0\.0\+[0-9a-f]{12}$/);
    const again = await importDocument(storage, { text: first }, options);
    expect(again).toMatchObject({ revision: null, outdated: [{ handlerId: 'a', version: versions[0] }] });
  });

  test('is still refused when it is older', async () => {
    const storage = createInMemoryStorage();
    const options = { versionDigest: true };
    await importDocument(storage, { text: document('1.1.0', 'string', 'string') }, options);
    await expect(
      importDocument(storage, { text: document('1.0.0', 'number', 'string') }, options),
    ).rejects.toMatchObject({ code: 'INVALID_DOCUMENT', path: 'info.version' });
  });
});

describe('an operation that a newer document does not have', () => {
  test('is told apart from the handlers of other APIs, and left alone', async () => {
    const storage = createInMemoryStorage();
    const other = openApi({ info: { title: 'Other', version: '1' }, paths: { '/c': get('c', 'string') } });
    await importDocument(storage, { text: other });
    await importDocument(storage, { text: document('1.0.0', 'string', 'string') });
    const text = openApi({ version: '1.1.0', paths: { '/a': get('a', 'string') } });
    const report = await importDocument(storage, { text });
    expect(report.removed).toEqual(['b']);
    expect(report.otherHandlers).toEqual(['c', 'b']);
    expect(await storage.getManifest('b')).toMatchObject({ version: '1.0.0' });
    expect((await importDocument(storage, { text })).removed).toEqual([]);
  });
});

describe('an operation with another id', () => {
  test.each([
    ['string', 'compatible'],
    ['number', 'breaking'],
  ])('is known by its method and path, and compared: the answer is a %s', async (type, verdict) => {
    const storage = createInMemoryStorage();
    const at = (path: string, id: string, answer: string, version: string): string =>
      openApi({ version, paths: { [path]: get(id, answer) } });
    await importDocument(storage, { text: at('/a/{id}', 'a', 'string', '1.0.0') });
    const report = await importDocument(storage, { text: at('/a/{key}', 'b', type, '2.0.0') });
    expect(report).toMatchObject({
      added: [{ handlerId: 'b' }],
      removed: [],
      renamed: [{ handlerId: 'b', was: 'a', parent: '1.0.0', verdict }],
    });
    expect(await versionsOf(storage, 'a')).toEqual(['1.0.0']);
  });
});

describe('two APIs in one store', () => {
  const api = (title: string, type: string, version = '1.0.0'): string =>
    openApi({ info: { title, version }, paths: { [`/${title}`]: get('list', type) } });

  test('do not take each other for a newer version: the second one is refused, with what to do', async () => {
    const storage = createInMemoryStorage();
    await importDocument(storage, { text: api('Users', 'string') });
    const error = await refusalOf(api('Orders', 'number'), storage);
    expect(error).toMatchObject({ code: 'INVALID_DOCUMENT', path: 'paths./Orders.get' });
    expect(error.message).toContain('"list" is a handler of the API "Users"');
    expect(error.message).toContain('--api');
  });

  test('live side by side under a name that is remembered', async () => {
    const storage = createInMemoryStorage();
    await importDocument(storage, { text: api('Users', 'string') });
    await importDocument(storage, { text: api('Orders', 'number') }, { api: 'orders' });
    const report = await importDocument(storage, { text: api('Orders', 'boolean', '1.1.0') });
    expect(report.source.api).toBe('orders');
    expect(await versionsOf(storage, 'list')).toEqual(['1.0.0']);
    expect(await versionsOf(storage, 'orders.list')).toEqual(['1.0.0', '1.1.0']);
    expect(await storage.getManifest('orders.list')).toMatchObject({ path: '/Orders' });
  });

  test('are one API when the user says that its title changed', async () => {
    const storage = createInMemoryStorage();
    await importDocument(storage, { text: api('Users', 'string') });
    await importDocument(storage, { text: api('People', 'number', '2.0.0') }, { api: 'Users' });
    expect(await versionsOf(storage, 'list')).toEqual(['1.0.0', '2.0.0']);
    await importDocument(storage, { text: api('People', 'boolean', '3.0.0') });
    expect(await versionsOf(storage, 'list')).toEqual(['1.0.0', '2.0.0', '3.0.0']);
  });

  test('that have one title must be named', async () => {
    const storage = createInMemoryStorage();
    for (const name of ['a', 'b'])
      await importDocument(storage, { text: api('Same', 'string') }, { api: name });
    const error = await refusalOf(api('Same', 'number', '2.0.0'), storage);
    expect(error).toMatchObject({ path: 'info.title', message: expect.stringContaining('--api "a"') });
  });

  test('need a name that is not empty', async () => {
    const storage = createInMemoryStorage();
    await expect(importDocument(storage, { text: api('A', 'string') }, { api: '' })).rejects.toMatchObject({
      code: 'INVALID_OPTIONS',
      path: 'api',
    });
  });
});

describe('a store of before documents were remembered', () => {
  test('knows its handlers again, although more is stored of their security now', async () => {
    const paths = { '/a': { get: { operationId: 'a', security: [{ Key: [] }], responses: ok({}) } } };
    const components = { securitySchemes: { Key: { type: 'apiKey', in: 'query', name: 'key' } } };
    const text = openApi({ paths, components });
    const storage = createInMemoryStorage();
    await importDocument(storage, { text });
    const now = await storage.getManifest('a');
    const hash = 'sha256:5aecc03cbc4f7afeda96994fef77128e1310c18006d044fa1093f99b51086bec';
    await storage.storeManifest({ ...(now as NonNullable<typeof now>), hash });
    expect(now?.hash).not.toBe(hash);
    expect((await importDocument(storage, { text })).unchanged).toEqual(['a']);
  });
});
