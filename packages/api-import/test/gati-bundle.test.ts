import { join } from 'node:path';
import { importDocument } from '@gati-framework/api-import';
import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { describe, expect, test } from 'vitest';
import { refusalOf } from './support/documents.js';
import { bundle, bundleHandler, GENERATED, USER } from './support/gati-bundles.js';

const LATER = '2026-11-27T12:00:00.000Z';

describe('the manifest bundle of a Gati application', () => {
  test('as the framework generates it becomes versions with all that their handlers declare', async () => {
    const storage = createInMemoryStorage();
    const file = join(import.meta.dirname, 'support/manifest-bundle.json');
    const report = await importDocument(storage, { file });
    expect(report).toMatchObject({
      operations: 3,
      schemas: 3,
      source: { format: 'gati-bundle', api: 'people', title: 'people' },
    });
    expect(await storage.getManifest('users.ts.getUser')).toMatchObject({
      version: 'v1732186200123-0a1b2c3d',
      timescapeVersion: 'v1732186200123-0a1b2c3d',
      gtypes: { request: '#any', response: 'User' },
      hooks: { before: ['authenticate'], after: [], catch: [] },
      policies: { roles: ['admin', 'reader'], rateLimit: { limit: 100, window: 60_000 } },
      dependencies: { modules: ['db'], plugins: [] },
    });
    const omitted = report.inexpressible.filter(({ effect }) => effect === 'omission');
    expect(omitted.map(({ keyword, count }) => [keyword, count])).toEqual([
      ['validator custom', 2],
      ['modules', 1],
      ['transformers', 1],
      ['versionGraph.edges', 1],
    ]);
  });

  test('says of its schemas what the framework checks', async () => {
    const storage = createInMemoryStorage();
    const properties = {
      id: { kind: 'primitive', primitiveType: 'string', validators: [{ type: 'minLength', value: 2 }] },
      role: { kind: 'enum', values: ['a', 'b'] },
      nick: { kind: 'primitive', primitiveType: 'string', nullable: true, optional: true },
      gone: { kind: 'primitive', primitiveType: 'undefined' },
      tags: { kind: 'array', items: { kind: 'literal', value: 7 }, maxItems: 3 },
      both: { kind: 'intersection', types: [] },
    };
    const User = { kind: 'object', properties, required: ['id'], description: 'A user' };
    await importDocument(storage, { text: bundle({ schemas: { User } }) });
    expect(await storage.getGType('User')).toMatchObject({
      kind: 'object',
      description: 'A user',
      required: ['id'],
      properties: {
        id: { optional: false, type: { primitiveType: 'string', validators: [{ type: 'min', value: 2 }] } },
        role: { optional: true, type: { validators: [{ type: 'enum', value: ['a', 'b'] }] } },
        nick: { type: { kind: 'union', types: [{ primitiveType: 'string' }, { primitiveType: 'null' }] } },
        gone: { optional: true, type: { kind: 'union', types: [] } },
        tags: { type: { kind: 'array', items: { primitiveType: 'number' }, validators: [{ type: 'max' }] } },
        both: { type: { kind: 'intersection', types: [] } },
      },
    });
  });

  test('changes nothing when it is imported again, or was generated again from the same source', async () => {
    const storage = createInMemoryStorage();
    await importDocument(storage, { text: bundle() });
    expect((await storage.getManifest('users.ts.getUser'))?.createdAt).toBe(Date.parse(GENERATED));
    expect(await importDocument(storage, { text: bundle() })).toMatchObject({ revision: null });
    const again = {
      generated: LATER,
      handlers: [bundleHandler({ timescapeVersion: 'v1764244800000-0a1b2c3d' })],
    };
    const report = await importDocument(storage, { text: bundle(again) });
    expect(report.unchanged).toEqual(['users.ts.getUser']);
    expect(await storage.getAllManifestVersions('users.ts.getUser')).toHaveLength(1);
  });

  test('of another source is another version, and a schema that changed leaves the one of the older version', async () => {
    const storage = createInMemoryStorage();
    await importDocument(storage, { text: bundle() });
    const newer = bundle({
      generated: LATER,
      handlers: [
        bundleHandler({ timescapeVersion: 'v1764244800000-ffffffff', policies: { roles: ['root'] } }),
      ],
      schemas: { User: { ...USER, required: [] } },
    });
    const report = await importDocument(storage, { text: newer });
    expect(report.changed).toMatchObject([
      { version: 'v1764244800000-ffffffff', parent: 'v1764158400123-0a1b2c3d', verdict: 'breaking' },
    ]);
    expect(report.changed[0]?.differences.map(({ where, what }) => `${where} ${what}`)).toEqual([
      'policies no longer accept the role admin',
      'response.id is now optional',
      'policies now accept the role root, too',
      'policies no longer limit how often callers may call',
    ]);
    expect((await storage.getManifest('users.ts.getUser'))?.gtypes.response).toBe(`User@${LATER}`);
    expect((await storage.getGType('User'))?.required).toEqual(['id']);
  });

  test('that is older than what is stored changes nothing, or is refused', async () => {
    const storage = createInMemoryStorage();
    await importDocument(storage, { text: bundle() });
    const newer = {
      generated: LATER,
      handlers: [bundleHandler({ timescapeVersion: 'v1764244800000-ffffffff' })],
    };
    await importDocument(storage, { text: bundle(newer) });
    expect((await importDocument(storage, { text: bundle() })).outdated).toMatchObject([
      { version: 'v1764158400123-0a1b2c3d', latest: 'v1764244800000-ffffffff' },
    ]);
    const other = bundle({ handlers: [bundleHandler({ timescapeVersion: 'v1764158400124-eeeeeeee' })] });
    expect(await refusalOf(other, storage)).toMatchObject({ code: 'INVALID_DOCUMENT', path: 'generated' });
  });

  const good = bundle();
  test.each([
    ['was edited', good.replace('"/users/:id"', '"/users/:no"'), 'checksum'],
    ['has no checksum that is one', good.replace(/sha256:[0-9a-f]+/, ''), 'checksum'],
    ['names a property twice', good.replace('"handlers"', '"version": "1.0.0", "handlers"'), /^\d+:\d+$/],
    ['names a schema that is not there', bundle({ schemas: {} }), 'handlers[0].gtypes.response'],
    ['names a module that is not there', bundle({ modules: [] }), 'handlers[0].dependencies.modules[0]'],
    ['has a handler twice', bundle({ handlers: [bundleHandler(), bundleHandler()] }), 'handlers[1]'],
    [
      'has a rate limit that is none',
      bundle({ handlers: [bundleHandler({ policies: { rateLimit: { limit: 5, window: null } } })] }),
      'handlers[0].policies.rateLimit.window',
    ],
    [
      'has a version that no store can have',
      bundle({ handlers: [bundleHandler({ timescapeVersion: 'v\0' })] }),
      'handlers[0].timescapeVersion',
    ],
    ['has no time', bundle({ generated: 'yesterday' }), 'generated'],
    [
      'has a schema of an unknown kind',
      bundle({ schemas: { User: { kind: 'object', properties: { a: { $ref: 'User' } } } } }),
      'schemas.User.properties.a.kind',
    ],
    [
      'has a validator without its value',
      bundle({
        schemas: {
          User: { kind: 'primitive', primitiveType: 'string', validators: [{ type: 'pattern', value: {} }] },
        },
      }),
      'schemas.User.validators[0].value',
    ],
    ['has handlers that are no list', bundle({ handlers: { a: 1 } }), 'handlers'],
  ])('is refused when it %s', async (_, text, path) => {
    const storage = createInMemoryStorage();
    await expect(importDocument(storage, { text, name: 'b.json' })).rejects.toMatchObject({
      code: 'INVALID_DOCUMENT',
      path: typeof path === 'string' ? path : expect.stringMatching(path),
      details: { file: 'b.json' },
    });
    expect((await storage.stats()).revision).toBe(0);
  });
});
