import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { documentsInFolder, importDocument, previewImports } from '@gati-framework/api-import';
import { createInMemoryStorage, type Storage } from '@gati-framework/manifest-store';
import { VersionRegistry } from 'gati-runtime-published/timescape/registry';
import { JSONTimelineStore } from 'gati-runtime-published/timescape/timeline-store';
import type { ChangeLogItem } from 'gati-runtime-published/timescape/types';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';

const MORNING = 1_700_000_000_000;
const FIRST = 'tsv:1700000000-users-001';
const SECOND = 'tsv:1700000060-users-002';

type Files = Readonly<Record<string, unknown>>;

/** The folder `.gati` of an application. */
function gatiFolder(files: Files): string {
  const folder = join(temporaryFolder(), '.gati');
  write(folder, files);
  return folder;
}

function write(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

function handler(name: string, route: string) {
  const relativePath = `handlers/${name}.ts`;
  const filePath = `/srv/app/src/${relativePath}`;
  return { filePath, relativePath, route, method: 'GET', exportName: 'handler', exportType: 'named' };
}

/** As `gatic generate:manifests` writes one file for each source. */
function own(name: string, route: string, timestamp: number) {
  const data = handler(name, route);
  return { filePath: data.filePath, type: 'handler', data, timestamp };
}

const app = (...handlers: unknown[]) => ({ handlers, modules: [], timestamp: MORNING });

/** What the runtime itself makes of two versions, a label and a deactivation. */
function registry(): VersionRegistry {
  const made = new VersionRegistry();
  made.registerVersion('/users/:id', FIRST, { hash: 'a', requestCount: 7, lastAccessed: MORNING });
  made.registerVersion('/users/:id', SECOND, { hash: 'b', requestCount: 0 });
  made.tagVersion(FIRST, 'stable', 'Ada');
  made.markCold(FIRST);
  made.register({ id: 'mailer', type: 'module', version: 'tsv:1700000000-mailer-001', hash: 'h' });
  return made;
}

async function importFolder(storage: Storage, folder: string) {
  const [source, ...others] = await documentsInFolder(folder);
  if (source === undefined || others.length > 0)
    throw new Error('A folder of an application is one document.');
  return await importDocument(storage, source);
}

describe('the folder .gati of an application', () => {
  test('is stored in one commit, and the same folder again changes nothing', async () => {
    const folder = gatiFolder({
      'manifests/_app.json': app(handler('users', '/users/:id')),
      'manifests/users.json': own('users', '/users/:id', MORNING),
      'timescape/registry.json': registry().serialize(),
    });
    const timeline = new JSONTimelineStore(join(folder, 'timeline.json'));
    const note: Omit<ChangeLogItem, 'id'> = {
      timestamp: 5,
      type: 'module',
      actor: 'Ada',
      payload: { a: 1 },
      parents: [],
    };
    await timeline.append({ ...note, id: 'tsv:1700000000-mailer-001' });
    await timeline.append({ ...note, id: 'tsv:1700000001-mailer-002', timestamp: 6 });

    const storage = createInMemoryStorage();
    const preview = await (await previewImports(storage))((await documentsInFolder(folder))[0] as never);
    const report = await importFolder(storage, folder);
    expect(report).toMatchObject({ revision: 1, timescape: { versions: 2, tags: 1, notes: 2 } });
    expect(preview.timescape).toEqual(report.timescape);
    expect(await storage.getManifest('users.handler')).toMatchObject({ path: '/users/:id' });
    expect(await storage.getVersionGraph('/users/:id')).toMatchObject({
      versions: [
        { version: FIRST, manifestHash: 'a', deployedAt: MORNING, active: false },
        { version: SECOND, manifestHash: 'b', active: true },
      ],
      currentVersion: SECOND,
      latestVersion: SECOND,
      tags: [{ label: 'stable', version: FIRST, createdBy: 'Ada' }],
    });
    expect(await storage.getTimescapeMetadata('/users/:id', FIRST)).toMatchObject({
      deployment: { status: 'decommissioned' },
      metrics: { requestCount: 7, lastUpdated: MORNING },
    });
    expect(await storage.getTimescapeMetadata('timescape:artifact/module', 'mailer')).toMatchObject({
      artifact: { version: 'tsv:1700000000-mailer-001' },
    });
    const again = await importFolder(storage, join(folder, 'manifests'));
    expect(again).toMatchObject({ revision: null, timescape: { versions: 0, tags: 0, notes: 0 } });
    expect((await storage.stats()).timescapeMetadataCount).toBe(4);
  });

  test('adds what is new, and takes nothing back that was changed in the store since', async () => {
    const storage = createInMemoryStorage();
    const made = registry();
    const folder = gatiFolder({ 'timescape/registry.json': made.serialize() });
    await importFolder(storage, folder);
    const graph = await storage.getVersionGraph('/users/:id');
    if (graph === undefined) throw new Error('There is no graph.');
    const moved = { label: 'stable', version: SECOND, createdAt: Date.now() + 60_000, createdBy: 'Grace' };
    await storage.storeVersionGraph({ ...graph, currentVersion: FIRST, tags: [moved] });

    expect(await importFolder(storage, folder)).toMatchObject({ revision: null });
    const third = 'tsv:1700000120-users-003';
    made.registerVersion('/users/:id', third, { hash: 'c' });
    made.tagVersion(third, 'nightly');
    write(folder, { 'timescape/registry.json': made.serialize() });
    expect(await importFolder(storage, folder)).toMatchObject({ timescape: { versions: 1, tags: 1 } });
    expect(await storage.getVersionGraph('/users/:id')).toMatchObject({
      currentVersion: third,
      tags: [moved, { label: 'nightly', version: third }],
    });
  });

  test('takes the file of a handler where that is newer than the whole', async () => {
    const folder = gatiFolder({
      'manifests/_app.json': app(handler('users', '/users'), handler('orders', '/orders')),
      'manifests/users.json': own('users', '/people', MORNING + 1),
      'manifests/gone.json': own('gone', '/gone', MORNING - 1),
      'manifests/new.json': own('new', '/new', MORNING + 2),
      'manifests/db.json': {
        filePath: '/x',
        type: 'module',
        data: { exportName: 'db' },
        timestamp: MORNING + 3,
      },
    });
    const storage = createInMemoryStorage();
    const report = await importFolder(storage, folder);
    const paths = report.added.map(({ handlerId, path }) => [handlerId, path]);
    expect(Object.fromEntries(paths)).toEqual({
      'users.handler': '/people',
      'orders.handler': '/orders',
      'new.handler': '/new',
    });
    expect(await storage.getManifest('new.handler')).toMatchObject({ createdAt: MORNING + 2 });
    write(folder, { 'timeline.db': 'of another runtime' });
    expect((await importFolder(storage, folder)).inexpressible).toContainEqual(
      expect.objectContaining({ keyword: 'timeline.db', effect: 'omission' }),
    );
  });

  const BAD: readonly [what: string, files: Files, place: string][] = [
    [
      'a version that is none',
      { 'timescape/registry.json': { handlers: { a: { versions: [{ tsv: 'v1' }] } } } },
      'timescape.registry.handlers.a.versions[0].tsv',
    ],
    [
      'counts that are none',
      { 'timescape/registry.json': { handlers: { a: { versions: [{ tsv: FIRST, requestCount: -1 }] } } } },
      'timescape.registry.handlers.a.versions[0].requestCount',
    ],
    ['a line that was cut', { 'timeline.json': '{"id":"x"' }, 'timeline.json:1'],
    ['a note of no type', { 'timeline.json': '{"id":"x","type":"y"}' }, 'timescape.timeline[0].type'],
    [
      'another file among the manifests',
      { 'manifests/_app.json': app(), 'manifests/x.json': { a: 1 } },
      'x.json',
    ],
    ['a registry that is no JSON', { 'timescape/registry.json': '{' }, 'registry.json'],
  ];

  test.each(BAD)('with %s is refused with the place, and nothing is stored', async (_, files, place) => {
    const storage = createInMemoryStorage();
    const refusal = await importFolder(storage, gatiFolder(files)).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'INVALID_DOCUMENT', path: place });
    expect((await storage.stats()).revision).toBe(0);
  });
});
