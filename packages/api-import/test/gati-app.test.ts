import { importDocument } from '@gati-framework/api-import';
import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { describe, expect, test } from 'vitest';
import { refusalOf } from './support/documents.js';

const MORNING = 1_700_000_000_000;

interface AppHandler {
  relativePath?: string;
  route?: unknown;
  method?: string;
  exportName?: string;
}

/** What `gatic generate:manifests` writes as `.gati/manifests/_app.json`. */
function app(handlers: readonly AppHandler[], timestamp: unknown = MORNING): string {
  return JSON.stringify({
    handlers: handlers.map(({ relativePath = 'handlers/users/[id].ts', ...handler }) => ({
      filePath: `/srv/app/src/${relativePath}`,
      relativePath,
      route: '/users/:id',
      method: 'GET',
      exportName: 'getUserHandler',
      exportType: 'named',
      ...handler,
    })),
    modules: [
      { filePath: '/srv/app/src/modules/db.ts', exportName: 'db', exportType: 'named', methods: ['query'] },
    ],
    timestamp,
  });
}

describe('the _app.json of a Gati application', () => {
  test('becomes one handler for each of its handlers, with types that accept anything', async () => {
    const storage = createInMemoryStorage();
    const handlers = [
      {},
      { relativePath: 'handlers\\health.js', route: '/health', exportName: 'healthHandler' },
    ];
    const report = await importDocument(storage, { text: app(handlers) });
    expect(report).toMatchObject({ revision: 1, operations: 2, schemas: 0, source: { format: 'gati-app' } });
    expect(await storage.getManifest('users.[id].getUserHandler')).toMatchObject({
      version: '1.0.0',
      path: '/users/:id',
      method: 'GET',
      gtypes: { request: '#any', response: '#any' },
      createdAt: MORNING,
    });
    expect(await storage.getManifest('health.healthHandler')).toMatchObject({ path: '/health' });
    expect(await storage.getGType('#any')).toBeDefined();
    expect(report.inexpressible).toEqual([
      { keyword: 'modules', effect: 'omission', count: 1, first: 'modules[0]' },
    ]);
  });

  test('changes nothing when it is imported again, also when it was generated again elsewhere', async () => {
    const storage = createInMemoryStorage();
    await importDocument(storage, { text: app([{}]) });
    const elsewhere = app([{}], MORNING + 1).replaceAll('/srv/app', '/home/me');
    expect(await importDocument(storage, { text: elsewhere })).toMatchObject({ revision: null });
  });

  test('counts the versions of each handler by itself', async () => {
    const storage = createInMemoryStorage();
    const other = { relativePath: 'handlers/other.ts' };
    await importDocument(storage, { text: app([{}, other]) });
    const report = await importDocument(storage, {
      text: app([{ route: '/people/:id' }, other], MORNING + 1),
    });
    expect(report.changed).toEqual([
      {
        handlerId: 'users.[id].getUserHandler',
        version: '2.0.0',
        parent: '1.0.0',
        method: 'GET',
        path: '/people/:id',
        breaking: true,
        verdict: 'breaking',
        differences: [
          {
            where: 'path',
            what: 'changed from /users/:id to /people/:id',
            breaking: true,
            verdict: 'breaking',
          },
        ],
      },
    ]);
    expect(report.unchanged).toEqual(['other.getUserHandler']);
  });

  test('that is older than what is stored is left alone if it was imported, and refused if not', async () => {
    const storage = createInMemoryStorage();
    await importDocument(storage, { text: app([{ route: '/one' }], MORNING) });
    await importDocument(storage, { text: app([{ route: '/two' }], MORNING + 10) });
    const again = await importDocument(storage, { text: app([{ route: '/one' }], MORNING) });
    expect(again.outdated).toEqual([
      { handlerId: 'users.[id].getUserHandler', version: '1.0.0', latest: '2.0.0' },
    ]);
    const error = await refusalOf(app([{ route: '/three' }], MORNING + 5), storage);
    expect(error).toMatchObject({ code: 'INVALID_DOCUMENT', path: 'timestamp' });
    const back = await importDocument(storage, { text: app([{ route: '/one' }], MORNING + 20) });
    expect(back.changed).toMatchObject([{ version: '3.0.0', parent: '2.0.0' }]);
  });

  const BAD: readonly [what: string, text: string, place: string][] = [
    ['handlers that are no list', '{"handlers": {}, "modules": [], "timestamp": 1}', 'handlers'],
    ['a handler without a route', app([{ route: undefined }]), 'handlers[0].route'],
    ['a handler with an empty method', app([{ method: '' }]), 'handlers[0].method'],
    ['a route that is no text', app([{ route: 1 }]), 'handlers[0].route'],
    ['the same handler twice', app([{}, {}]), 'handlers[1]'],
    ['a timestamp that is no number', app([{}], 'today'), 'timestamp'],
    ['a module that is no object', '{"handlers": [], "modules": [1]}', 'modules[0]'],
  ];

  test.each(BAD)('with %s is refused with the place', async (_, text, place) => {
    expect(await refusalOf(text)).toMatchObject({ code: 'INVALID_DOCUMENT', path: place });
  });
});
