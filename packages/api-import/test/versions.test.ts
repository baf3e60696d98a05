import { type ImportTarget, importDocument } from '@gati-framework/api-import';
import { createInMemoryStorage, type HandlerManifest, type Storage } from '@gati-framework/manifest-store';
import { describe, expect, test } from 'vitest';
import { contents, ok, openApi, reading, refusalOf } from './support/documents.js';

const STRING = { type: 'string' };
const NUMBER = { type: 'number' };

async function importAll(storage: Storage, texts: readonly string[]): Promise<void> {
  for (const text of texts) await importDocument(storage, { text });
}

describe('the version of a handler', () => {
  test('is that of the document, or the one that the user names', async () => {
    const storage = createInMemoryStorage();
    await importDocument(storage, { text: reading(STRING, undefined, '2024-05-01') });
    await importDocument(
      storage,
      { text: reading(NUMBER, undefined, '2024-05-01') },
      { versionName: 'nightly' },
    );
    const versions = await storage.getAllManifestVersions('read');
    expect(versions.map(({ version }) => version)).toEqual(['2024-05-01', 'nightly']);
  });

  test('is later than the one before, even if the clock went back', async () => {
    const storage = createInMemoryStorage();
    await importDocument(storage, { text: reading(STRING, undefined, '1.0.0') });
    const [first] = await storage.getAllManifestVersions('read');
    const ahead = (first as HandlerManifest).createdAt + 1_000_000;
    await storage.storeManifest({ ...(first as HandlerManifest), createdAt: ahead });
    await importDocument(storage, { text: reading(NUMBER, undefined, '1.1.0') });
    expect(await storage.getManifest('read')).toMatchObject({ version: '1.1.0', createdAt: ahead + 1 });
  });

  test('stays what it is when the document has a new version but the handler did not change', async () => {
    const storage = createInMemoryStorage();
    await importDocument(storage, { text: reading(STRING, undefined, '1.0.0') });
    const report = await importDocument(storage, { text: reading(STRING, undefined, '2.0.0') });
    expect(report).toMatchObject({ added: [], changed: [], unchanged: ['read'] });
    expect((await storage.getVersionGraph('read'))?.versions).toHaveLength(1);
  });

  test('is never overwritten: other content under a stored version is refused, with what to do', async () => {
    const storage = createInMemoryStorage();
    await importDocument(storage, { text: reading(STRING, undefined, '1.0.0') });
    const error = await refusalOf(reading(NUMBER, undefined, '1.0.0'), storage);
    expect(error).toMatchObject({ code: 'INVALID_DOCUMENT', path: 'info.version' });
    expect(error.message).toContain('version 1.0.0 of "read" is stored already, with other content');
    expect(error.message).toContain('--version-name');
  });

  test('does not go back: an older document that was never imported is refused, unless its version is named', async () => {
    const storage = createInMemoryStorage();
    await importDocument(storage, { text: reading(STRING, undefined, '1.10.0') });
    for (const older of ['1.9.0', '1.10.0-rc.1', '0.11']) {
      const error = await refusalOf(reading(NUMBER, undefined, older), storage);
      expect(error.message).toContain(`version ${older} is older than 1.10.0`);
    }
    await importDocument(storage, { text: reading(NUMBER, undefined, '1.9.0') }, { versionName: '1.9.0' });
    expect(await storage.getManifest('read')).toMatchObject({ version: '1.9.0' });
  });

  test('is left alone when a document that was imported before comes again', async () => {
    const storage = createInMemoryStorage();
    await importAll(storage, [reading(STRING, undefined, '1.0.0'), reading(NUMBER, undefined, '2.0.0')]);
    const report = await importDocument(storage, { text: reading(STRING, undefined, '1.0.0') });
    expect(report.revision).toBeNull();
    expect(report.outdated).toEqual([{ handlerId: 'read', version: '1.0.0', latest: '2.0.0' }]);
    expect(await storage.getManifest('read')).toMatchObject({ version: '2.0.0' });
  });

  test('leaves the tags of versions alone', async () => {
    const storage = createInMemoryStorage();
    await importDocument(storage, { text: reading(STRING, undefined, '1.0.0') });
    const graph = await storage.getVersionGraph('read');
    if (graph === undefined) throw new Error('There is no graph.');
    const tags = [{ label: 'stable', version: '1.0.0', createdAt: 1, createdBy: 'Ada' }];
    await storage.storeVersionGraph({ ...graph, tags });
    await importDocument(storage, { text: reading(NUMBER, undefined, '1.1.0') });
    expect(await storage.getVersionGraph('read')).toMatchObject({ currentVersion: '1.1.0', tags });
  });

  test('follows versions that were stored without a graph, which then get one', async () => {
    const storage = createInMemoryStorage();
    await storage.storeManifest({
      handlerId: 'read',
      version: 'handmade',
      path: '/things',
      method: 'GET',
      gtypes: { request: 'A', response: 'B' },
      hooks: { before: [], after: [] },
      timescapeVersion: '',
      policies: {},
      dependencies: { modules: [] },
      hash: 'x',
      createdAt: 1,
    });
    const report = await importDocument(storage, { text: reading(STRING) });
    expect(report.changed).toMatchObject([
      { handlerId: 'read', parent: 'handmade', breaking: false, verdict: 'unknown' },
    ]);
    expect((await storage.getVersionGraph('read'))?.versions).toMatchObject([
      { version: 'handmade', manifestHash: 'x', deployedAt: 1 },
      { version: '1.0.0', parent: 'handmade', breaking: false },
    ]);
  });
});

describe('the id of a handler', () => {
  test('is the operationId, or else its method and path', async () => {
    const storage = createInMemoryStorage();
    const paths = { '/a/{id}': { get: { operationId: 'x', responses: ok({}) }, put: { responses: ok({}) } } };
    await importDocument(storage, { text: openApi({ paths }) });
    expect(await storage.getManifest('x')).toMatchObject({ path: '/a/:id', method: 'GET' });
    expect(await storage.getManifest('PUT /a/{id}')).toMatchObject({ path: '/a/:id', method: 'PUT' });
  });
});

describe('the route of a handler', () => {
  const ROUTES: readonly [template: string, path: string][] = [
    ['/', '/'],
    ['/users/{id}', '/users/:id'],
    ['/users/{user-id}/posts/{2nd}', '/users/:user_id/posts/:_2nd'],
    ['/files/{name}.json', '/files/:name.json'],
    ['/v1/{name}:cancel', '/v1/{name}:cancel'],
    ['/v1/{name}s', '/v1/{name}s'],
  ];

  test.each(ROUTES)('of the template %s is %s', async (template, path) => {
    const storage = createInMemoryStorage();
    const paths = { [template]: { get: { operationId: 'x', responses: ok({}) } } };
    const report = await importDocument(storage, { text: openApi({ paths }) });
    expect(await storage.getManifest('x')).toMatchObject({ path });
    expect(report.inexpressible.some(({ keyword }) => keyword === 'path template')).toBe(path.includes('{'));
  });

  test('names its parameters as the params type does', async () => {
    const storage = createInMemoryStorage();
    const at = (name: string, where: string): object => ({ name, in: where, required: true, schema: STRING });
    const paths = {
      '/users/{user-id}/{other}': {
        parameters: [at('user-id', 'path'), at('trace', 'query')],
        get: {
          operationId: 'x',
          parameters: [
            at('other', 'query'),
            at('session', 'cookie'),
            { ...at('trace', 'query'), schema: NUMBER },
          ],
          responses: ok({}),
        },
      },
    };
    await importDocument(storage, { text: openApi({ paths }) });
    const type = await storage.getGType('x#params');
    expect(Object.keys(type?.properties ?? {})).toEqual([
      'user_id',
      'other',
      'trace',
      'query.other',
      'cookie.session',
    ]);
    expect(type?.properties?.trace?.type.primitiveType).toBe('number');
  });
});

describe('the types of an operation', () => {
  test('label each body with its status and media type', async () => {
    const storage = createInMemoryStorage();
    const responses = { ...ok(STRING), 204: { description: 'Nothing.' } };
    const requestBody = { content: { 'text/plain': { schema: NUMBER } } };
    const paths = { '/a': { post: { operationId: 'x', requestBody, responses } } };
    await importDocument(storage, { text: openApi({ paths }) });
    const custom = (keyword: string, value: unknown): unknown => ({
      type: 'custom',
      value: { keyword, value },
    });
    expect(await storage.getGType('x#request')).toMatchObject({
      kind: 'union',
      types: [{ types: [{ primitiveType: 'number' }], validators: [custom('mediaType', 'text/plain')] }],
      validators: [custom('required', false)],
    });
    expect(await storage.getGType('x#response')).toMatchObject({
      kind: 'union',
      types: [
        {
          types: [{ primitiveType: 'string' }],
          validators: [custom('status', '200'), custom('mediaType', 'application/json')],
        },
        {
          types: [{ kind: 'union', types: [] }],
          validators: [custom('status', '204')],
          description: 'Nothing.',
        },
      ],
    });
  });

  test('are #none without a body, and #any without a word about responses', async () => {
    const storage = createInMemoryStorage();
    await importDocument(storage, { text: openApi({ paths: { '/a': { get: { operationId: 'x' } } } }) });
    expect((await storage.getManifest('x'))?.gtypes).toEqual({ request: '#none', response: '#any' });
    expect(await storage.getGType('#none')).toEqual({ ref: '#none', kind: 'union', types: [] });
    expect(await storage.getGType('#any')).toEqual({ ref: '#any', kind: 'intersection', types: [] });
  });
});

describe('the ref of a type', () => {
  const list = (item: unknown): Record<string, unknown> => ({
    List: { type: 'array', items: { $ref: '#/components/schemas/Item' } },
    Item: item,
    Other: STRING,
  });
  const listing = (item: unknown, version: string): string =>
    reading({ $ref: '#/components/schemas/List' }, list(item), version);

  test('gets the version that changed it, as does every type that refers to it', async () => {
    const storage = createInMemoryStorage();
    await importAll(storage, [listing(STRING, '1.0.0'), listing(NUMBER, '2.0.0')]);
    expect((await storage.getGType('List'))?.items).toEqual({ ref: 'Item', kind: 'primitive' });
    expect((await storage.getGType('List@2.0.0'))?.items).toEqual({ ref: 'Item@2.0.0', kind: 'primitive' });
    expect(await storage.getGType('Other@2.0.0')).toBeUndefined();
    expect((await storage.getManifest('read', '1.0.0'))?.gtypes.response).toBe('read#response');
    expect((await storage.getManifest('read', '2.0.0'))?.gtypes.response).toBe('read#response@2.0.0');
  });

  test('is the older one again when a type becomes again what it was', async () => {
    const storage = createInMemoryStorage();
    await importAll(storage, [listing(STRING, '1.0.0'), listing(NUMBER, '2.0.0'), listing(STRING, '3.0.0')]);
    expect((await storage.getManifest('read', '3.0.0'))?.gtypes.response).toBe('read#response');
    expect(await storage.getGType('List@3.0.0')).toBeUndefined();
  });

  test('is numbered when two documents change a type in the same version', async () => {
    const storage = createInMemoryStorage();
    const boolean = { type: 'boolean' };
    for (const [item, id] of [STRING, NUMBER, boolean].map((type, i) => [type, `read${i}`] as const)) {
      const paths = {
        [`/${id}`]: { get: { operationId: id, responses: ok({ $ref: '#/components/schemas/Item' }) } },
      };
      await importDocument(storage, { text: openApi({ version: '1.0.0', paths, schemas: { Item: item } }) });
    }
    const refs = ['Item', 'Item@1.0.0', 'Item@1.0.0~2'];
    const types = await Promise.all(refs.map((ref) => storage.getGType(ref)));
    expect(types.map((type) => type?.primitiveType)).toEqual(['string', 'number', 'boolean']);
  });

  test('is kept when types that refer to each other in a circle did not change', async () => {
    const storage = createInMemoryStorage();
    const circle = (leaf: unknown): Record<string, unknown> => ({
      A: { type: 'object', properties: { b: { $ref: '#/components/schemas/B' } } },
      B: { type: 'object', properties: { a: { $ref: '#/components/schemas/A' }, leaf } },
      C: { type: 'object', properties: { c: { $ref: '#/components/schemas/C' } } },
    });
    const text = (leaf: unknown, version: string): string => openApi({ version, schemas: circle(leaf) });
    await importDocument(storage, { text: text(STRING, '1.0.0') });
    const same = await importDocument(storage, { text: text(STRING, '1.1.0') });
    expect(same).toMatchObject({ types: { added: [], changed: [], unchanged: 3 } });
    const changed = await importDocument(storage, { text: text(NUMBER, '2.0.0') });
    expect(changed.types).toMatchObject({ changed: ['A@2.0.0', 'B@2.0.0'], unchanged: 1 });
  });

  test('is kept when only a description changed, which is reported', async () => {
    const storage = createInMemoryStorage();
    const text = (description: string, version: string): string =>
      openApi({ version, schemas: { A: { ...STRING, description } } });
    await importDocument(storage, { text: text('Old.', '1.0.0') });
    const report = await importDocument(storage, { text: text('New.', '2.0.0') });
    expect(report).toMatchObject({ types: { added: [], changed: [], redescribed: ['A'] } });
    expect((await storage.getGType('A'))?.description).toBe('Old.');
  });
});

describe('handlers that a document does not have', () => {
  test('are reported and left alone, as they may belong to another API', async () => {
    const storage = createInMemoryStorage();
    await importDocument(storage, { text: reading(STRING) });
    const paths = { '/b': { get: { operationId: 'b', responses: ok(STRING) } } };
    const report = await importDocument(storage, { text: openApi({ paths }) });
    expect(report.otherHandlers).toEqual(['read']);
    expect((await storage.getVersionGraph('read'))?.versions[0]).toMatchObject({ active: true });
  });
});

describe('an import', () => {
  test('is one commit', async () => {
    const storage = createInMemoryStorage();
    const events = storage.watch({ after: 0 });
    await importAll(storage, [reading(STRING, undefined, '1.0.0'), reading(NUMBER, undefined, '2.0.0')]);
    const kinds = async (): Promise<unknown> =>
      (await events.next()).value?.changes.map((change: object) => ('put' in change ? change.put : change));
    expect(await kinds()).toEqual(['gtype', 'gtype', 'manifest', 'versionGraph', 'gtype']);
    expect(await kinds()).toEqual(['gtype', 'manifest', 'versionGraph', 'gtype']);
    expect((await storage.stats()).revision).toBe(2);
    await storage.close();
  });

  test('with dryRun reports the same and stores nothing', async () => {
    const storage = createInMemoryStorage();
    const before = await contents(storage);
    const source = { text: reading(STRING) };
    const dry = await importDocument(storage, source, { dryRun: true });
    expect(await contents(storage)).toEqual(before);
    const real = await importDocument(storage, source);
    expect(dry).toEqual({ ...real, dryRun: true, revision: null });
  });

  test('of the same document by many at once stores it once', async () => {
    const storage = createInMemoryStorage();
    const text = reading(STRING);
    const reports = await Promise.all(Array.from({ length: 5 }, () => importDocument(storage, { text })));
    expect(reports.filter(({ revision }) => revision !== null)).toHaveLength(1);
    expect((await storage.stats()).revision).toBe(1);
  });

  test('is planned anew when somebody else writes in between, so that no version is lost', async () => {
    const storage = createInMemoryStorage();
    await importDocument(storage, { text: reading(STRING, undefined, '1.0.0') });
    let interruptions = 0;
    const interrupted: ImportTarget = {
      entries: (filter) => storage.entries(filter),
      commit: async (changes, options) => {
        if (interruptions++ === 0) {
          await importDocument(storage, { text: reading(NUMBER, undefined, '2.0.0') });
        }
        return storage.commit(changes, options);
      },
    };
    const report = await importDocument(interrupted, {
      text: reading({ type: 'boolean' }, undefined, '3.0.0'),
    });
    expect(interruptions).toBe(2);
    expect(report.changed).toMatchObject([{ version: '3.0.0', parent: '2.0.0' }]);
    expect((await storage.getVersionGraph('read'))?.versions.map(({ version }) => version)).toEqual([
      '1.0.0',
      '2.0.0',
      '3.0.0',
    ]);
  });

  test('gives up with a conflict when it is always interrupted', async () => {
    const storage = createInMemoryStorage();
    let n = 0;
    const hostile: ImportTarget = {
      entries: (filter) => storage.entries(filter),
      commit: async (changes, options) => {
        await storage.storeVersionGraph({
          handlerId: 'read',
          versions: [],
          currentVersion: `${n++}`,
          latestVersion: '',
        });
        return storage.commit(changes, options);
      },
    };
    await expect(importDocument(hostile, { text: reading(STRING) })).rejects.toMatchObject({
      code: 'STORAGE_CONFLICT',
    });
    expect(await storage.getManifest('read')).toBeUndefined();
  });
});
