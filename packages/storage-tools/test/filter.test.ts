import type { HandlerManifest, TimescapeMetadata } from '@gati-framework/manifest-store';
import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { expect, it } from 'vitest';
import { manifest } from '../../../test/support/records.js';
import { matchVersions, type VersionFilter } from '../src/filter/index.js';
import { readHandlers } from '../src/index.js';

type Status = TimescapeMetadata['deployment']['status'];

function timescape(handlerId: string, version: string, status: Status): TimescapeMetadata {
  return {
    handlerId,
    version,
    fingerprint: 'f',
    compatibility: { compatible: [], incompatible: [], transformable: [] },
    deployment: { strategy: 'rolling', status },
  };
}

function made(handlerId: string, version: string, more: Partial<HandlerManifest>): HandlerManifest {
  return { ...manifest(handlerId, version), createdAt: Number(version), ...more };
}

/** The versions that match, as `handler@version`. */
async function matches(filter: VersionFilter): Promise<string[]> {
  const storage = createInMemoryStorage();
  await storage.commit(
    [
      made('users.get', '1', { path: '/users/:id', method: ['GET', 'HEAD'], policies: { roles: ['admin'] } }),
      made('users.get', '2', { path: '/users/:id', policies: { roles: ['admin', 'support'] } }),
      made('users.list', '1', { path: '/users', dependencies: { modules: ['db'], plugins: ['cache'] } }),
      made('deep', '1', { path: '/users/:id/posts/:post', method: 'post' }),
      made('hidden', '1', { path: '/.well-known/gati' }),
      made('literal', '1', { path: '/a/[b]/(c)*' }),
    ].map((value) => ({ put: 'manifest', value })),
  );
  const node = { manifestHash: 'h', deployedAt: 0, active: true, breaking: false };
  await storage.storeVersionGraph({
    handlerId: 'graph only',
    currentVersion: '7',
    latestVersion: '7',
    versions: [{ version: '7', ...node }],
  });
  await storage.storeTimescapeMetadata(timescape('users.get', '1', 'decommissioned'));
  await storage.storeTimescapeMetadata(timescape('users.get', '2', 'active'));
  await storage.storeTimescapeMetadata(timescape('graph only', '7', 'active'));
  await storage.storeTimescapeMetadata(timescape('no such handler', '1', 'active'));
  const found = matchVersions(await readHandlers(storage), filter);
  return Array.from(found, ([{ handlerId }, versions]) =>
    versions.map((name) => `${handlerId}@${name}`),
  ).flat();
}

it.each<[VersionFilter, string[]]>([
  [{ path: '/users/*' }, ['users.get@1', 'users.get@2']],
  [{ path: '/users/**' }, ['deep@1', 'users.get@1', 'users.get@2', 'users.list@1']],
  [{ path: '/users/:id' }, ['users.get@1', 'users.get@2']],
  [{ path: '/*/gati' }, ['hidden@1']],
  [{ path: '!/users/**' }, ['hidden@1', 'literal@1']],
  [{ path: '/a/[b]/(c)*' }, ['literal@1']],
  [{ path: 'users' }, []],
  [{ method: 'post' }, ['deep@1']],
  [{ method: 'POST' }, ['deep@1']],
  [{ method: 'HEAD' }, ['users.get@1']],
  [{ role: 'support' }, ['users.get@2']],
  [{ role: 'Admin' }, []],
  [{ dependency: 'db' }, ['users.list@1']],
  [{ dependency: 'cache' }, ['users.list@1']],
  [{ status: 'active' }, ['graph only@7', 'users.get@2']],
  [{ status: 'decommissioned', role: 'admin' }, ['users.get@1']],
  [{ status: 'decommissioned', role: 'support' }, []],
  [{ status: 'active', path: '/**' }, ['users.get@2']],
  [{ path: '/users/**', method: 'GET', role: 'admin', status: 'active' }, ['users.get@2']],
])('%j matches %j', async (filter, versions) => {
  expect(await matches(filter)).toEqual(versions);
});

it.each([
  [{ path: '' }, 'filter.path'],
  [{ path: 'x'.repeat(70_000) }, 'filter.path'],
  [{ role: 7 }, 'filter.role'],
  [{ rolle: 'a' }, 'filter.rolle'],
])('a filter that cannot be understood is refused with its place', async (filter, path) => {
  await expect(matches(filter as VersionFilter)).rejects.toMatchObject({ code: 'INVALID_OPTIONS', path });
});
